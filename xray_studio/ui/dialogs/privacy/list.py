"""The left side of the privacy dialog: findings, and the regions as a list with check marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTreeView, QVBoxLayout, QWidget

from xray_studio.core.privacy import Finding, Marked
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.dialogs.privacy.marks import Marks
from xray_studio.ui.dialogs.privacy.words import LOOK, NOTHING, region_words
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark, px

ROW = 30
_ICON = 18


class FindingList(QWidget):
    """One line for each finding: certain ones in red, possible ones in amber; `look` comes last."""

    def __init__(
        self, findings: Sequence[Finding], parent: QWidget | None = None, *, look: str = LOOK
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for finding in findings:
            sign, token = ("circle-alert", "danger") if finding.certain else ("info", "ai")
            column.addWidget(_line(self, sign, token, finding.sentence))
        if not findings:
            column.addWidget(_line(self, "check", "done", NOTHING))
        column.addWidget(_line(self, "eye", "secondary", look))


def _line(parent: QWidget, sign: str, token: str, words: str) -> QWidget:
    holder = QWidget(parent)
    mark_of, text = QLabel(holder), QLabel(words, holder)
    mark_of.setPixmap(icon(sign, token).pixmap(QSize(_ICON, _ICON), parent.devicePixelRatioF()))
    mark_of.setFixedWidth(px(_ICON))
    text.setWordWrap(True)
    if token == "secondary":  # noqa: S105 - the name of a colour
        mark(text, role="secondary")
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(mark_of, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return holder


class _View(QTreeView):
    """A list in which Delete and Insert mean something."""

    pressed_key = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell keys that change regions; all others are the list's own."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Insert}:
            self.pressed_key.emit(event.key())
        else:
            super().keyPressEvent(event)


class RegionList(QWidget):
    """Regions with a check mark for those that are masked. `changed` tells marks of the user."""

    changed = Signal(object)

    def __init__(self, marks: Marks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks = marks
        self.model = QStandardItemModel(self)
        self.view = _View(self)
        self.view.setModel(self.model)
        self.view.setHeaderHidden(True)
        self.view.setMinimumHeight(3 * px(ROW))
        self.view.setRootIsDecorated(False)
        self.view.setIndentation(0)
        self.view.setUniformRowHeights(True)
        self.view.setAccessibleName("Places in the picture; checked ones become black")
        self.mask_all, self.keep_all = button("Mask all", self), button("Keep all", self)
        self.add, self.remove = button("Add", self), button("Remove", self)
        self._build()
        self._connect()
        self.show_marks(marks)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for one in (self.mask_all, self.keep_all, self.add, self.remove):
            buttons.addWidget(one)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.model.itemChanged.connect(self._checked)
        self.view.selectionModel().currentChanged.connect(self._chosen)
        self.view.pressed_key.connect(self._key)
        self.mask_all.clicked.connect(lambda: self._tell(self.marks.mask_all(masked=True)))
        self.keep_all.clicked.connect(lambda: self._tell(self.marks.mask_all(masked=False)))
        self.add.clicked.connect(lambda: self._tell(self.marks.add_one()))
        self.remove.clicked.connect(lambda: self._tell(self.marks.remove()))

    def show_marks(self, marks: Marks) -> None:
        """Show other marks, without telling."""
        self.marks = marks
        self.model.blockSignals(True)
        self.model.setRowCount(len(marks.all))
        for number, one in enumerate(marks.all):
            item = self.model.item(number) or QStandardItem()
            _fill(item, one)
            self.model.setItem(number, item)
        self.model.blockSignals(False)
        self.model.layoutChanged.emit()
        self._show_chosen()
        for press in (self.mask_all, self.keep_all):
            press.setEnabled(bool(marks.all))
        self.remove.setEnabled(marks.now is not None)

    def _show_chosen(self) -> None:
        selection = self.view.selectionModel()
        selection.blockSignals(True)
        if self.marks.now is None:
            selection.clear()
        else:
            index = self.model.index(self.marks.chosen, 0)
            flags = QItemSelectionModel.SelectionFlag
            selection.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.view.scrollTo(index)
        selection.blockSignals(False)
        self.view.viewport().update()

    def _checked(self, item: QStandardItem) -> None:
        masked = item.checkState() is Qt.CheckState.Checked
        self._tell(self.marks.mask(item.row(), masked=masked).choose(item.row()))

    def _chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._tell(self.marks.choose(now.row() if now.isValid() else -1))

    def _key(self, key: int) -> None:
        adding = Qt.Key(key) == Qt.Key.Key_Insert
        self._tell(self.marks.add_one() if adding else self.marks.remove())

    def _tell(self, marks: Marks) -> None:
        if marks != self.marks:
            self.show_marks(marks)
            self.changed.emit(marks)


def _fill(item: QStandardItem, one: Marked) -> None:
    words = region_words(one)
    item.setText(words)
    item.setEditable(False)
    item.setCheckable(True)
    item.setCheckState(Qt.CheckState.Checked if one.masked else Qt.CheckState.Unchecked)
    item.setSizeHint(QSize(0, px(ROW)))
    state = "masked" if one.masked else "kept"
    item.setData(f"{words}, {state}", Qt.ItemDataRole.AccessibleTextRole)
