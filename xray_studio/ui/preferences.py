"""Preferences: the settings in use, written in the background whenever they change."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.services.settings import Settings, save_settings
from xray_studio.ui.work import JobRunner

LANE = "settings"


class Preferences(QObject):
    """Holds the settings. `failed` tells a sentence when they cannot be written."""

    changed = Signal()
    failed = Signal(str)

    def __init__(
        self, settings: Settings, runner: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self.settings = settings

    def change(self, **changes: Any) -> None:
        """Replace settings and write them, unless they are the same."""
        self._keep(replace(self.settings, **changes))

    def add_recent(self, paths: tuple[str, ...]) -> None:
        """Remember paths that were opened, the first one latest."""
        settings = self.settings
        for path in reversed(paths):
            settings = settings.with_recent(path)
        self._keep(settings)

    def save(self) -> None:
        """Write the settings now, when the window has closed and nobody can be told."""
        with contextlib.suppress(StudioError):
            save_settings(self.settings)

    def _keep(self, settings: Settings) -> None:
        if settings == self.settings:
            return
        self.settings = settings
        self.changed.emit()
        # A disk takes its time to confirm what was written.
        self._runner.start(
            saved(settings),
            title="Saving settings",
            lane=LANE,
            visible=False,
            on_error=lambda error: self.failed.emit(str(error)),
        )


def saved(settings: Settings) -> Job[None]:
    """Write settings."""
    yield Progress(message="Saving settings")
    save_settings(settings)
