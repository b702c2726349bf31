"""Appearance: dresses the program as the settings say, at once when they change."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from xray_studio.ui.actions.keymap import KeyOwner
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import apply_theme
from xray_studio.ui.session import Session
from xray_studio.ui.state import State


class Appearance(QObject):
    """Follows theme and size of letters of the session, and the theme of the system."""

    def __init__(self, session: Session, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._app = session, app
        session.changed.connect(self._follow)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def dress(self) -> None:
        """Dress the program."""
        wanted = self._session.state.settings.appearance
        apply_theme(self._app, wanted.theme, wanted.text)

    def _follow(self, old: State, new: State) -> None:
        if old.settings.appearance != new.settings.appearance:
            self.dress()

    def _follow_system(self) -> None:
        if self._session.state.settings.appearance.theme == "system":
            self.dress()


def application() -> QApplication:
    """Return the application, made and dressed when there is none yet."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    if app.applicationName() != "X-Ray Studio":
        app.setApplicationName("X-Ray Studio")
        app.setDesktopFileName("xray-studio")
        apply_theme(app)
        app.setWindowIcon(icon("film", "accent"))
        KeyOwner(app)
    return app
