"""Displays: the display loops of a window with the clock, cache and prefetcher they share."""

from __future__ import annotations

from PySide6.QtCore import QObject

from xray_studio.core.cache import FrameBudget
from xray_studio.ui.caches import Caches
from xray_studio.ui.player import Player
from xray_studio.ui.prefetch import Prefetcher
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.display import DisplayLoop, Shared
from xray_studio.ui.viewer.viewport import Viewport
from xray_studio.ui.work import JobRunner


class Displays(QObject):
    """Keeps viewports showing what the session says. Call `close` before it goes."""

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        budget: FrameBudget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.budget = budget
        self.player = Player(session, self)
        self._prefetcher = Prefetcher(self)
        self._caches = Caches(budget, self._prefetcher.retire, self)
        self._shared = Shared(self._caches, self._prefetcher, self.player, runner)
        self._loops: list[DisplayLoop] = []
        self._closed = False
        self._prefetcher.start()

    def show_in(self, session: Session, viewport: Viewport) -> DisplayLoop:
        """Let a viewport show what a session, or one of its panes, says."""
        loop = DisplayLoop(session, viewport, self._shared, self)
        self._loops.append(loop)
        return loop

    def close(self) -> None:
        """Stop clock and threads and give the memory back."""
        if self._closed:
            return
        self._closed = True
        self.player.stop()
        for loop in self._loops:
            loop.close()
        self._loops.clear()
        self._caches.sweep()
        self._prefetcher.stop()
