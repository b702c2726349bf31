"""Stock: the decoded frames of the clip on screen, whole ones and reduced ones."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.cache import FrameCache
from xray_studio.core.clip import Clip
from xray_studio.core.processed import ProcessedSource
from xray_studio.services.reduced_source import ReducedSource, reduced_source
from xray_studio.services.volume.plane_clips import PlaneSource
from xray_studio.ui.caches import Caches


class Stock:
    """Holds whole frames of a clip, and reduced ones where whole ones are slow or do not fit.

    `clip` is the clip over the cache of whole frames, `original` the one that a processed clip is
    made from, over a cache of its own, None where nothing is processed. Call `close` when it is not
    shown any more.
    """

    def __init__(self, clip: Clip, caches: Caches, base: Clip | None = None) -> None:
        self._caches = caches
        self._below = None if base is None else caches.take(base.source)
        self.original = None
        source = clip.source
        if base is not None and self._below is not None:
            self.original = base.with_source(self._below)
            if isinstance(source, ProcessedSource) and source.under is base.source:
                source = replace(source, under=self._below)
        self.whole = caches.take(source)
        self.clip = clip.with_source(self.whole)
        self._source = reduced_source(clip, caches.budget.limit)
        self._small = None if self._source is None else caches.take(self._source)

    @property
    def at_once(self) -> bool:
        """Tell whether frames are made too fast to be worth making ahead: planes of a volume."""
        return isinstance(self.whole.source, PlaneSource)

    def close(self) -> None:
        """Give the caches back."""
        for cache in self._all():
            self._caches.give_back(cache)
        if self._below is not None:
            self._caches.give_back(self._below)

    def holds(self, cache: FrameCache) -> bool:
        """Tell whether a cache is one of these."""
        return cache in self._all()

    def has(self, index: int) -> bool:
        """Tell whether a frame, whole or reduced, can be shown at once."""
        return any(cache.peek(index) is not None for cache in self._all())

    def reduced(self, index: int, *, playing: bool) -> FrameCache | None:
        """Return what to show a frame from instead of the whole one, None for the whole one."""
        if self._source is None or self.whole.peek(index) is not None:
            return None
        return self._small if self._source.quick or (playing and not self.whole.fits()) else None

    def to_fill(self, *, playing: bool) -> FrameCache:
        """Return the cache to decode ahead: small frames first, they are soon there."""
        if self._source is None or self._small is None or not self._helps(self._source, playing):
            return self.whole
        complete = len(self._small.cached()) == self._small.shape[0]
        return self.whole if complete and self.whole.fits() else self._small

    def cached(self) -> set[int]:
        """Return the numbers of the frames in memory."""
        return set().union(*(cache.cached() for cache in self._all()))

    def _helps(self, source: ReducedSource, playing: bool) -> bool:
        return source.quick or playing

    def _all(self) -> list[FrameCache]:
        return [self.whole] if self._small is None else [self.whole, self._small]
