"""Tools that paint over the picture: the magnifier and the window from a region."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.ui.viewer.events import CTRL, LEFT, PLAIN, _move, drag, hover, wheel
from tests.ui.viewer.fakes import MemorySource, make_clip, make_session, pixel
from tests.ui.viewer.test_viewport import show
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.presentation import Presentation, Window
from xray_studio.services.presets import region_window
from xray_studio.ui.viewer.geometry import Box, Placement, Size, pixel_at, place
from xray_studio.ui.viewer.magnifier import FACTORS, SIDE, loupe_picture
from xray_studio.ui.viewer.region_window import IN_COLOUR, stored_part
from xray_studio.ui.viewer.view_commands import ViewCommands
from xray_studio.ui.viewer.window_commands import WindowCommands


def grey(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width()].copy()


@pytest.fixture
def session(qtbot):
    return make_session(make_clip(MemorySource(frames=1, rows=40, columns=60)))


@pytest.fixture
def viewport(qtbot, session):
    return show(qtbot, session)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("turn", [{}, {"rotation": 90}, {"flip_horizontal": True}])
def test_the_loupe_shows_what_is_below_the_pointer(qtbot, session, factor, turn):
    WindowCommands(session).set_voi(Window.spanning(0, 255))
    session.update_presentation(**turn)
    viewport = show(qtbot, session)
    shown, clip = viewport.answer, session.view.clip
    placement = place(clip, session.view.presentation, viewport.view_size())
    pointer = QPointF(311.5, 190.5)
    column, row = pixel_at(clip, session.view.presentation, placement, 311.5, 190.5)
    image, left, top = loupe_picture(shown, placement, pointer, 1.0, factor)
    middle = grey(image)[round(SIDE / 2 - top), round(SIDE / 2 - left)]
    assert int(middle) == pytest.approx(pixel(0, row, column), abs=3)


def test_the_loupe_magnifies_by_its_factor(session, viewport):
    placement = place(session.view.clip, session.view.presentation, viewport.view_size())
    image, left, top = loupe_picture(viewport.answer, placement, QPointF(300, 200), 1.0, 4.0)
    # The loupe shows a little more than a pixel of the picture beyond its edges at most.
    assert -2 * 4 * placement.scale <= left <= 0
    assert -2 * 4 * placement.scale <= top <= 0
    assert image.width() + left >= SIDE


def test_the_magnifier_paints_at_the_pointer_and_only_as_a_tool(session, viewport):
    hover(viewport, 300, 200)
    before = grey(viewport.grab().toImage())
    session.update(tool="magnifier")
    after = grey(viewport.grab().toImage())
    changed = np.argwhere(before != after)
    assert np.abs(changed - (200, 300)).max() <= SIDE / 2 + 4
    assert viewport.cursor().shape() == Qt.CursorShape.BlankCursor
    session.update(tool="window")
    assert np.array_equal(
        grey(viewport.grab().toImage())[150:250, 250:350], before[150:250, 250:350]
    )


def test_square_and_round_loupes(session, viewport):
    session.update(tool="magnifier")
    hover(viewport, 300, 200)
    circle = grey(viewport.grab().toImage())
    session.change_settings("viewing", loupe="square")
    viewport.update()
    square = grey(viewport.grab().toImage())
    corner = (200 - SIDE // 2 + 8, 300 - SIDE // 2 + 8)
    assert not np.array_equal(circle, square)
    assert circle[corner] != square[corner]


def test_the_wheel_goes_through_the_factors(session, viewport):
    session.update(tool="magnifier")
    for _ in range(len(FACTORS) + 3):
        wheel(viewport, 120)
    assert viewport.tools.magnifier.factor == FACTORS[-1]
    wheel(viewport, -60)
    wheel(viewport, -60)
    assert viewport.tools.magnifier.factor == FACTORS[-2]
    zoom = session.view.presentation.zoom
    wheel(viewport, 120, CTRL)
    assert session.view.presentation.zoom != zoom


def test_a_drag_with_the_magnifier_changes_nothing(session, viewport):
    session.update(tool="magnifier")
    before = session.view.presentation
    drag(viewport, (200, 200), (300, 250))
    assert session.view.presentation == before


def test_a_region_becomes_the_window_and_the_former_tool_returns(session, viewport):
    session.update(tool="zoom")
    session.update(tool="region")
    drag(viewport, (100, 100), (399, 299))
    placement = place(session.view.clip, Presentation(), viewport.view_size())
    (left, top), (right, bottom) = (
        pixel_at(session.view.clip, Presentation(), placement, *corner)
        for corner in ((100, 100), (399, 299))
    )
    rows, columns = np.mgrid[top : bottom + 1, left : right + 1]
    low, high = np.percentile(rows * 3 + columns, (1, 99))
    voi = session.view.presentation.voi
    assert voi.center - voi.width / 2 == pytest.approx(np.floor(low))
    assert voi.center + voi.width / 2 == pytest.approx(np.ceil(high))
    assert session.state.tool == "zoom"


def test_a_click_is_no_region(session, viewport):
    session.update(tool="region")
    before = session.view.presentation
    drag(viewport, (100, 100), (101, 102))
    assert session.view.presentation == before
    assert session.state.tool == "region"


def test_the_rectangle_is_seen_while_it_is_drawn(session, viewport):
    session.update(tool="region")
    before = grey(viewport.grab().toImage())
    QTest.mousePress(viewport, LEFT, PLAIN, QPoint(150, 120))
    _move(viewport, QPoint(350, 280), LEFT, PLAIN)
    part = slice(100, 300), slice(130, 370)
    changed = np.argwhere(before[part] != grey(viewport.grab().toImage())[part])
    assert changed.min(axis=0) == pytest.approx((20, 20), abs=2)
    assert changed.max(axis=0) == pytest.approx((180, 220), abs=2)
    QTest.mouseRelease(viewport, LEFT, PLAIN, QPoint(350, 280))
    assert not viewport.tools.region.active


def test_colour_says_why_it_has_no_window(qtbot):
    session = make_session(make_clip(MemorySource(frames=1, colour=True), pixels=Pixels(bits=8)))
    viewport = show(qtbot, session)
    session.update(tool="region")
    before = session.view.presentation
    QTest.mousePress(viewport, LEFT, PLAIN, QPoint(150, 120))
    assert viewport.tools.region.sentence == IN_COLOUR
    _move(viewport, QPoint(350, 280), LEFT, PLAIN)
    QTest.mouseRelease(viewport, LEFT, PLAIN, QPoint(350, 280))
    assert session.view.presentation == before


@pytest.mark.parametrize("turn", [{}, {"rotation": 90}, {"rotation": 180}, {"flip_vertical": True}])
def test_the_part_below_an_area_is_that_of_its_pixels(qtbot, session, turn):
    session.update_presentation(**turn)
    clip, shown = session.view.clip, session.view.presentation
    placement = place(clip, shown, Size(600, 400))
    rows, columns = stored_part(clip, shown, placement, QRectF(250, 150, 80, 60))
    corners = [pixel_at(clip, shown, placement, x, y) for x in (250, 330) for y in (150, 210)]
    assert (rows.start, rows.stop - 1) == (min(c[1] for c in corners), max(c[1] for c in corners))
    assert columns.start == min(c[0] for c in corners)
    assert columns.stop - 1 == max(c[0] for c in corners)


def test_an_area_beside_the_picture_has_no_part(session):
    placement = Placement(Size(600, 400), Box(100, 100, 300, 200), 5.0, 5.0, crisp=False)
    part = stored_part(session.view.clip, Presentation(), placement, QRectF(0, 0, 50, 50))
    assert part is None


def test_a_region_in_modality_values_without_padding():
    values = np.arange(400, dtype=np.int16).reshape(20, 20)
    values[:10] = -2000
    clip = make_clip(
        MemorySource(1, 20, 20),
        pixels=Pixels(bits=16, signed=True, padding=(-2000, -2000)),
        modality=(Rescale(2.0, -1000.0, "HU"),),
    )
    window = region_window(clip, 0, values, slice(0, 20), slice(0, 20))
    low, high = np.percentile(np.arange(200, 400) * 2 - 1000, (1, 99))
    assert window.center - window.width / 2 == np.floor(low)
    assert window.center + window.width / 2 == np.ceil(high)
    assert region_window(clip, 0, values, slice(0, 5), slice(0, 20)) is None
    flat = region_window(clip, 0, np.full((20, 20), 7, np.int16), slice(0, 9), slice(0, 9))
    assert (flat.center, flat.width) == (7 * 2 - 1000, 1.0)


def test_the_scroll_tool_goes_through_the_frames(qtbot):
    session = make_session()
    viewport = show(qtbot, session)
    session.update(tool="scroll")
    drag(viewport, (300, 100), (300, 132))
    assert session.view.frame == 4
    drag(viewport, (300, 300), (300, 284))
    assert session.view.frame == 2


@pytest.mark.parametrize(
    ("keymap", "button", "keys", "what"),
    [
        ("x-ray-studio", Qt.MouseButton.RightButton, PLAIN, "zoom"),
        ("weasis", Qt.MouseButton.RightButton, PLAIN, ""),
        ("horos", LEFT, CTRL, "pan"),
        ("ohif", Qt.MouseButton.MiddleButton, PLAIN, "pan"),
        ("horos", LEFT, Qt.KeyboardModifier.ShiftModifier, "pan"),
    ],
)
def test_the_mouse_of_a_keymap(session, viewport, keymap, button, keys, what):
    session.change_settings("keys", keymap=keymap)
    ViewCommands(session).zoom_by(2.0)
    before = session.view.presentation
    drag(viewport, (200, 200), (260, 250), button, keys)
    after = session.view.presentation
    assert (after.zoom != before.zoom) is (what == "zoom")
    if what != "zoom":
        assert (after.pan != before.pan) is (what == "pan")
