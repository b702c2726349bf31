"""Marks: orientation letters and scale bar of the picture on screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import CornerText, lines_reaching
from xray_studio.core.legend import Legend, legend
from xray_studio.core.orientation import as_shown
from xray_studio.core.per_frame import at_frame
from xray_studio.core.presentation import Presentation
from xray_studio.core.scale_bar import ScaleBar, scale_bar
from xray_studio.core.shown import voi_of
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.mark_state import as_measured
from xray_studio.ui.state import State
from xray_studio.ui.viewer.corner_paint import GAP, MARGIN, Corners, for_size
from xray_studio.ui.viewer.drawing_paint import paint_drawings
from xray_studio.ui.viewer.geometry import Size, place
from xray_studio.ui.viewer.legend_paint import BESIDE, paint_legend
from xray_studio.ui.viewer.orientation_paint import Clear, paint_letters
from xray_studio.ui.viewer.scale_paint import bar_height, paint_scale
from xray_studio.ui.viewer.stamps import Sheet, Stamps, line_height

SMALLEST = QSize(200, 150)  # below this there is no room for letters
ROOM_OF_BAR = QSize(320, 240)
PART = 0.25  # of the width of a viewport; no bar is longer
PILL = 16.0  # logical pixels round the words of a badge, and to the next one
MIDDLE = 48.0  # logical pixels on both sides of the middle that letters need


class Marks:
    """Paints the marks; keeps the pictures of their words."""

    def __init__(self) -> None:
        self._stamps = Stamps()

    def paint(
        self,
        painter: QPainter,
        widget: QWidget,
        state: State,
        shown: FrameAnswer | None,
        corners: Corners,
    ) -> None:
        """Paint into a viewport what belongs to the picture on screen."""
        size = widget.size()
        if shown is None or shown.image is None or not _fits(size, SMALLEST):
            return
        sheet = Sheet(painter, self._stamps, size, widget.devicePixelRatioF())
        here = Size(round(size.width() * sheet.ratio), round(size.height() * sheet.ratio))
        paint_drawings(sheet, shown, place(shown.request.clip, state.view.presentation, here))
        viewing, text = state.settings.viewing, for_size(corners, size).text
        bar = None
        if viewing.scale_bar and _fits(size, ROOM_OF_BAR):
            clip = as_measured(shown.request.clip, shown.request.index, state.marks)
            bar = _bar(sheet, state.view.presentation, clip)
        bottom = self._bottom(sheet, text, bar)
        if bar is not None:
            paint_scale(sheet, bar, bottom)
            bottom += bar_height()
        colours = _legend(size, shown)
        if viewing.orientation_letters:
            request = shown.request
            stored = at_frame(request.clip.orientation, request.index)
            edges = as_shown(stored, request.presentation)
            right = MARGIN if colours is None else BESIDE
            paint_letters(sheet, edges, Clear(self._top(size, text), bottom, right))
        if colours is not None:
            paint_legend(sheet, colours)

    def _top(self, size: QSize, text: CornerText) -> int:
        """Return where the upper letter stands: below lines of corner text that reach it."""
        reach = size.width() / 2 - MARGIN - MIDDLE
        blocks = text.top_left, text.top_right
        return MARGIN + lines_reaching(blocks, reach, self._stamps.width) * line_height()

    def _bottom(self, sheet: Sheet, text: CornerText, bar: ScaleBar | None) -> int:
        """Return how far from the foot the bar or the lower letter stands, clear of the text."""
        inner = MIDDLE
        if bar is not None:
            inner = max(bar.pixels / sheet.ratio, self._stamps.width(bar.words))
        reach = (sheet.size.width() - inner) / 2 - 2 * MARGIN
        blocks = text.bottom_left[::-1], text.bottom_right[::-1]
        lines = lines_reaching(blocks, reach, self._stamps.width)
        bottom = MARGIN + lines * line_height()
        if sum(self._stamps.width(badge) + PILL for badge in text.badges) <= reach:
            return bottom
        return max(bottom, MARGIN + (len(text.bottom_left) + 1) * line_height() + GAP)


def _bar(sheet: Sheet, now: Presentation, clip: Clip) -> ScaleBar | None:
    width, height = sheet.size.width() * sheet.ratio, sheet.size.height() * sheet.ratio
    across = place(clip, now, Size(round(width), round(height))).box.width
    return scale_bar(clip, now, across, PART * width)


def _legend(size: QSize, answer: FrameAnswer) -> Legend | None:
    """Return the legend of the colours, None where there are none or it has no room."""
    request = answer.request
    clip, how = request.clip, request.presentation
    if not how.colour_map or clip.is_colour or not _fits(size, ROOM_OF_BAR):
        return None
    return legend(clip, how, voi_of(clip, how, request.index), request.index)


def _fits(size: QSize, least: QSize) -> bool:
    return size.width() >= least.width() and size.height() >= least.height()
