"""The button that shows the folder of an export and asks for another one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark

LONGEST = 380  # pixels of the folder's name; what is longer is cut in its middle


class FolderButton(QPushButton):
    """Shows `folder`. `chosen` tells that the user took another one."""

    chosen = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """`title` is that of the dialog that asks."""
        super().__init__(icon("folder", "secondary"), "", parent)
        self.folder = Path()
        self._title = title
        self.setAutoDefault(False)
        self.setIconSize(QSize(18, 18))
        mark(self, align="left")
        self.clicked.connect(self._ask)

    def show_folder(self, folder: Path) -> None:
        """Show where files go."""
        self.folder = folder
        middle = Qt.TextElideMode.ElideMiddle
        text = self.fontMetrics().elidedText(_from_home(folder), middle, LONGEST)
        self.setText(f"  {text}")
        self.setToolTip(str(folder))
        self.setAccessibleName(f"Folder: {folder}")

    def _ask(self) -> None:
        dialog = QFileDialog(self, self._title, str(self.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, folder: str) -> None:
        self.show_folder(Path(folder))
        self.chosen.emit()


def _from_home(folder: Path) -> str:
    """Return a folder as people write it, with ~ for their own."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if home in folder.parents else str(folder)
