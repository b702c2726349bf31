"""Preferences: the settings in use, written whenever they change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from xray_studio.core.errors import StudioError
from xray_studio.services.settings import Settings, save_settings


class Preferences(QObject):
    """Holds the settings. `failed` tells a sentence when they cannot be written."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
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

    def _keep(self, settings: Settings) -> None:
        if settings == self.settings:
            return
        self.settings = settings
        self.changed.emit()
        try:
            save_settings(settings)
        except StudioError as error:
            self.failed.emit(str(error))
