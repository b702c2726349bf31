"""A curve through a volume in the window: its points, the plane along it, true millimetres."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import volume
from xray_studio.core.errors import UsageError
from xray_studio.core.volume.curve import Bending, curve_length
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.volume.curve import CURVED, TURNS, Curve, planes_along, same_plane
from xray_studio.ui.volume.curve_commands import CurveCommands, curve_of
from xray_studio.ui.volume.look import RENDERING, places_of

BENT = ((-5.5, -6.5, -10.0), (0.5, 0.5, 0.0), (4.5, 6.5, 10.0))


def test_points_are_added_moved_and_taken_away() -> None:
    curve = Curve().added(BENT[0]).added(BENT[1])
    assert (curve.points, curve.chosen, curve.leads) == (BENT[:2], 1, True)
    curve = curve.moved(0, BENT[2])
    assert (curve.points, curve.chosen) == ((BENT[2], BENT[1]), 0)
    assert curve.without(0).points == BENT[1:2]
    assert not curve.without(0).leads
    assert same_plane(curve, replace(curve, chosen=None))
    assert not same_plane(curve, replace(curve, width=10.0))


def test_straightened_planes_go_all_around_and_a_stretched_one_hangs_freely() -> None:
    planes = planes_along(Curve(BENT), volume())
    assert len(planes) == TURNS
    assert [plane.turn for plane in planes[:3]] == [0.0, 10.0, 20.0]
    (hanging,) = planes_along(Curve(BENT, bending=Bending.STRETCHED), volume())
    assert hanging.direction == (1.0, 0.0, 0.0), "the axis that it goes along least"
    there_and_back = tuple((10.0 * np.sin(a), 10.0 * np.cos(a), 0.0) for a in np.arange(0, 6, 0.5))
    (hanging,) = planes_along(Curve(there_and_back, bending=Bending.STRETCHED), volume())
    assert hanging.direction == (0.0, 0.0, -1.0)
    with pytest.raises(UsageError):
        planes_along(Curve(BENT[:1] * 2, bending=Bending.STRETCHED), volume())


def test_the_window_shows_the_plane_along_the_curve(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write_series(tmp_path / "ct", replace(volume(), values=volume().values.astype("i2")))

    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: session.view.clip is not None and not session.state.scanning)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        places = places_of(session.state)
        commands = CurveCommands(session)
        assert not window.commands["curved_plane"].isEnabled()
        for point in BENT:
            commands.add(point)
        qtbot.waitUntil(lambda: CURVED in places_of(session.state))
        assert places_of(session.state)[CURVED] == places[RENDERING]
        view = session.state.views[places[RENDERING]]
        assert view.clip is not None
        assert view.clip.processed == ("CURVED",)
        assert len(view.clip) == TURNS
        across = view.clip.acquisition.pixel_spacing
        assert across is not None
        assert (view.clip.columns - 1) * across[1] == pytest.approx(curve_length(BENT), abs=1.0)
        axial = session.state.views[places["axial"]]
        assert view.presentation.voi == axial.presentation.voi
        commands.turn_to(9)
        assert session.state.views[places[RENDERING]].frame == 9
        commands.set_width(30.0)
        qtbot.waitUntil(lambda: session.state.views[places[RENDERING]].clip is not view.clip)
        assert session.state.views[places[RENDERING]].frame == 9, "the turn stays"
        commands.set_bending(Bending.STRETCHED)
        qtbot.waitUntil(lambda: len(session.state.views[places[RENDERING]].clip or ()) == 1)
        window.commands["curved_plane"].trigger()
        assert RENDERING in places_of(session.state)
        assert window.commands["curved_plane"].isEnabled()
        window.commands["curved_plane"].trigger()
        qtbot.waitUntil(lambda: CURVED in places_of(session.state))
        window.commands["clear_curve"].trigger()
        assert RENDERING in places_of(session.state)

    drive(script, tmp_path / "ct")


def test_points_are_set_and_dragged_on_planes(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", replace(volume(), values=volume().values.astype("i2")))

    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: session.view.clip is not None and not session.state.scanning)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        viewport = window.stage.grid.cell(places_of(session.state)["axial"]).viewport
        qtbot.waitUntil(lambda: viewport.answer is not None and viewport.answer.image is not None)
        window.commands["curve_tool"].trigger()
        middle, left = viewport.rect().center(), Qt.MouseButton.LeftButton
        for place in (middle, middle + QPoint(40, 10)):
            QTest.mouseClick(viewport, left, pos=place)
        first, second = curve_of(session.state).points
        look = session.state.volume
        assert look is not None
        assert first[2] == second[2] == pytest.approx(look.aim.at[2]), "in the plane"
        assert second[0] > first[0], "the patient's left is at the right"
        QTest.mousePress(viewport, left, pos=middle)
        QTest.mouseMove(viewport, middle - QPoint(30, 0))
        QTest.mouseRelease(viewport, left, pos=middle - QPoint(30, 0))
        moved = curve_of(session.state).points
        assert len(moved) == 2
        assert moved[1] == second
        assert moved[0][0] < first[0]
        QTest.keyClick(viewport, Qt.Key.Key_Delete)
        assert curve_of(session.state).points == (second,)

    drive(script, tmp_path / "ct")
