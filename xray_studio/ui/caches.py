"""Caches: one frame cache for each clip on screen, however many viewports show it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.cache import FrameBudget, FrameCache
from xray_studio.core.clip import FrameSource


class Caches(QObject):
    """Lends caches within one budget; one that nobody has any more is given to `retire`.

    That happens a moment later: a picture that goes from one viewport to another keeps its frames.
    """

    def __init__(
        self,
        budget: FrameBudget,
        retire: Callable[[FrameCache], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.budget = budget
        self._retire = retire
        self._lent: dict[int, tuple[FrameCache, int]] = {}
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.sweep)

    def take(self, source: FrameSource) -> FrameCache:
        """Lend the cache over a source."""
        # The cache holds the source, so that its number is nobody else's.
        cache, users = self._lent.get(id(source), (None, 0))
        cache = cache or FrameCache(source, self.budget)
        self._lent[id(source)] = cache, users + 1
        return cache

    def give_back(self, cache: FrameCache) -> None:
        """Take a cache back."""
        kept, users = self._lent[id(cache.source)]
        self._lent[id(cache.source)] = kept, users - 1
        if users == 1:
            self._later.start(0)

    def sweep(self) -> None:
        """Retire what nobody has."""
        unused = [number for number, (_, users) in self._lent.items() if users == 0]
        for number in unused:
            self._retire(self._lent.pop(number)[0])
