"""Three planes of a volume: linked where they meet, turned, thick, played; the grid of before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import session_with, volume
from tests.volume.phantom import phantom
from xray_studio.core.job import finished
from xray_studio.core.measure.mark import spot_of
from xray_studio.core.volume.planes import Projection
from xray_studio.core.volume.planes import View as Plane
from xray_studio.services.volume.parts import Part
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.view import View
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.look import left, places_of


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that shows a volume of one moment."""
    yield from session_with(volume())


@pytest.fixture
def moving() -> Iterator[Session]:
    """A session that shows a volume of five moments."""
    yield from session_with(volume(5))


def at(session: Session, plane: Plane) -> View:
    """Return the view of a plane."""
    return session.state.views[places_of(session.state)[plane.value]]


def aimed(session: Session) -> tuple[float, float, float]:
    """Return where planes meet."""
    look = session.state.volume
    assert look is not None
    return look.aim.at


def test_each_plane_is_a_series_of_its_own(session: Session) -> None:
    views = [at(session, plane) for plane in Plane]
    assert [len(view.clip or ()) for view in views] == [12, 20, 16]
    assert len({view.series.identity for view in views if view.series}) == 3
    spots = {spot_of(view.clip, 3) for view in views if view.clip}
    assert len(spots) == 3, "a mark on one plane lies on no other"
    assert {view.clip.acquisition.study_instance_uid for view in views if view.clip} == {"1.2.3.4"}


def test_planes_show_voxels_as_they_are(session: Session) -> None:
    values = volume().values
    axial, coronal, sagittal = (at(session, plane).clip for plane in Plane)
    assert axial is not None
    assert coronal is not None
    assert sagittal is not None
    assert np.array_equal(axial[4], values[4])
    assert np.array_equal(coronal[7], values[::-1, 7, :]), "seen from the front, head up"
    assert np.array_equal(sagittal[5], values[::-1, :, 10]), "seen from the left"


def test_scrolling_one_plane_moves_where_they_meet(session: Session) -> None:
    before = np.asarray(aimed(session))
    place = places_of(session.state)[Plane.AXIAL.value]
    session.update_at(place, frame=at(session, Plane.AXIAL).frame + 2)
    assert np.asarray(aimed(session)) - before == pytest.approx((0.0, 0.0, 5.0))
    assert at(session, Plane.CORONAL).frame == at(session, Plane.CORONAL).frame


def test_aiming_scrolls_every_plane(session: Session) -> None:
    VolumeCommands(session).aim_at((3.6, -2.4, 6.0))
    assert aimed(session) == pytest.approx((3.5, -2.5, 6.25)), "the nearest voxel"
    look = session.state.volume
    assert look is not None
    for plane in Plane:
        assert at(session, plane).frame == look.stacks[plane].nearest(aimed(session))
    VolumeCommands(session).aim_at((1e5, 0.0, 0.0))
    assert aimed(session)[0] == pytest.approx(7.5), "the edge of the volume"


def test_turning_cuts_the_other_planes_anew(session: Session) -> None:
    VolumeCommands(session).aim_at((2.5, 1.5, 1.25))
    axial, coronal, here = at(session, Plane.AXIAL), at(session, Plane.CORONAL), aimed(session)
    VolumeCommands(session).turn(Plane.AXIAL, 20.0)
    assert at(session, Plane.AXIAL).clip is axial.clip
    assert at(session, Plane.CORONAL).clip is not coronal.clip
    assert aimed(session) == here
    clip = at(session, Plane.CORONAL).clip
    assert clip is not None
    assert clip.processed == ("OBLIQUE",)
    assert clip.orientation.right == "LP"
    VolumeCommands(session).straighten()
    clip = at(session, Plane.CORONAL).clip
    assert clip is not None
    assert clip.processed == ("MPR",)


def test_the_point_stays_where_it_is_on_screen_while_planes_turn(session: Session) -> None:
    place = places_of(session.state)[Plane.CORONAL.value]
    shown = replace(session.state.views[place].presentation, zoom=2.0, pan=(4.0, -3.0))
    session.update_at(place, presentation=shown)
    VolumeCommands(session).aim_at((5.5, 3.5, -6.25))
    before = on_screen(session)
    VolumeCommands(session).turn(Plane.AXIAL, 33.0)
    VolumeCommands(session).turn(Plane.SAGITTAL, -12.0)
    assert on_screen(session) == pytest.approx(before)


def on_screen(session: Session) -> tuple[float, float]:
    """Return where the point lies on screen in the coronal view, from the middle."""
    view, look = at(session, Plane.CORONAL), session.state.volume
    assert look is not None
    assert view.clip is not None
    column, row, _ = look.stacks[Plane.CORONAL].first.pixel(look.aim.at)
    zoom = view.presentation.zoom or 1.0
    x = column - (view.clip.columns - 1) / 2
    y = (row - (view.clip.rows - 1) / 2) * view.clip.pixel_aspect
    pan = view.presentation.pan
    return (x + pan[0]) * zoom, (y + pan[1]) * zoom


def test_slabs_say_how_thick_they_are(session: Session) -> None:
    commands = VolumeCommands(session)
    commands.set_thickness(5.0)
    commands.set_projection(Projection.MEAN)
    clip = at(session, Plane.AXIAL).clip
    assert clip is not None
    assert clip.processed == ("MPR", "MEAN 5 mm")
    commands.thicken(-9.0)
    clip = at(session, Plane.AXIAL).clip
    assert clip is not None
    assert clip.processed == ("MPR",)


def test_slabs_are_no_thicker_than_the_volume(session: Session) -> None:
    VolumeCommands(session).set_thickness(1e6)
    look = session.state.volume
    assert look is not None
    assert 30.0 < look.slab.thickness < 70.0, "15 x 19 x 27.5 mm between the middles of voxels"


def test_moments_are_stepped_and_played(moving: Session) -> None:
    commands = VolumeCommands(moving)
    commands.step_moment(-1)
    look = moving.state.volume
    assert look is not None
    assert look.moment == 4
    commands.toggle_by_time()
    views = [at(moving, plane) for plane in Plane]
    assert [len(view.clip or ()) for view in views] == [5, 5, 5]
    assert views[0].clip is not None
    assert views[0].clip.timing.times == (0.0, 2.0, 4.0, 6.0, 8.0)
    moving.update_at(places_of(moving.state)[Plane.SAGITTAL.value], frame=1)
    assert {at(moving, plane).frame for plane in Plane} == {1}
    commands.aim_at((2.5, 1.5, 1.25))
    assert {at(moving, plane).frame for plane in Plane} == {1}
    assert aimed(moving) == pytest.approx((2.5, 1.5, 1.25))
    commands.toggle_by_time()
    assert at(moving, Plane.AXIAL).clip is not None
    assert len(at(moving, Plane.AXIAL).clip or ()) == 12


def test_leaving_brings_the_grid_back(session: Session) -> None:
    look = session.state.volume
    assert look is not None
    session.update(**left(session.state))
    state = session.state
    assert (state.volume, state.tool, state.active) == (None, "window", 1)
    assert state.layout == look.before.layout


def test_a_volume_that_is_on_no_viewport_any_more_is_let_go(session: Session) -> None:
    session.update(views=tuple(View() for _ in session.state.views))
    assert session.state.volume is None


def test_the_window_shows_planes_and_follows_the_mouse(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write_series(tmp_path / "ct", phantom("int16"))

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: window.session.state.volume is not None)
        places = places_of(window.session.state)
        viewport = window.stage.grid.cell(places[Plane.AXIAL.value]).viewport
        qtbot.waitUntil(lambda: viewport.answer is not None)
        before = aimed(window.session)
        middle = viewport.rect().center()
        left_button = Qt.MouseButton.LeftButton
        QTest.mousePress(viewport, left_button, pos=middle + QPoint(30, 20))
        QTest.mouseRelease(viewport, left_button, pos=middle + QPoint(30, 20))
        after = aimed(window.session)
        assert after[0] > before[0], "the patient's left is at the right"
        assert after[1] > before[1], "the back is below"
        assert after[2] == pytest.approx(before[2])
        window.commands["show_volume"].trigger()
        assert window.session.state.volume is None
        assert window.session.view.clip is not None

    drive(script, tmp_path / "ct")


def test_of_several_volumes_in_a_series_one_is_chosen(
    qtbot: QtBot, drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = phantom("int16")
    write_series(tmp_path / "ct", made)
    each = [Part(name, "DICOM", made.values.shape, lambda: finished(made)) for name in ("T1", "T2")]
    monkeypatch.setattr("xray_studio.ui.volume.work.found_parts", lambda _: finished(each))

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        offered = [one for one in menu.actions() if one.text()]
        assert [one.text() for one in offered] == ["T1, 13 x 11 x 7", "T2, 13 x 11 x 7"]
        offered[1].trigger()
        menu.close()
        qtbot.waitUntil(lambda: window.session.state.volume is not None)

    drive(script, tmp_path / "ct")
