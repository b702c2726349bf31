"""Measuring in a viewport with the mouse: drawing, pulling, choosing, on its own image alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.ui.viewer.events import LEFT, PLAIN, _move, drag, hover
from tests.ui.viewer.fakes import MemorySource, make_clip, make_session
from tests.ui.viewer.test_tools import grey
from tests.ui.viewer.test_viewport import give, show
from xray_studio.core.measure.mark import Kind, handles
from xray_studio.core.measure.words import REFUSED
from xray_studio.ui.mark_state import chosen_mark, rows_of
from xray_studio.ui.viewer.geometry import place, to_screen

OBJECT = {"objects": (("1.2.3", 4),), "paths": ("/a.dcm",)}


def clip_of(frames: int = 4, **parts: object):
    clip = make_clip(MemorySource(frames=frames, rows=40, columns=60))
    made = replace(clip.acquisition, pixel_spacing=(0.5, 0.5), spacing_meaning="detector")
    usual = {"acquisition": made, "objects": (("1.2.3", frames),), "paths": ("/a.dcm",)}
    return replace(clip, **(usual | parts))


@pytest.fixture
def session(qtbot):
    return make_session(clip_of())


@pytest.fixture
def viewport(qtbot, session):
    return show(qtbot, session)


def screen(viewport, session, point: tuple[float, float]) -> QPoint:
    """Return where a point of the frame lies in the viewport."""
    clip, how = session.view.clip, session.view.presentation
    box = place(clip, how, viewport.view_size()).box
    x, y = to_screen(point[0] / clip.columns, point[1] / clip.rows, how)
    return QPoint(round(box.left + x * box.width), round(box.top + y * box.height))


def draw(viewport, session, kind: Kind, one: tuple[float, float], other: tuple[float, float]):
    session.update(tool=kind.value)
    ends = (screen(viewport, session, point) for point in (one, other))
    drag(viewport, *[(at.x(), at.y()) for at in ends])
    return session.state.marks.each[-1]


@pytest.mark.parametrize(
    "turn", [{}, {"rotation": 90}, {"rotation": 180, "flip_horizontal": True}, {"zoom": 9.0}]
)
def test_a_length_is_drawn_where_the_pointer_was(qtbot, session, turn):
    session.update_presentation(**turn)
    viewport = show(qtbot, session)
    mark = draw(viewport, session, Kind.LENGTH, (25.0, 15.0), (35.0, 22.0))
    scale = place(session.view.clip, session.view.presentation, viewport.view_size()).scale
    assert np.array(mark.points) == pytest.approx(
        np.array(((25.0, 15.0), (35.0, 22.0))), abs=1.1 / scale
    )
    assert mark.spot.uid == "1.2.3"
    assert chosen_mark(session.state) is mark
    (row,) = rows_of(session.state)
    assert row.values.size == pytest.approx(0.5 * np.hypot(10, 7), abs=0.6 / scale)
    assert row.values.scale.where == "at the detector"


def test_clicks_draw_as_well_as_a_drag(session, viewport):
    session.update(tool="length")
    for point in ((10.0, 10.0), (20.0, 10.0)):
        QTest.mouseClick(viewport, LEFT, PLAIN, screen(viewport, session, point))
        hover(viewport, 300, 200)
    assert len(session.state.marks) == 1
    assert not viewport.tools.marking.active


def test_an_angle_takes_three_points(session, viewport):
    session.update(tool="angle")
    a, b, c = (screen(viewport, session, p) for p in ((30.0, 10.0), (10.0, 10.0), (10.0, 30.0)))
    drag(viewport, (a.x(), a.y()), (b.x(), b.y()))
    assert viewport.tools.marking.active
    hover(viewport, c.x(), c.y() - 30)
    viewport.grab()  # the second leg follows the pointer
    QTest.mouseClick(viewport, LEFT, PLAIN, c)
    (row,) = rows_of(session.state)
    assert row.values.size == pytest.approx(90.0, abs=0.5)


def test_an_ellipse_needs_two_sides(session, viewport):
    session.update(tool="ellipse")
    drag(viewport, (200, 200), (300, 200))
    assert len(session.state.marks) == 0
    drag(viewport, (200, 200), (300, 260))
    assert session.state.marks.each[0].kind is Kind.ELLIPSE


def outline(viewport, session, *points: tuple[float, float]) -> list[QPoint]:
    """Take the tool and return where points of the frame lie."""
    session.update(tool="outline")
    return [screen(viewport, session, point) for point in points]


def test_an_outline_is_drawn_by_hand(session, viewport):
    turns = np.linspace(0.1, 2 * np.pi - 0.1, 60)
    drawn = [(30.0 + 10 * np.cos(turn), 20.0 + 10 * np.sin(turn)) for turn in turns]
    places = outline(viewport, session, *drawn)
    QTest.mousePress(viewport, LEFT, PLAIN, places[0])
    for at in places[1:]:
        _move(viewport, at, LEFT, PLAIN)
    assert viewport.tools.marking.active
    viewport.grab()
    QTest.mouseRelease(viewport, LEFT, PLAIN, places[-1])
    assert not viewport.tools.marking.active
    (row,) = rows_of(session.state)
    assert row.mark.kind is Kind.OUTLINE
    assert 8 <= len(row.mark.points) < 50
    assert row.values.size == pytest.approx(np.pi * 100 * 0.25, rel=0.05)


@pytest.mark.parametrize("end", ["first corner", "double click", "Enter"])
def test_an_outline_is_drawn_corner_by_corner(session, viewport, end):
    corners = ((10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0))
    places = outline(viewport, session, *corners)
    for at in places:
        QTest.mouseClick(viewport, LEFT, PLAIN, at)
        hover(viewport, at.x() + 2, at.y() + 30)
    assert viewport.tools.marking.active
    if end == "first corner":
        QTest.mouseClick(viewport, LEFT, PLAIN, places[0])
    elif end == "double click":
        QTest.mouseDClick(viewport, LEFT, PLAIN, places[-1])
    else:
        QTest.keyClick(viewport, Qt.Key.Key_Return)
    assert not viewport.tools.marking.active
    (row,) = rows_of(session.state)
    assert np.array(row.mark.points) == pytest.approx(np.array(corners), abs=0.3)
    assert row.values.size == pytest.approx(100.0, rel=0.05)


def test_an_outline_needs_an_area_and_can_be_given_up(session, viewport):
    a, b = outline(viewport, session, (10.0, 10.0), (30.0, 10.0))
    for at in (a, b):
        QTest.mouseClick(viewport, LEFT, PLAIN, at)
    QTest.keyClick(viewport, Qt.Key.Key_Return)
    assert viewport.tools.marking.active
    QTest.keyClick(viewport, Qt.Key.Key_Escape)
    assert not viewport.tools.marking.active
    assert len(session.state.marks) == 0


def test_words_are_typed_on_the_picture(session, viewport):
    session.update(tool="text")
    QTest.mouseClick(viewport, LEFT, PLAIN, QPoint(300, 200))
    assert viewport.entry.isVisible()
    QTest.keyClicks(viewport.entry, "Clip")
    QTest.keyClick(viewport.entry, Qt.Key.Key_Return)
    (mark,) = session.state.marks.each
    assert (mark.text, mark.kind) == ("Clip", Kind.TEXT)
    QTest.mouseDClick(viewport, LEFT, PLAIN, screen(viewport, session, mark.points[0]))
    viewport.entry.setText("Clamp")
    QTest.keyClick(viewport.entry, Qt.Key.Key_Return)
    assert session.state.marks.each[0].text == "Clamp"
    QTest.mouseClick(viewport, LEFT, PLAIN, QPoint(200, 120))
    QTest.keyClicks(viewport.entry, "no")
    QTest.keyClick(viewport.entry, Qt.Key.Key_Escape)
    assert len(session.state.marks) == 1


def test_handle_and_whole_are_pulled_and_undone(session, viewport):
    mark = draw(viewport, session, Kind.LENGTH, (10.0, 10.0), (30.0, 10.0))
    session.update(tool="window")
    viewport.grab()
    start, end = (screen(viewport, session, p) for p in (handles(mark)[1], (30.0, 20.0)))
    drag(viewport, (start.x(), start.y()), (end.x(), end.y()))
    pulled = session.state.marks.each[0]
    assert pulled.points[0] == mark.points[0]
    assert pulled.points[1] == pytest.approx((30.0, 20.0), abs=0.2)
    middle = screen(viewport, session, (20.0, 15.0))
    drag(viewport, (middle.x(), middle.y()), (middle.x() + 40, middle.y()))
    moved = session.state.marks.each[0]
    ways = np.subtract(moved.points, pulled.points)
    assert ways[0] == pytest.approx(ways[1])
    assert ways[0][0] > 1.0
    images = frozenset((mark.image,))
    undone = session.state.marks.undone(images)
    assert undone.each == (pulled,)
    assert undone.undone(images).each == (mark,)


def test_beside_a_mark_the_window_is_dragged(session, viewport):
    draw(viewport, session, Kind.LENGTH, (5.0, 5.0), (10.0, 5.0))
    session.update(tool="window")
    before = session.view.presentation.voi
    drag(viewport, (400, 300), (440, 330))
    assert session.view.presentation.voi != before
    assert session.state.marks.chosen == 0


def test_esc_gives_up_and_del_takes_away(session, viewport):
    session.update(tool="length")
    QTest.mousePress(viewport, LEFT, PLAIN, QPoint(200, 200))
    _move(viewport, QPoint(300, 220), LEFT, PLAIN)
    QTest.keyClick(viewport, Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, LEFT, PLAIN, QPoint(300, 220))
    assert len(session.state.marks) == 0
    mark = draw(viewport, session, Kind.LENGTH, (10.0, 10.0), (30.0, 10.0))
    QTest.keyClick(viewport, Qt.Key.Key_Escape)
    assert chosen_mark(session.state) is None
    session.update(marks=session.state.marks.choosing(mark.number))
    QTest.keyClick(viewport, Qt.Key.Key_Delete)
    assert len(session.state.marks) == 0


def test_esc_puts_back_what_is_being_pulled(session, viewport):
    mark = draw(viewport, session, Kind.LENGTH, (10.0, 10.0), (30.0, 10.0))
    start = screen(viewport, session, mark.points[1])
    QTest.mousePress(viewport, LEFT, PLAIN, start)
    _move(viewport, start + QPoint(40, 40), LEFT, PLAIN)
    assert session.state.marks.each != (mark,)
    QTest.keyClick(viewport, Qt.Key.Key_Escape)
    assert session.state.marks.each == (mark,)


def test_marks_are_seen_on_their_frame_alone(session, viewport):
    plain = [grey(_frame(session, viewport, n)) for n in (0, 1)]
    _frame(session, viewport, 0)
    mark = draw(viewport, session, Kind.ELLIPSE, (10.0, 10.0), (30.0, 25.0))
    assert not np.array_equal(grey(_frame(session, viewport, 0)), plain[0])
    assert np.array_equal(grey(_frame(session, viewport, 1)), plain[1])
    spread = replace(mark, everywhere=True)
    session.update(marks=session.state.marks.changed(mark, spread))
    assert not np.array_equal(grey(_frame(session, viewport, 1)), plain[1])
    hidden = replace(spread, hidden=True)
    session.update(marks=session.state.marks.changed(spread, hidden))
    assert np.array_equal(grey(_frame(session, viewport, 1)), plain[1])


@pytest.mark.parametrize(
    "other", [{"objects": (("1.2.4", 4),)}, {"paths": ("/b.dcm",)}, {"objects": (), "paths": ()}]
)
def test_marks_never_show_on_another_image(qtbot, session, viewport, other):
    mark = draw(viewport, session, Kind.LENGTH, (5.0, 5.0), (50.0, 35.0))
    marks = session.state.marks.changed(mark, replace(mark, everywhere=True))
    there = make_session(clip_of(**other))
    bare = grey(show(qtbot, there).grab().toImage())
    marked = make_session(clip_of(**other))
    marked.update(marks=marks)
    assert np.array_equal(grey(show(qtbot, marked).grab().toImage()), bare)
    assert rows_of(marked.state) == ()


def test_nothing_is_drawn_on_a_picture_without_a_file(qtbot):
    session = make_session(clip_of(objects=(), paths=()))
    viewport = show(qtbot, session)
    session.update(tool="length")
    before = session.view.presentation
    drag(viewport, (200, 200), (300, 250))
    assert len(session.state.marks) == 0
    assert session.view.presentation == before


def test_an_unclear_shape_of_pixels_is_refused_on_the_picture(qtbot):
    session = make_session(clip_of(pixel_aspect=2.0))
    viewport = show(qtbot, session)
    draw(viewport, session, Kind.LENGTH, (5.0, 5.0), (50.0, 35.0))
    (row,) = rows_of(session.state)
    assert row.values.refused == REFUSED
    viewport.grab()


def test_pixels_that_are_no_squares_are_measured_as_they_are(qtbot):
    clip = clip_of()
    made = replace(clip.acquisition, pixel_spacing=(1.0, 0.5), spacing_meaning="patient")
    session = make_session(replace(clip, acquisition=made, pixel_aspect=2.0))
    viewport = show(qtbot, session)
    draw(viewport, session, Kind.LENGTH, (10.0, 5.0), (10.0, 35.0))
    (row,) = rows_of(session.state)
    assert row.values.size == pytest.approx(30.0, abs=0.3)
    at = screen(viewport, session, (10.0, 20.0))
    assert viewport.tools.marking.cursor(QPointF(at)) == Qt.CursorShape.PointingHandCursor


def _frame(session, viewport, number: int):
    session.update_view(frame=number)
    give(viewport, session)
    viewport.leaveEvent(None)  # or the pixel below the pointer is told in a corner
    return viewport.grab().toImage()
