"""The button of the export dialog that saves choices as recipes and loads them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from xray_studio.ui.look.icons import icon

SUFFIX = ".toml"
_KINDS = f"Recipes (*{SUFFIX})"


class RecipeButton(QPushButton):
    """A button with a menu. `save_chosen` and `load_chosen` tell the path of a recipe."""

    save_chosen = Signal(object)
    load_chosen = Signal(object)

    def __init__(self, folder: Path, recent: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__("Recipes", parent)
        self.setAutoDefault(False)
        self.setToolTip("Keep these choices for other clips, and for export --recipe")
        self._folder = folder
        self.menu_of_recipes = QMenu(self)
        self.setMenu(self.menu_of_recipes)
        self.save = self._action("Save as recipe\N{HORIZONTAL ELLIPSIS}", self._ask_save)
        self.load = self._action("Load recipe\N{HORIZONTAL ELLIPSIS}", self._ask_load)
        self.keep_window = QAction("With this window and inversion", self.menu_of_recipes)
        self.keep_window.setCheckable(True)
        self.keep_window.setIcon(icon("check", "none"))
        self.keep_window.setToolTip("Save centre and width as well, for clips of the same kind")
        self.menu_of_recipes.addAction(self.keep_window)
        self.recent: list[QAction] = []
        self.show_recent(recent)

    def show_recent(self, recent: Sequence[str]) -> None:
        """Offer recipes used before, the latest first."""
        for action in self.recent:
            self.menu_of_recipes.removeAction(action)
            action.deleteLater()
        line = [self.menu_of_recipes.addSeparator()] if recent else []
        self.recent = [*line, *(self._offer(Path(path)) for path in recent)]

    def _offer(self, path: Path) -> QAction:
        action = QAction(path.stem, self.menu_of_recipes)
        action.triggered.connect(lambda: self.load_chosen.emit(path))
        self.menu_of_recipes.addAction(action)
        return action

    def _action(self, text: str, then: Callable[[], None]) -> QAction:
        action = QAction(text, self.menu_of_recipes)
        action.triggered.connect(then)
        self.menu_of_recipes.addAction(action)
        return action

    def _ask_save(self) -> None:
        dialog = self._chooser("Save as recipe", QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.fileSelected.connect(lambda path: self.save_chosen.emit(Path(path)))
        dialog.open()

    def _ask_load(self) -> None:
        dialog = self._chooser("Load recipe", QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.load_chosen.emit(Path(path)))
        dialog.open()

    def _chooser(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self, title, str(self._folder), _KINDS)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog
