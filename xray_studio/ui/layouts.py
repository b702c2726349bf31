"""Layouts: the one on screen is remembered, others are saved under names, all in the settings."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from xray_studio.ui.layout import Layout, from_text, to_text, unstaged
from xray_studio.ui.session import Session
from xray_studio.ui.state import State


class Layouts(QObject):
    """Keeps layouts between starts."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.update(layout=from_text(session.state.settings.layouts.current) or Layout())
        session.changed.connect(self._follow)

    @property
    def now(self) -> Layout:
        """The layout on screen."""
        return self._session.state.layout

    @property
    def saved(self) -> dict[str, Layout]:
        """The layouts saved under a name; what a later version wrote is passed over."""
        pairs = self._session.state.settings.layouts.saved
        found = {name: from_text(text) for name, text in pairs}
        return {name: layout for name, layout in found.items() if layout is not None}

    def save(self, name: str) -> None:
        """Save the layout on screen under a name, in place of one of that name."""
        self._keep({**self.saved, name: replace(self.now, staged=False)})

    def delete(self, name: str) -> None:
        """Forget a saved layout."""
        self._keep({kept: layout for kept, layout in self.saved.items() if kept != name})

    def _keep(self, layouts: dict[str, Layout]) -> None:
        pairs = tuple((name, to_text(layout)) for name, layout in layouts.items())
        self._session.change_settings("layouts", saved=pairs)

    def _follow(self, old: State, new: State) -> None:
        """Keep what the grid is; one that shows a picture twice is that only for a while."""
        if old.layout != new.layout and new.beside is None:
            self._session.change_settings("layouts", current=to_text(unstaged(new.layout)))
