"""Full screen: gives the pictures the whole screen, and everything its place again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from xray_studio.ui.grid.detached import DetachedWindow


class FullScreen:
    """Puts `parts` of a window away while its pictures have the screen; `after` ends a change."""

    def __init__(
        self, window: QWidget, parts: Sequence[QWidget], after: Callable[[], object]
    ) -> None:
        self._window, self._parts, self._after = window, parts, after
        self._put_away: list[QWidget] = []

    def toggle(self) -> None:
        """Take the screen or give it back.

        Where the window of a detached viewport is in front, that one changes.
        """
        front = QApplication.activeWindow()
        if isinstance(front, DetachedWindow):
            front.toggle_full_screen()
        elif self._window.isFullScreen():
            self.leave()
        else:
            self._take()

    def leave(self) -> None:
        """Give the screen back where the window has it."""
        if not self._window.isFullScreen():
            return
        for part in self._put_away:
            part.show()
        state = self._window.windowState()
        self._window.setWindowState(state & ~Qt.WindowState.WindowFullScreen)
        self._after()

    def _take(self) -> None:
        self._put_away = [part for part in self._parts if not part.isHidden()]
        for part in self._put_away:
            part.hide()
        self._window.setWindowState(self._window.windowState() | Qt.WindowState.WindowFullScreen)
        self._after()
