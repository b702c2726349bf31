"""How the rows of the list of measurements are painted: name and frame, and figures below."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xray_studio.core.measure.words import brief_words
from xray_studio.ui.mark_state import Row
from xray_studio.ui.widgets.row_paint import LOOKS, paint_ground, paint_line

Index = QModelIndex | QPersistentModelIndex
PADDING, GAP, SIDE = 8, 2, 16
TITLE, WHERE, FIGURES = (Qt.ItemDataRole.UserRole + number for number in (1, 2, 3))
CHECK = Qt.ItemDataRole.CheckStateRole


class MarkDelegate(QStyledItemDelegate):
    """Paints a row of two lines; a click on the mark in front of them shows or hides."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of two lines; the width is what the list has."""
        del option, index
        lines = sum(LOOKS[name].metrics().height() for name in ("body", "caption"))
        return QSize(0, 2 * PADDING + GAP + lines)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, option.rect.adjusted(0, 1, 0, -1), option, chosen=chosen)
        self._paint_check(painter, option, index)
        area = option.rect.adjusted(2 * PADDING + SIDE, PADDING, -PADDING, -PADDING)
        where = str(index.data(WHERE) or "")
        paint_line(painter, area, area.y() + 1, where, "date")
        taken = LOOKS["date"].metrics().horizontalAdvance(where)
        above = area.adjusted(0, 0, -(taken + PADDING) if where else 0, 0)
        paint_line(painter, above, area.y(), str(index.data(TITLE)), "body")
        below = area.y() + LOOKS["body"].metrics().height() + GAP
        paint_line(painter, area, below, str(index.data(FIGURES) or ""), "caption")
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show or hide with a click on the mark in front."""
        clicked = event.type() == QEvent.Type.MouseButtonRelease
        if not clicked or not isinstance(event, QMouseEvent):
            return False
        near = _check_area(option.rect).adjusted(-PADDING, -PADDING, PADDING, PADDING)
        if event.button() != Qt.MouseButton.LeftButton or not near.contains(
            event.position().toPoint()
        ):
            return False
        on = Qt.CheckState(index.data(CHECK)) == Qt.CheckState.Checked
        new = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        return model.setData(model.index(index.row(), 0), new, CHECK)

    def _paint_check(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        mark = QStyleOptionViewItem(option)
        mark.rect = _check_area(option.rect)
        on = Qt.CheckState(index.data(CHECK)) == Qt.CheckState.Checked
        flag = QStyle.StateFlag.State_On if on else QStyle.StateFlag.State_Off
        mark.state = QStyle.StateFlag.State_Enabled | flag
        kind = QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck
        option.widget.style().drawPrimitive(kind, mark, painter, option.widget)


def told(row: Row, where: str) -> dict[int, str]:
    """Return what a row shows, by role."""
    return {TITLE: row.mark.name.replace("\n", " "), WHERE: where,
            FIGURES: brief_words(row.mark, row.values)}  # fmt: skip


def _check_area(rect: QRect) -> QRect:
    return QRect(rect.x() + PADDING, rect.center().y() - SIDE // 2 + 1, SIDE, SIDE)
