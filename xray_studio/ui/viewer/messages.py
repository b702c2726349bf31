"""What a viewport says when there is no picture yet, or none at all."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from xray_studio.core.job import Progress
from xray_studio.core.study import Series
from xray_studio.ui.browser.series_text import series_title
from xray_studio.ui.frame_worker import FrameAnswer
from xray_studio.ui.look.icons import tinted
from xray_studio.ui.look.theme import BODY, font, px
from xray_studio.ui.look.tokens import DARK
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import is_rendering

WIDTH = 420
EMPTY = "Drag a series here, or choose one in the list"
PROCESSING = "Processing\N{HORIZONTAL ELLIPSIS}"
DRAWING = "Drawing the volume"
NOT_RUN = "The steps are not applied yet: run them"
RUNNING = "Processing; this is the picture before"
LINE, NOTE_TOP = QSize(200, 3), 84  # logical pixels; above a note there is room for four lines
ICON = 24
_SENTENCE = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
SWEEP = 1400  # milliseconds for one pass of the line when the end is not known


def waiting_words(state: State, answer: FrameAnswer | None) -> str:
    """Return what the viewport waits for, "" when everything is there."""
    view = state.view
    if view.error:
        return ""
    if view.clip is None:
        drawn = is_rendering(view)
        return DRAWING if drawn else _opening(view.series, hidden=state.identity_hidden)
    if answer is not None and (view.cine.playing or answer.request.index == view.frame):
        return ""
    many = len(view.clip) > 1
    return f"Decoding frame {view.frame + 1} of {len(view.clip)}" if many else "Decoding"


def _opening(series: Series | None, *, hidden: bool) -> str:
    return "" if series is None else f"Opening {series_title(series, hidden=hidden)}"


def paint_waiting(
    painter: QPainter, size: QSize, words: str, progress: Progress | None, elapsed: int
) -> None:
    """Paint a thin line that fills as work is done, or moves while the end is not known."""
    if progress is not None and progress.total > 1:
        words = f"{words}, {progress.done} of {progress.total}"
    middle = QPointF(size.width() / 2, size.height() / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(BODY))
    _paint_ground(painter, middle, painter.fontMetrics().horizontalAdvance(words))
    painter.setPen(QColor(DARK.secondary))
    text = QRectF(0, middle.y() - 30, size.width(), 20)
    painter.drawText(text, Qt.AlignmentFlag.AlignCenter, words)
    _paint_line(painter, middle, None if progress is None else progress.fraction, elapsed)


def paint_note(
    painter: QPainter, size: QSize, words: str, edge: str = DARK.accent, *, line: int = 0
) -> None:
    """Paint below the upper corners that the picture is another one than could be thought."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(BODY))
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, size.width() - 48.0)
    width, height = metrics.horizontalAdvance(shown) + 24, metrics.height() + 10
    top = px(NOTE_TOP) + line * (height + 6)
    pill = QRectF((size.width() - width) / 2, top, width, height)
    painter.setPen(QPen(QColor(edge), 1))
    painter.setBrush(QColor(0, 0, 0, 210))
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setPen(QColor(DARK.text))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_ground(painter: QPainter, middle: QPointF, words: int) -> None:
    """Darken what lies behind, since the last picture may still be there."""
    half = max(words, LINE.width()) / 2 + 24
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawRoundedRect(QRectF(middle.x() - half, middle.y() - 40, 2 * half, 64), 8, 8)


def _paint_line(painter: QPainter, middle: QPointF, fraction: float | None, elapsed: int) -> None:
    groove = QRectF(middle.x() - LINE.width() / 2, middle.y(), LINE.width(), LINE.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(DARK.strong_border))
    painter.drawRoundedRect(groove, 1.5, 1.5)
    start, length = 0.0, fraction
    if length is None:
        length = 0.3
        start = (elapsed % SWEEP) / SWEEP * (1.0 + length) - length
    bar = QRectF(groove)
    bar.setLeft(groove.left() + max(0.0, start) * groove.width())
    bar.setRight(groove.left() + min(1.0, start + length) * groove.width())
    painter.setBrush(QColor(DARK.accent))
    painter.drawRoundedRect(bar, 1.5, 1.5)


def paint_empty(painter: QPainter, size: QSize) -> None:
    """Paint what to do with an empty viewport: an icon, and a sentence where there is room."""
    painter.setFont(font(BODY))
    bounds = _sentence_box(QFontMetricsF(painter.font()), EMPTY, size.width() - 48)
    has_room = bounds.height() + ICON + 28 <= size.height()
    words = bounds.height() + 12 if has_room else 0.0
    top = (size.height() - words - ICON) / 2
    ratio = painter.device().devicePixelRatioF()
    mark = tinted("image-plus", DARK.faint, ICON, ratio)
    painter.drawPixmap(QPointF(round((size.width() - ICON) / 2), round(top)), mark)
    if not has_room:
        return
    left = (size.width() - bounds.width()) / 2
    text = QRectF(left, top + ICON + 12, bounds.width(), bounds.height() + 4)
    painter.setPen(QColor(DARK.secondary))
    painter.drawText(text, int(_SENTENCE), EMPTY)


def paint_error(painter: QPainter, size: QSize, sentence: str) -> None:
    """Paint one sentence in the middle: what is wrong and what to do."""
    painter.setFont(font(BODY))
    bounds = _sentence_box(QFontMetricsF(painter.font()), sentence, size.width() - 48)
    top = (size.height() - bounds.height() - ICON - 12) / 2
    ratio = painter.device().devicePixelRatioF()
    mark = tinted("circle-alert", DARK.danger, ICON, ratio)
    painter.drawPixmap(QPointF(round((size.width() - ICON) / 2), round(top)), mark)
    left = (size.width() - bounds.width()) / 2
    text = QRectF(left, top + ICON + 12, bounds.width(), bounds.height() + 4)
    painter.setPen(QColor(DARK.text))
    painter.drawText(text, int(_SENTENCE), sentence)


def _sentence_box(metrics: QFontMetricsF, sentence: str, room: int) -> QRectF:
    """Return the narrowest box that needs no more lines, so that lines are of about one length."""
    width = max(80.0, min(float(WIDTH), room))
    bounds = metrics.boundingRect(QRectF(0, 0, width, 4000), int(_SENTENCE), sentence)
    while width > 80.0:
        width -= 8.0
        tried = metrics.boundingRect(QRectF(0, 0, width, 4000), int(_SENTENCE), sentence)
        if tried.height() > bounds.height() or tried.width() > width:
            return bounds.adjusted(0, 0, 4, 0)
        bounds = QRectF(0, 0, width, tried.height())
    return bounds


def paint_focus(painter: QPainter, size: QSize) -> None:
    """Paint a thin frame: the keyboard acts here."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(DARK.accent), 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.drawRect(0, 0, size.width() - 1, size.height() - 1)
