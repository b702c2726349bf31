"""Chart of agreement: a bar for each month, and a line where another model wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from xray_studio.core.report.feedback import Agreement
from xray_studio.ui.look.theme import CAPTION, colour, font, px
from xray_studio.ui.widgets.speech import describe

PARTS: Final = (  # counted of Agreement, what it is called, its colour
    ("accepted", "Accepted", "done"),
    ("changed", "Changed", "ai"),
    ("removed", "Removed", "danger"),
    ("added", "Added", "accent"),
)
WIDE, HIGH, ROUND = 320, 220, 6  # logical pixels
LEFT, FOOT, HEAD, WIDEST = 36, 24, 28, 40
MOST: Final = 24  # months that are shown, the latest


@dataclass(frozen=True, slots=True)
class Month:
    """What was counted in a month ("2026-11") by the parts of PARTS, and by which model.

    `other` tells that another model wrote than in the month, or the bar, before.
    """

    name: str
    counts: tuple[int, ...]
    model: str
    other: bool = False


def months_of(rows: Sequence[Agreement]) -> tuple[Month, ...]:
    """Return months in their order, one for each model that wrote in it."""
    keys = dict.fromkeys((one.month, one.model) for one in rows)
    order = sorted(keys, key=lambda key: (key[0], key[1].version, key[1].sha256))
    found, last = list[Month](), ""
    for month, model in order:
        mine = [one for one in rows if (one.month, one.model) == (month, model)]
        counts = tuple(sum(getattr(one, part) for one in mine) for part, _, _ in PARTS)
        name = f"{model.name} {model.version}"
        found.append(Month(month, counts, name, bool(last) and model.sha256 != last))
        last = model.sha256
    return tuple(found[-MOST:])


class AgreementChart(QWidget):
    """Bars of what became of sentences, stacked; its description tells all of it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.months: tuple[Month, ...] = ()
        self.setAccessibleName("What became of sentences, month by month")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return the size that is read well."""
        return QSize(px(WIDE), px(HIGH))

    def show_rows(self, rows: Sequence[Agreement]) -> None:
        """Show other rows."""
        self.months = months_of(rows)
        words = "; ".join(_spoken(one) for one in self.months)
        describe(self, words)
        self.setToolTip(words.replace("; ", "\n"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, axis, bars, changes of the model, and what colours mean."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(CAPTION))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("background"))
        painter.drawRoundedRect(self._area(), ROUND, ROUND)
        self._paint_legend(painter)
        if self.months:
            most = max(1, *(sum(one.counts) for one in self.months))
            self._paint_axis(painter, most)
            for number, one in enumerate(self.months):
                self._paint_month(painter, number, one, most)
        painter.end()

    def _area(self) -> QRectF:
        left, foot, head = px(LEFT), px(FOOT), px(HEAD)
        return QRectF(left, head, self.width() - left, self.height() - foot - head)

    def _paint_legend(self, painter: QPainter) -> None:
        left, side = float(px(LEFT)), px(8)
        for _, title, ink in PARTS:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(ink))
            painter.drawRoundedRect(QRectF(left, px(8), side, side), 2, 2)
            painter.setPen(colour("secondary"))
            wide = painter.fontMetrics().horizontalAdvance(title)
            painter.drawText(QRectF(left + side + 4, 0, wide + 4, px(24)), _MIDDLE, title)
            left += side + wide + px(20)

    def _paint_axis(self, painter: QPainter, most: int) -> None:
        area, high = self._area(), px(16)
        painter.setPen(colour("secondary"))
        for part, words in ((0.0, "0"), (1.0, f"{most:,}")):
            y = area.bottom() - 8 - part * (area.height() - 16)
            box = QRectF(0, y - high / 2, area.left() - 8, high)
            painter.drawText(box, _RIGHT, words)

    def _paint_month(self, painter: QPainter, number: int, one: Month, most: int) -> None:
        area = self._area()
        room = (area.width() - 16) / len(self.months)
        wide = min(room * 0.7, px(WIDEST))
        middle = area.left() + 8 + (number + 0.5) * room
        bottom = area.bottom() - 8
        painter.setPen(Qt.PenStyle.NoPen)
        for count, (_, _, ink) in zip(one.counts, PARTS, strict=True):
            high = (area.height() - 16) * count / most
            painter.setBrush(colour(ink))
            painter.drawRect(QRectF(middle - wide / 2, bottom - high, wide, high))
            bottom -= high
        if one.other:
            painter.setPen(QPen(colour("secondary"), 1, Qt.PenStyle.DashLine))
            x = middle - room / 2
            painter.drawLine(QPointF(x, area.top() + 4), QPointF(x, area.bottom()))
        every = max(1, round(px(56) / room + 0.5))
        if number % every == 0:
            painter.setPen(colour("secondary"))
            box = QRectF(middle - px(32), area.bottom() + 4, px(64), px(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, one.name)


_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def _spoken(one: Month) -> str:
    told = zip(one.counts, PARTS, strict=True)
    parts = ", ".join(f"{title.lower()} {count}" for count, (_, title, _) in told)
    start = "another model, " if one.other else ""
    return f"{one.name}, {start}{one.model}: {parts}"
