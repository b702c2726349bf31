"""How a preset of a rendering is changed."""

from __future__ import annotations

import pytest

from xray_studio.core.volume.toning import DENSEST, WIDEST, Toning, fits
from xray_studio.core.volume.transfer import PRESETS, TransferPoint


def test_a_preset_is_moved_stretched_and_dimmed() -> None:
    bone = Toning.named("bone")
    assert bone.transfer == PRESETS["bone"]
    assert not bone.is_changed
    changed = bone.moved(50.0).stretched(2.0).dimmed(0.5)
    assert changed.is_changed
    middle = 825.0
    values = [point.value for point in changed.transfer.points]
    assert values == [middle + 2.0 * (p.value - middle) + 50.0 for p in PRESETS["bone"].points]
    assert changed.transfer.points[-1].opacity == pytest.approx(0.35)
    assert bone.stretched(99.0).width == WIDEST
    assert bone.dimmed(99.0).opacity == DENSEST


def test_points_that_were_edited_are_as_they_are() -> None:
    moved = Toning.named("bone").moved(100.0)
    edited = moved.edited(moved.transfer.without(1))
    assert edited.transfer == moved.transfer.without(1)
    assert (edited.level, edited.width, edited.name) == (0.0, 1.0, "bone")
    assert not edited.shaded(on=False).transfer.shaded


def test_presets_for_hounsfield_units_need_them() -> None:
    assert fits("bone", "HU")
    assert not fits("bone", "")
    assert fits("soft", "BQML")


def test_a_point_stays_between_its_neighbours() -> None:
    bone = PRESETS["bone"]
    point = bone.points[1]
    far = bone.with_point(1, TransferPoint(9999.0, 2.0, point.colour)).points[1]
    assert bone.points[1].value < far.value < bone.points[2].value
    assert far.opacity == 1.0
    low = bone.with_point(1, TransferPoint(-9999.0, -1.0, point.colour)).points[1]
    assert bone.points[0].value < low.value < point.value
    assert low.opacity == 0.0
    end = bone.with_point(0, TransferPoint(-5000.0, 0.0, point.colour))
    assert end.points[0].value == -5000.0


def test_points_come_and_go() -> None:
    bone = PRESETS["bone"]
    more = bone.with_more(350.0)
    assert more.points[2] == bone.look_of(350.0)
    assert more.look_of(300.0) == bone.look_of(300.0), "nothing looks different"
    assert bone.with_more(350.0, 0.9).points[2].opacity == 0.9
    assert bone.with_more(250.0) is bone
    assert more.without(2) == bone
    two = bone.without(1).without(1)
    assert two.without(0) is two
