"""Keymap editor: choose a keymap, change the key of any action, see what it clashes with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.errors import StudioError
from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.actions.key_changes import (
    Changes,
    given,
    owner_of,
    read_keys,
    refusal,
    write_keys,
)
from xray_studio.ui.actions.keymap import written
from xray_studio.ui.actions.keymaps import KEYMAPS, sparse
from xray_studio.ui.dialogs.keymap.key_field import KeyField
from xray_studio.ui.dialogs.keymap.model import KeymapModel, Line, all_keys, lines
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, separator, sized
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.widgets.search_field import SearchField
from xray_studio.ui.widgets.segmented import Segmented

SIZE = (760, 620)
FILE_NAME = "X-Ray Studio keys.json"


class KeysTree(QTreeView):
    """The list of actions; Enter leads to the field for a new key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionBehavior(QTreeView.SelectionBehavior.SelectRows)
        self.setAccessibleName("Actions and their keys")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell Enter as a double click does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.doubleClicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class KeymapDialog(QDialog):
    """Changes take effect at once; the session keeps them."""

    def __init__(self, session: Session, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        self._wanted = ""
        self.setWindowTitle("Keys")
        sized(self, *SIZE)
        names = tuple((name, keymap.title) for name, keymap in KEYMAPS.items())
        self.keymap = Segmented("Keymap", names, self)
        self.search = SearchField("Search actions and keys", "Action or key", self)
        self.model, self.view = KeymapModel(self), KeysTree(self)
        self.title, self.field, self.told = QLabel(self), KeyField(self), QLabel(self)
        self.take = button("Take over", self, "accent")
        self.none = button("No key", self)
        self.reset = button("Reset", self)
        self.reset_all = button("Reset all", self)
        self.load, self.save = button("Import…", self), button("Export…", self)
        self.close_button = button("Close", self)
        self._build()
        self._connect()
        self._list()
        self.view.setCurrentIndex(self.model.index(0, 0))
        self.view.setFocus()

    def done(self, result: int) -> None:
        """Stop following the session, which outlives this dialog."""
        self._session.changed.disconnect(self._follow)
        super().done(result)

    # -- making

    def _build(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 12, MARGIN, 12)
        column.setSpacing(12)
        self.keymap.setFixedHeight(34)
        self.view.setModel(self.model)
        head = self.view.header()
        head.setAccessibleName("Columns")
        head.setStretchLastSection(False)
        for section, mode in enumerate(("Stretch", "ResizeToContents", "Fixed", "Fixed")):
            head.setSectionResizeMode(section, QHeaderView.ResizeMode[mode])
        head.resizeSection(2, 160)
        head.resizeSection(3, 72)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.keymap, 3)
        top.addWidget(self.search, 2)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addWidget(separator(self))
        column.addLayout(self._editor())
        foot = footer([self.reset_all, self.load, self.save], [self.close_button])
        framed(self, heading("Keys", "Choose an action and press its new key.", self), body, foot)

    def _editor(self) -> QVBoxLayout:
        mark(self.title, role="strong")
        mark(self.told, role="secondary")
        self.told.setWordWrap(True)
        self.told.setMinimumHeight(20)
        self.take.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.title, 1)
        self.field.setFixedWidth(200)
        for widget in (self.field, self.none, self.reset):
            row.addWidget(widget)
        below = QHBoxLayout()
        below.addWidget(self.told, 1)
        below.addWidget(self.take)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(row)
        column.addLayout(below)
        return column

    def _connect(self) -> None:
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self.view.doubleClicked.connect(lambda _index: self.field.setFocus())
        self.search.searched.connect(self._search)
        self.search.went_down.connect(self.view.setFocus)
        self.search.entered.connect(self.view.setFocus)
        self.keymap.chosen.connect(lambda name: self._session.change_settings("keys", keymap=name))
        self.field.pressed_key.connect(self._pressed)
        self.field.left.connect(self.view.setFocus)
        self.take.clicked.connect(lambda: self._give(self._wanted))
        self.none.clicked.connect(lambda: self._set({**self._changed(), self._name(): ""}))
        self.reset.clicked.connect(self._reset_one)
        self.reset_all.clicked.connect(lambda: self._set({}))
        self.load.clicked.connect(self._ask_file)
        self.save.clicked.connect(self._ask_target)
        self.close_button.clicked.connect(self.accept)
        self._session.changed.connect(self._follow)

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        if old.settings.keys != new.settings.keys:
            self._list()

    def _list(self) -> None:
        keys, chosen = self._session.state.settings.keys, self._name()
        self.keymap.set_value(keys.keymap)
        self.model.show(lines(self._actions, dict(keys.changed)))
        self._select(chosen)
        self.reset_all.setEnabled(bool(keys.changed))

    def _search(self, words: tuple[str, ...]) -> None:
        chosen = self._name()
        self.model.search(words)
        self._select(chosen)

    def _select(self, name: str) -> None:
        row = max(0, self.model.row_of(name))
        self.view.setCurrentIndex(self.model.index(row, 0))
        self._choose(self.view.currentIndex())

    def _choose(self, index: QModelIndex, _before: object = None) -> None:
        line = self.model.shown[index.row()] if index.isValid() else None
        self._show_line(line)
        self._say("")

    def _show_line(self, line: Line | None) -> None:
        for widget in (self.field, self.none):
            widget.setEnabled(line is not None)
        self.reset.setEnabled(line is not None and line.own)
        self.none.setEnabled(line is not None and bool(line.keys))
        self.field.clear()
        self.title.setText("" if line is None else line.title)
        if line is not None:
            words = all_keys(line.keys) or "no key"
            self.field.setAccessibleDescription(f"New key of {line.title}, now {words}")

    def _say(self, sentence: str, role: str = "secondary", *, taking: bool = False) -> None:
        mark(self.told, role=role)
        self.told.setText(sentence)
        self.field.setAccessibleDescription(sentence or self.field.accessibleDescription())
        self.take.setVisible(taking)

    # -- changing

    def _name(self) -> str:
        index = self.view.currentIndex()
        return self.model.shown[index.row()].name if index.isValid() else ""

    def _changed(self) -> Changes:
        return dict(self._session.state.settings.keys.changed)

    def _pressed(self, key: str) -> None:
        reason, owner = refusal(key), owner_of(key, self._actions.keys)
        if reason:
            self._say(reason, "danger")
        elif owner and owner != self._name():
            self._wanted = key
            words = f"{written(key)} is the key of “{self._title(owner)}”."
            self._say(words, "danger", taking=True)
        else:
            self._give(key)

    def _give(self, key: str) -> None:
        name = self._name()
        self._set(given(name, key, self._actions.keys, self._changed()))
        self._say(f"{written(key)} is the key of “{self._title(name)}” now.", "done")

    def _title(self, name: str) -> str:
        return next(line.title for line in lines(self._actions, {}) if line.name == name)

    def _set(self, changed: Changes) -> None:
        keymap = KEYMAPS[self._session.state.settings.keys.keymap]
        few = sparse(self._actions.usual, keymap, changed)
        self._session.change_settings("keys", changed=tuple(sorted(few.items())))

    def _reset_one(self) -> None:
        self._set({name: keys for name, keys in self._changed().items() if name != self._name()})

    # -- files

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Import keys", "", "Keys (*.json)")
        dialog.fileSelected.connect(lambda path: self.import_file(Path(path)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _ask_target(self) -> None:
        dialog = QFileDialog(self, "Export keys", FILE_NAME, "Keys (*.json)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda path: self.export_file(Path(path)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def import_file(self, path: Path) -> None:
        """Take keymap and keys of a file, or say why not."""
        try:
            keymap, changed = read_keys(path, self._actions.usual, KEYMAPS)
        except StudioError as error:
            self._say(str(error), "danger")
            return
        self._session.change_settings("keys", keymap=keymap)
        self._set(changed)
        self._say(f"The keys of {path.name} are in use.", "done")

    def export_file(self, path: Path) -> None:
        """Write keymap and keys, or say why not."""
        try:
            write_keys(path, self._session.state.settings.keys.keymap, self._changed())
        except StudioError as error:
            self._say(str(error), "danger")
            return
        self._say(f"The keys were written to {path.name}.", "done")
