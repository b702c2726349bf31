"""Saved layouts: choose one, delete one, save the layout on screen under a name."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading
from xray_studio.ui.layout import Layout, Link
from xray_studio.ui.look.theme import mark

NOTHING = "No layout is saved yet. Type a name below to save the one on screen."
LONGEST = 40  # letters of a name
SIZE = QSize(460, 420)
ROW = QSize(0, 32)


class LayoutsDialog(QDialog):
    """Tells names: `used` of a layout to show, `saved` of the one on screen, `deleted` of another.

    Rows and columns, links and pace are saved; which pictures they show is not.
    """

    used = Signal(str)
    saved = Signal(str)
    deleted = Signal(str)

    def __init__(self, layout: Layout, kept: Mapping[str, Layout], parent: QWidget) -> None:
        super().__init__(parent)
        self._layout = layout
        self.setWindowTitle("Saved layouts")
        self.list, self.none = QListWidget(self), QLabel(NOTHING, self)
        self.field = QLineEdit(self)
        self.save = button("Save", self)
        self.use = button("Use", self, "accent")
        self.delete = button("Delete", self)
        self._build()
        self.show_kept(kept)
        self.resize(SIZE)

    def show_kept(self, kept: Mapping[str, Layout]) -> None:
        """List the saved layouts."""
        self.list.clear()
        for name, layout in kept.items():
            item = QListWidgetItem(f"{name} · {layout_words(layout)}")
            item.setSizeHint(ROW)
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(kept))
        self.none.setVisible(not kept)
        self._enable()

    def chosen(self) -> str:
        """Return the name that is chosen in the list, "" for none."""
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _build(self) -> None:
        self.none.setWordWrap(True)
        mark(self.none, role="secondary")
        self.list.setAccessibleName("Saved layouts")
        self.field.setPlaceholderText(f"Name for {layout_words(self._layout)}")
        self.field.setAccessibleName("Name of the layout on screen")
        self.field.setMaxLength(LONGEST)
        self.field.textChanged.connect(self._enable)
        self.field.returnPressed.connect(self._save)
        self.list.currentRowChanged.connect(self._enable)
        self.list.itemActivated.connect(self._use)
        self.save.clicked.connect(self._save)
        self.use.clicked.connect(self._use)
        self.delete.clicked.connect(lambda: self.deleted.emit(self.chosen()))
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        column.addWidget(self.field)
        head = heading("Saved layouts", "Rows, columns and links", self)
        framed(self, head, body, footer((self.delete,), (self.save, self.use)))

    def _enable(self) -> None:
        chosen = bool(self.chosen())
        self.use.setEnabled(chosen)
        self.delete.setEnabled(chosen)
        self.save.setEnabled(bool(self.field.text().strip()))

    def _save(self) -> None:
        name = self.field.text().strip()
        if name:
            self.field.clear()
            self.saved.emit(name)

    def _use(self) -> None:
        if self.chosen():
            self.used.emit(self.chosen())
            self.accept()


def layout_words(layout: Layout) -> str:
    """Return a layout in words, as "2 x 2, linked window and time"."""
    names = [link.value for link in Link if link in layout.links]
    if not names:
        return layout.words
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{layout.words}, linked {listed}"
