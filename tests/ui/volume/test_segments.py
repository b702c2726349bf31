"""Segments over a volume on screen: painted, shown on every plane, undone, measured, kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import session_with, volume
from tests.volume.phantom import phantom
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.looking import WAYS, stack_of
from xray_studio.core.volume.planes import View as Plane
from xray_studio.services.segmenting.tools import Range
from xray_studio.services.volume.plane_clips import Planes
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session, lasting
from xray_studio.ui.undoing import Undoing, can_undo
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.kept import kept_for, unsaved
from xray_studio.ui.volume.look import changed, left, places_of
from xray_studio.ui.volume.painting import ERASE, PAINT, Painting
from xray_studio.ui.volume.seen import cut_of
from xray_studio.ui.volume.segment_commands import SegmentCommands, can_mark, is_open
from xray_studio.ui.volume.segment_layer import fineness, pixels_of, tables
from xray_studio.ui.volume.segment_work import axis_along, box_around

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that shows a volume of one moment."""
    yield from session_with(volume())


def painting_of(session: Session) -> Painting:
    """Return the segments on screen."""
    look = session.state.volume
    assert look is not None
    assert look.painting is not None
    return look.painting


def dab(session: Session, *, erase: bool = False) -> SegmentCommands:
    """Paint where the planes meet, on the axial plane."""
    commands, look = SegmentCommands(session), session.state.volume
    assert look is not None
    stack = look.stacks[Plane.AXIAL]
    plane = stack.plane(stack.nearest(look.aim.at))
    commands.stroke(plane, [look.aim.at], erase=erase)
    commands.end_stroke()
    return commands


def count(session: Session, number: int = 1) -> int:
    """Return the voxels of a segment."""
    return int(np.count_nonzero(painting_of(session).work.labels.values == number))


def test_a_brush_brings_a_segment_and_its_strokes_are_undone(session: Session) -> None:
    commands = SegmentCommands(session)
    assert can_mark(session.state)
    assert not is_open(session.state)
    commands.use_brush()
    assert session.state.tool == PAINT
    assert painting_of(session).told.segments[0].name == "Segment 1"
    commands.size(6.0)
    dab(session)
    marked = count(session)
    assert marked == 29, "the middles within 3 mm on one plane"
    assert painting_of(session).told.undo == "Paint"
    commands.undo()
    assert count(session) == 0
    commands.redo()
    assert count(session) == marked


def test_a_disc_stays_in_its_plane_and_a_ball_does_not(session: Session) -> None:
    commands = SegmentCommands(session)
    commands.use_brush()
    commands.handle(diameter=6.0)
    dab(session)
    values = painting_of(session).work.labels.values
    assert np.flatnonzero(values.any(axis=(1, 2))).size == 1
    commands.handle(ball=True)
    dab(session)
    assert np.flatnonzero(values.any(axis=(1, 2))).size == 3


def test_brushes_keep_to_a_range_and_erase_what_it_leaves_out(session: Session) -> None:
    commands = SegmentCommands(session)
    commands.use_brush()
    commands.handle(diameter=8.0, range=Range(-1e9, 1e9), within=True)
    dab(session)
    whole = count(session)
    commands.undo()
    look = session.state.volume
    assert look is not None
    column, row, at = np.rint(look.volume.geometry.indices([look.aim.at])[0]).astype(int)
    middle = float(look.volume.values[at, row, column])
    commands.handle(range=Range(middle, 1e9))
    dab(session)
    assert 0 < count(session) < whole
    dab(session, erase=True)
    assert count(session) == 0


def test_a_locked_segment_is_neither_painted_nor_removed(session: Session) -> None:
    commands = SegmentCommands(session)
    commands.use_brush()
    commands.lock(1, locked=True)
    dab(session)
    assert count(session) == 0
    assert not is_open(session.state)
    with pytest.raises(UsageError, match="locked"):
        commands.remove(1)


def test_segments_are_named_coloured_hidden_and_removed(session: Session) -> None:
    commands = SegmentCommands(session)
    commands.add()
    commands.add()
    assert painting_of(session).chosen == 2
    commands.rename(1, "Aorta")
    commands.call(1, "aorta")
    first = painting_of(session).told.segments[0]
    assert (first.name, first.code.meaning) == ("Aorta", "Aorta")
    commands.hide(1, hidden=True)
    assert painting_of(session).drawn.hidden == {1}
    commands.remove_chosen()
    assert [one.number for one in painting_of(session).told.segments] == [1]
    assert painting_of(session).chosen == 1
    commands.undo()
    assert len(painting_of(session).told.segments) == 2


def test_strokes_pass_and_their_ends_last(session: Session) -> None:
    commands = SegmentCommands(session)
    commands.use_brush()
    look = session.state.volume
    assert look is not None
    before = session.state
    commands.stroke(look.stacks[Plane.AXIAL].plane(5), [look.aim.at], erase=False)
    assert session.state.volume is not before.volume
    assert not lasting(before, session.state), "menus need not look at every move"
    commands.end_stroke()
    assert lasting(before, session.state)


def test_the_keys_of_undo_mean_segments_while_their_tool_is_in_hand(session: Session) -> None:
    assert not can_undo(session.state)
    SegmentCommands(session).use_brush()
    dab(session)
    assert can_undo(session.state)
    Undoing(session).undo()
    assert count(session) == 0
    session.update(tool="window")
    assert can_undo(session.state), "no mark was drawn"


def test_segments_stay_when_the_volume_is_left(session: Session) -> None:
    SegmentCommands(session).use_brush()
    dab(session)
    marked, look = count(session), session.state.volume
    assert look is not None
    session.update(**left(session.state))
    assert session.state.tool == "window"
    kept = kept_for(session.state, look.planes.key)
    assert kept is not None
    assert unsaved(session.state) == 1
    again = kept.over(volume())
    assert int(np.count_nonzero(again.work.labels.values)) == marked
    assert again.told.undo == "Paint"
    assert not again.told.saved


def test_labels_of_a_plane_are_drawn_with_their_borders() -> None:
    made = next(session_with(volume()))
    commands = SegmentCommands(made)
    commands.add()
    segments = painting_of(made).told.segments
    labels = np.zeros((6, 8), np.uint8)
    labels[1:5, 2:7] = 1
    areas, lines = tables(segments, frozenset(), 0.5)
    pixels = pixels_of(labels, areas, lines)
    assert pixels[0, 0] == 0
    assert pixels[1, 2] >> 24 == 255, "the border is whole"
    assert pixels[3, 4] >> 24 == 128, "the area lets the picture through"
    assert pixels_of(labels, areas, lines, 2).shape == (12, 16)
    hidden, _ = tables(segments, frozenset((1,)), 0.5)
    assert not pixels_of(labels, hidden, None).any()
    assert [fineness((300, 300), scale) for scale in (0.4, 1.2, 2.2, 9.0)] == [1, 1, 2, 3]
    assert fineness((1400, 1400), 3.0) == 1


# -- in the window


def over_axial(window: MainWindow, qtbot: QtBot) -> Viewport:
    """Show the series in view as a volume and return the viewport of its axial planes."""
    qtbot.waitUntil(lambda: window.session.view.clip is not None)
    window.commands["show_volume"].trigger()
    qtbot.waitUntil(lambda: window.session.state.volume is not None)
    places = places_of(window.session.state)
    viewport = window.stage.grid.cell(places[Plane.AXIAL.value]).viewport
    qtbot.waitUntil(lambda: viewport.answer is not None and viewport.answer.image is not None)
    return viewport


def drag(viewport: Viewport, *points: QPoint) -> None:
    """Draw with the left button."""
    QTest.mousePress(viewport, LEFT, NONE, points[0])
    for point in points[1:]:
        place = QPointF(point)
        move = QMouseEvent(
            QEvent.Type.MouseMove, place, viewport.mapToGlobal(place),
            Qt.MouseButton.NoButton, LEFT, NONE,
        )  # fmt: skip
        QApplication.sendEvent(viewport, move)
    QTest.mouseRelease(viewport, LEFT, NONE, points[-1])


def test_the_mouse_paints_and_the_wheel_with_alt_makes_brushes_larger(
    drive: Drive, tmp_path: Path, qtbot: QtBot
) -> None:
    write_series(tmp_path / "ct", phantom())

    def script(window: MainWindow) -> None:
        viewport = over_axial(window, qtbot)
        session, middle = window.session, viewport.rect().center()
        window.commands["segment_paint"].trigger()
        before = painting_of(session).hand.diameter
        turn = QWheelEvent(
            QPointF(middle), viewport.mapToGlobal(QPointF(middle)), QPoint(), QPoint(120, 0),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.AltModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(viewport, turn)
        assert painting_of(session).hand.diameter == pytest.approx(1.25 * before)
        drag(viewport, middle, middle + QPoint(15, 0), middle + QPoint(30, 10))
        painted = count(session)
        assert painted > 0
        assert session.state.volume is not None
        assert painting_of(session).told.undo == "Paint", "a stroke is one step"
        shown = viewport.grab().toImage().pixelColor(middle + QPoint(15, 0))
        assert shown.red() > shown.blue(), "the colour of the segment lies over the picture"
        qtbot.waitUntil(lambda: painting_of(session).measured == painting_of(session).version)
        assert painting_of(session).numbers[1].voxels == painted
        row = window.volume_panel.segments.rows.rows[1].row
        assert "mL" in row.accessibleName() or "mm³" in row.accessibleName()
        window.commands["hide_identity"].trigger()
        window.volumes.segments.commands.rename(1, "Oldmiller")
        rows = window.volume_panel.segments.rows
        assert rows.rows[1].row.text() == rows.chosen.name.text() == "Segment 1"
        rows.chosen.name.editingFinished.emit()
        assert painting_of(session).told.segments[0].name == "Oldmiller"
        window.commands["hide_identity"].trigger()
        assert window.volume_panel.segments.rows.rows[1].row.text() == "Oldmiller"
        window.commands["undo_segment"].trigger()
        window.commands["segment_erase"].trigger()
        assert session.state.tool == ERASE
        drag(viewport, middle, middle + QPoint(30, 10))
        assert count(session) < painted
        window.commands["undo_mark"].trigger()
        assert count(session) == painted
        window.close()
        assert window.isVisible(), "it asks first"
        assert window.stage.offers.offer is not None
        assert "not saved" in window.stage.offers.offer.sentence

    drive(script, tmp_path / "ct")


def test_ranges_and_regions_are_marked_by_jobs(drive: Drive, tmp_path: Path, qtbot: QtBot) -> None:
    write_series(tmp_path / "ct", phantom())

    def script(window: MainWindow) -> None:
        viewport = over_axial(window, qtbot)
        session, commands = window.session, window.volumes.segments.commands
        window.commands["add_segment"].trigger()
        values = painting_of(session).work.volume.at(0)
        high = float(np.percentile(values, 90))
        commands.handle(range=Range(high, float(values.max())))
        window.commands["mark_range"].trigger()
        qtbot.waitUntil(lambda: not painting_of(session).busy)
        assert count(session) == int(np.count_nonzero(values >= high))
        window.commands["undo_segment"].trigger()
        commands.handle(tolerance=1e9)
        window.commands["segment_grow"].trigger()
        QTest.mouseClick(viewport, LEFT, NONE, viewport.rect().center())
        qtbot.waitUntil(lambda: count(session) > 0 and not painting_of(session).busy)
        assert count(session) == values.size, "every value is near enough"

    drive(script, tmp_path / "ct")


def test_volumes_opened_again_have_their_segments(
    drive: Drive, tmp_path: Path, qtbot: QtBot
) -> None:
    write_series(tmp_path / "ct", phantom())

    def script(window: MainWindow) -> None:
        over_axial(window, qtbot)
        window.commands["segment_paint"].trigger()
        dab(window.session)
        marked = count(window.session)
        told: list[str] = []
        window.volumes.segments.told.connect(lambda words, _role: told.append(words))
        window.commands["show_volume"].trigger()
        assert window.session.state.volume is None
        assert len(window.session.state.painted) == 1
        assert "stay until the window closes" in told[0]
        over_axial(window, qtbot)
        assert count(window.session) == marked
        assert not window.session.state.painted

    drive(script, tmp_path / "ct")


def test_an_oblique_plane_is_cut_where_its_picture_is(session: Session) -> None:
    commands = SegmentCommands(session)
    commands.use_brush()
    look = session.state.volume
    assert look is not None
    turned = replace(look, aim=look.aim.turned(Plane.AXIAL, 30.0)).with_stacks()
    clip = turned.clip(Plane.CORONAL)
    stack = stack_of(look.volume.geometry, turned.aim, Plane.CORONAL, look.slab)
    assert cut_of(clip, 3) == stack.plane(3)


def test_moments_share_segments_and_have_values_of_their_own() -> None:
    for session in session_with(volume(3)):
        commands = SegmentCommands(session)
        commands.use_brush()
        dab(session)
        marked = count(session)
        VolumeCommands(session).set_moment(2)
        assert count(session) == marked
        work = commands.work
        assert work is not None
        assert np.array_equal(work.volume.values, volume(3).at(2))


def test_slices_are_filled_as_the_plane_in_view_runs() -> None:
    grid = volume().geometry
    axes = [axis_along(grid, WAYS[plane].normal) for plane in Plane]
    assert axes == ["planes", "rows", "columns"]
    turned = replace(grid, affine=grid.affine[:, [2, 0, 1, 3]], shape=(20, 16, 12))
    assert [axis_along(turned, WAYS[plane].normal) for plane in Plane] == [
        "columns", "planes", "rows",
    ]  # fmt: skip


def test_a_box_around_the_cross_is_as_large_as_asked() -> None:
    grid = volume().geometry
    assert box_around(grid, (0.5, 0.5, 0.0), 0.0) is None
    box = box_around(grid, (0.5, 0.5, 1.25), 5.0)
    assert box is not None
    assert box.shape == (5, 11, 11), "5 mm to every side"
    corner = box_around(grid, (-7.5, -9.5, -13.75), 5.0)
    assert corner is not None
    assert (corner.low, corner.high) == ((0, 0, 0), (3, 6, 6))


def test_a_job_that_is_stopped_has_marked_nothing(
    drive: Drive, tmp_path: Path, qtbot: QtBot
) -> None:
    write_series(tmp_path / "ct", phantom())

    def endless() -> Job[bool]:
        while True:
            yield Progress(message="Looking")

    def script(window: MainWindow) -> None:
        over_axial(window, qtbot)
        session, work = window.session, window.volumes.segments
        window.commands["segment_paint"].trigger()
        work.begin("Looking", endless(), lambda _found: None)
        assert painting_of(session).busy == "Looking"
        assert not window.commands["mark_range"].isEnabled()
        dab(session)
        assert count(session) == 0, "nothing else changes voxels meanwhile"
        (task,) = [task for task in window.runner.tasks if task.title == "Looking"]
        window.runner.cancel(task)
        qtbot.waitUntil(lambda: not painting_of(session).busy)
        dab(session)
        assert count(session) > 0

    drive(script, tmp_path / "ct")


def test_filtered_volumes_keep_their_segments_as_long_as_the_grid_holds(session: Session) -> None:
    SegmentCommands(session).use_brush()
    dab(session)
    marked, look = count(session), session.state.volume
    assert look is not None
    volume_shown = look.volume
    brighter = Planes(replace(volume_shown, values=volume_shown.values + 100))
    session.update(**changed(session.state, replace(look, planes=brighter, source=look.planes)))
    assert count(session) == marked
    work = SegmentCommands(session).work
    assert work is not None
    assert work.volume.values.min() == 100, "tools work on the values on screen"
    coarse = from_axes((6, 20, 16), (-7.5, -9.5, -12.5), np.eye(3), (1.0, 1.0, 5.0))
    fewer = Planes(replace(volume_shown, values=volume_shown.values[::2], geometry=coarse))
    now = session.state.volume
    assert now is not None
    session.update(**changed(session.state, replace(now, planes=fewer)))
    assert session.state.volume is not None
    assert session.state.volume.painting is None
    assert unsaved(session.state) == 1
    session.update(**changed(session.state, replace(session.state.volume, planes=look.planes)))
    assert count(session) == marked, "as opened, they are back"
    assert not session.state.painted
    for planes in (brighter, fewer):
        planes.close()
