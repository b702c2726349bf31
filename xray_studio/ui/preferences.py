"""Preferences: the settings of the session, written in the background whenever they change."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.services.settings import MOST_RECENT, Settings, load_settings, save_settings
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE = "settings"


class Preferences(QObject):
    """Changes and keeps the settings. `failed` tells a sentence when they cannot be written."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        session.changed.connect(self._follow)

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._session.state.settings

    def change(self, group: str, **changes: Any) -> None:
        """Change some settings of a group."""
        self._session.change_settings(group, **changes)

    def add_recent(self, paths: tuple[str, ...]) -> None:
        """Remember paths that were opened, the first one latest."""
        settings = self.settings
        for path in reversed(paths):
            settings = settings.with_recent(path)
        self._session.update(settings=settings)

    def add_used(self, name: str) -> None:
        """Remember an action that was chosen by name."""
        self._session.update(settings=self.settings.with_used(name))

    def add_recipe(self, path: str) -> None:
        """Remember a recipe that was used."""
        known = self.settings.export.recipes
        others = tuple(other for other in known if other != path)
        self.change("export", recipes=(path, *others)[:MOST_RECENT])

    def forget_recent(self) -> None:
        """Forget the paths that were opened."""
        self._session.update(settings=replace(self.settings, recent=()))

    def save(self) -> None:
        """Write the settings now, when the window has closed and nobody can be told."""
        with contextlib.suppress(StudioError):
            save_settings(_with_nodes(self.settings))

    def _follow(self, old: State, new: State) -> None:
        if old.settings == new.settings:
            return
        self.changed.emit()
        # A disk takes its time to confirm what was written.
        self._runner.start(
            saved(new.settings),
            title="Saving settings",
            lane=LANE,
            visible=False,
            on_error=lambda error: self.failed.emit(str(error)),
        )


def saved(settings: Settings) -> Job[None]:
    """Write settings."""
    yield Progress(message="Saving settings")
    save_settings(_with_nodes(settings))


def _with_nodes(settings: Settings) -> Settings:
    """Return settings with the nodes of the file: `pacs nodes` of the command line changes them."""
    there, _ = load_settings()
    return settings.changed("archives", nodes=there.archives.nodes)
