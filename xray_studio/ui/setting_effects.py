"""Effects of settings: what follows at once when one of pictures, privacy or memory changes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from xray_studio.core.cache import FrameBudget
from xray_studio.core.presentation import Overlay
from xray_studio.services.settings import Settings, cache_limit
from xray_studio.ui.session import Session
from xray_studio.ui.state import State


class SettingEffects(QObject):
    """Puts settings into the session and the budget of memory, first those of the start."""

    def __init__(
        self, session: Session, budget: FrameBudget, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._budget = session, budget
        self._begin(session.state.settings)
        session.changed.connect(self._follow)

    def _begin(self, settings: Settings) -> None:
        self._show_corner_text(settings)
        if settings.privacy.hide_identity:
            self._session.update(identity_hidden=True)

    def _follow(self, old: State, new: State) -> None:
        before, now = old.settings, new.settings
        if before.viewing.corner_text != now.viewing.corner_text:
            self._show_corner_text(now)
        if now.privacy.hide_identity and not before.privacy.hide_identity:
            self._session.update(identity_hidden=True)
        if before.memory != now.memory:
            self._budget.limit = cache_limit(now)

    def _show_corner_text(self, settings: Settings) -> None:
        wanted = Overlay.ALL if settings.viewing.corner_text == "all" else Overlay.NONE
        self._session.update(overlay=wanted)
