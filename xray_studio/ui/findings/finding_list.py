"""Finding list: one row a finding, with a bar, its operating point and its probability."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from xray_studio.core.learning.assessment import FindingScore
from xray_studio.core.learning.chance import per_cent
from xray_studio.core.learning.findings import NORMAL
from xray_studio.ui.finding_state import title_of
from xray_studio.ui.look.theme import BODY, colour, font, px

SCORE = Qt.ItemDataRole.UserRole
ROW, NAME, PER_CENT, BAR, TICK = 28, 124, 44, 6, 12  # logical pixels for letters of usual size
INSET, GAP, ROUND = 8, 8, 6
Index = QModelIndex | QPersistentModelIndex


class FindingList(QListWidget):
    """Rows to choose from; `chosen` tells the name of the finding of a row."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Findings, the likeliest first")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setItemDelegate(_Rows(self))
        self.currentItemChanged.connect(self._choose)

    def show_findings(self, scores: tuple[FindingScore, ...], chosen: str) -> None:
        """List findings in their order, one of them chosen, "" for none."""
        if scores != self.scores():
            self.blockSignals(True)
            self.clear()
            for score in scores:
                self.addItem(_item(score))
            self.blockSignals(False)
        self.follow_look()
        names = [score.name for score in scores]
        self.blockSignals(True)
        self.setCurrentRow(names.index(chosen) if chosen in names else -1)
        self.blockSignals(False)

    def scores(self) -> tuple[FindingScore, ...]:
        """Return the findings that are listed."""
        return tuple(cast("FindingScore", self.item(n).data(SCORE)) for n in range(self.count()))

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.setFixedHeight(px(ROW) * self.count() + 2 * self.frameWidth())
        for number in range(self.count()):
            self.item(number).setSizeHint(QSize(0, px(ROW)))

    def event(self, event: QEvent) -> bool:
        """Take the key for the rows that elsewhere plays the loop."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and self.count():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from row to row; other keys are those of the window."""
        keys = Qt.Key
        if event.key() in {keys.Key_Up, keys.Key_Down, keys.Key_Home, keys.Key_End}:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(cast("FindingScore", item.data(SCORE)).name)


def spoken(score: FindingScore) -> str:
    """Return a row in words."""
    counts = "counts as seen" if score.positive else "does not count as seen"
    return f"{title_of(score.name)}, {per_cent(score.probability)}, {counts}"


def hint_of(score: FindingScore) -> str:
    """Return what the tooltip of a row tells."""
    line = f"It counts as seen from {per_cent(score.threshold)}."
    ruled = "below" if score.ruled_out else "above"
    wide = f"It is {ruled} {per_cent(score.sensitive_threshold)}, which nine of ten films reach."
    return f"{title_of(score.name)}: {per_cent(score.probability)}\n{line}\n{wide}"


def _item(score: FindingScore) -> QListWidgetItem:
    item = QListWidgetItem(title_of(score.name))
    item.setData(SCORE, score)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken(score))
    item.setToolTip(hint_of(score))
    return item


class _Rows(QStyledItemDelegate):
    """Paints a row: name, bar with the operating point, probability."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        score = cast("FindingScore", index.data(SCORE))
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_back(painter, area, option.state)
        name = QRectF(area.left() + INSET, area.top(), px(NAME), area.height())
        value = QRectF(area.right() - INSET - px(PER_CENT), area.top(), px(PER_CENT), area.height())
        weight = QFont.Weight.DemiBold if score.positive else QFont.Weight.Normal
        painter.setFont(font(BODY, weight))
        painter.setPen(colour("text" if score.positive else "secondary"))
        title = painter.fontMetrics().elidedText(
            title_of(score.name), Qt.TextElideMode.ElideRight, int(name.width())
        )
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(name, int(middle | Qt.AlignmentFlag.AlignLeft), title)
        painter.setPen(colour(_ink(score)))
        told = per_cent(score.probability)
        painter.drawText(value, int(middle | Qt.AlignmentFlag.AlignRight), told)
        bar = QRectF(name.right() + GAP, 0, value.left() - name.right() - 2 * GAP, px(BAR))
        bar.moveTop(area.center().y() - bar.height() / 2)
        _paint_bar(painter, bar, score)
        painter.restore()


def _ink(score: FindingScore) -> str:
    """Return the token of a probability: amber is for what an AI claims to have seen."""
    if not score.positive:
        return "secondary"
    return "text" if score.name == NORMAL else "ai"


def _paint_back(painter: QPainter, area: QRectF, state: QStyle.StateFlag) -> None:
    flags = QStyle.StateFlag
    chosen, hovered = bool(state & flags.State_Selected), bool(state & flags.State_MouseOver)
    if not chosen and not hovered:
        return
    ring = chosen and bool(state & flags.State_HasFocus)
    painter.setPen(colour("accent") if ring else Qt.PenStyle.NoPen)
    painter.setBrush(colour("selected" if chosen else "raised"))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)


def _paint_bar(painter: QPainter, bar: QRectF, score: FindingScore) -> None:
    """Paint how likely a finding is, from 0 to 100 %, and a line where it counts as seen."""
    half = bar.height() / 2
    painter.setPen(colour("strong_border"))
    painter.setBrush(colour("background"))
    painter.drawRoundedRect(bar, half, half)
    painter.setPen(Qt.PenStyle.NoPen)
    filled = QRectF(bar)
    filled.setWidth(max(bar.height(), bar.width() * score.probability))
    painter.setBrush(colour(_ink(score) if score.positive else "faint"))
    painter.drawRoundedRect(filled, half, half)
    tick = QRectF(0, 0, 2.0, px(TICK))
    tick.moveCenter(bar.center())
    tick.moveLeft(bar.left() + min(max(score.threshold, 0.0), 1.0) * (bar.width() - 2.0))
    painter.setBrush(colour("text"))
    painter.drawRect(tick)
