"""Region list: one row a region of the frame in view, with its place, its score and its reason."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from xray_studio.core.anomaly.detection import Unusual
from xray_studio.ui.heatmap.words import fired_words
from xray_studio.ui.look.theme import BODY, CAPTION, colour, font, px
from xray_studio.ui.unusual_state import Place
from xray_studio.ui.widgets.row_paint import paint_ground, paint_line

REGION, WHERE, NOTE = (Qt.ItemDataRole.UserRole + number for number in range(3))
PAD, GAP, BAR, SCORE = 6, 2, 4, 44  # logical pixels for letters of the usual size
MOST = 5  # rows in sight
Index = QModelIndex | QPersistentModelIndex


class RegionList(QListWidget):
    """Rows to choose from; `chosen` tells a region, `entered` one that is to be gone to."""

    chosen = Signal(object)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Regions of this frame, the highest score first")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        self.currentItemChanged.connect(self._choose)
        self.itemDoubleClicked.connect(lambda _item: self.entered.emit())

    def show_regions(
        self,
        found: tuple[Unusual, ...],
        places: tuple[str, ...],
        notes: tuple[str, ...],
        chosen: Place | None,
    ) -> None:
        """List regions in their order with their places and notes, one chosen or None."""
        known = (found, places, notes)
        self.blockSignals(True)
        if known != self.listed():
            self.clear()
            for region, where, note in zip(found, places, notes, strict=True):
                self.addItem(_item(region, where, note))
            self.follow_look()
        boxes = [(one.frame, one.box) for one in found]
        self.setCurrentRow(boxes.index(chosen) if chosen in boxes else -1)
        self.blockSignals(False)

    def listed(self) -> tuple[tuple[Unusual, ...], tuple[str, ...], tuple[str, ...]]:
        """Return the regions that are listed, their places and their notes."""
        items = [self.item(number) for number in range(self.count())]
        regions = tuple(cast("Unusual", one.data(REGION)) for one in items)
        places, notes = (tuple(str(one.data(role)) for one in items) for role in (WHERE, NOTE))
        return regions, places, notes

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        height = _height()
        for number in range(self.count()):
            self.item(number).setSizeHint(QSize(0, height))
        self.setFixedHeight(height * min(MOST, self.count()) + 2 * self.frameWidth())

    def event(self, event: QEvent) -> bool:
        """Take the keys for the rows that elsewhere play the loop."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in _KEYS and self.count():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from row to row; Enter goes to the region. Other keys are those of the window."""
        keys = Qt.Key
        if event.key() in {keys.Key_Return, keys.Key_Enter}:
            self.entered.emit()
        elif event.key() in _KEYS:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(REGION))


_KEYS = {
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter),
}


def _item(region: Unusual, where: str, note: str) -> QListWidgetItem:
    item = QListWidgetItem()
    for role, value in ((REGION, region), (WHERE, where), (NOTE, note)):
        item.setData(role, value)
    why = fired_words(region)
    told = f"{where}, score {region.score:.2f}, {region.area:,} pixels"
    item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (told, why, note))))
    item.setToolTip(f"{told}\n{why}")
    return item


def _height() -> int:
    lines = (QFontMetrics(font(size)).height() for size in (BODY, CAPTION))
    return sum(lines) + GAP + 2 * px(PAD) + GAP


class _Rows(QStyledItemDelegate):
    """Paints a row: place and score, below them the channels that fired."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        region = cast("Unusual", index.data(REGION))
        area = option.rect.adjusted(0, 0, 0, -GAP)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, area, option, chosen=chosen)
        inner = area.adjusted(px(PAD) + BAR + px(PAD), px(PAD), -px(PAD), -px(PAD))
        _paint_score(painter, area, region.score)
        left = QRect(inner.x(), inner.y(), inner.width() - px(SCORE), inner.height())
        paint_line(painter, left, inner.y(), str(index.data(WHERE)), "medium")
        painter.setFont(font(BODY))
        painter.setPen(colour("ai"))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        painter.drawText(inner, int(side), f"{region.score:.2f}")
        below = inner.y() + QFontMetrics(font(BODY)).height() + GAP
        note = str(index.data(NOTE))
        told = ". ".join(filter(None, (note, fired_words(region))))
        paint_line(painter, inner, below, told, "caption")
        painter.restore()


def _paint_score(painter: QPainter, area: QRect, score: float) -> None:
    """Paint how high a score is, 0 to 1, as a bar that stands at the left."""
    room = QRectF(area.x() + px(PAD), area.y() + px(PAD), BAR, area.height() - 2 * px(PAD))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("border"))
    painter.drawRoundedRect(room, BAR / 2, BAR / 2)
    filled = QRectF(room)
    filled.setTop(room.bottom() - max(float(BAR), room.height() * min(1.0, score)))
    painter.setBrush(colour("ai"))
    painter.drawRoundedRect(filled, BAR / 2, BAR / 2)
