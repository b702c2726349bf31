"""Icons of files and folders for the file dialog where the system has none of its own."""

from __future__ import annotations

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon

from xray_studio.ui.look.icons import icon


class FileIcons(QAbstractFileIconProvider):
    """Gives files and folders the icons of the rest of the window."""

    def icon(self, what: QFileInfo | QAbstractFileIconProvider.IconType) -> QIcon:
        """Return the icon of a file, or of a kind of place."""
        if isinstance(what, QFileInfo):
            return icon("folder" if what.isDir() else "file", "secondary")
        kinds = QAbstractFileIconProvider.IconType
        names = {kinds.Computer: "monitor", kinds.Drive: "hard-drive", kinds.File: "file"}
        return icon(names.get(what, "folder"), "secondary")
