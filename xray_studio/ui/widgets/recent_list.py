"""RecentList: the paths opened before, one button each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from xray_studio.ui.look.icons import tinted
from xray_studio.ui.look.theme import colour, font, mark, px, tokens

HEIGHT = 48


def recent_words(number: int) -> str:
    """Return what stands for a path while identity is hidden: folders are named after patients."""
    return f"Recent {number}"


class PathButton(QPushButton):
    """A path as its last part above the folder it is in, or the words that stand for it."""

    def __init__(self, path: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = (words, "") if words else (Path(path).name or path, str(Path(path).parent))
        mark(self, kind="quiet")
        self.follow_look()
        self.setToolTip(words or path)
        self.setAccessibleName(f"Open {words or path}")

    def follow_look(self) -> None:
        """Take the height for the size of letters in use."""
        self.setFixedHeight(px(HEIGHT))

    def sizeHint(self) -> QSize:
        """Return a size that leaves the width to the panel."""
        return QSize(120, px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground as every button, then icon and both lines."""
        super().paintEvent(event)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(
            12, (self.height() - 20) // 2, tinted("folder-open", tokens().secondary, 20, ratio)
        )
        self._line(painter, px(6 if self._lines[1] else 15), self._lines[0], 13, "text")
        self._line(painter, px(25), self._lines[1], 12, "secondary")
        painter.end()

    def _line(self, painter: QPainter, top: int, text: str, size: int, token: str) -> None:
        letters = font(size)
        metrics = QFontMetrics(letters)
        area = QRect(44, top, self.width() - 56, metrics.height())
        side = Qt.TextElideMode.ElideRight if size > 12 else Qt.TextElideMode.ElideMiddle
        painter.setFont(letters)
        painter.setPen(colour(token))
        painter.drawText(area, 0, metrics.elidedText(text, side, area.width()))


class RecentList(QWidget):
    """Paths opened before, the latest first; `chosen` tells the one to open again."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[PathButton] = []
        self._title = QLabel("Recent", self)
        self._none = QLabel("Folders and files that you open are listed here.", self)
        self._none.setWordWrap(True)
        for label in (self._title, self._none):
            mark(label, role="caption")
            label.setContentsMargins(12, 4, 12, 4)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._title)
        self._column.addWidget(self._none)
        self._column.addStretch(1)

    def set_paths(self, paths: Sequence[str], *, hidden: bool = False) -> None:
        """Show these paths, or their numbers while identity is `hidden`."""
        for button in self.buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        self.buttons = [
            self._button(path, recent_words(number) if hidden else "")
            for number, path in enumerate(paths, 1)
        ]
        self._none.setVisible(not paths)

    def _button(self, path: str, words: str) -> PathButton:
        button = PathButton(path, words, self)
        button.clicked.connect(lambda: self.chosen.emit(path))
        self._column.insertWidget(self._column.count() - 1, button)
        return button
