"""Frames of several sources one after another, and the place of one that cannot be shown."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from xray_studio.core.clip import Frame, FrameSource
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.workers import Priority


@dataclass(frozen=True, slots=True)
class BrokenSource:
    """One frame of a series that cannot be shown, and why."""

    reason: StudioError
    frame_shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """(1, rows, columns) or (1, rows, columns, 3), as in the rest of the series."""
        return (1, *self.frame_shape)

    def read(self, index: int) -> Frame:
        """Raise the reason."""
        del index
        raise type(self.reason)(*self.reason.args)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return a future that ends in the reason."""
        del priority
        return attempt(self.read, index)


@dataclass(frozen=True)
class SeriesSource:
    """The frames of several sources one after another; all have frames of one shape and type."""

    parts: tuple[FrameSource, ...]

    @cached_property
    def _ends(self) -> list[int]:
        ends: list[int] = []
        for part in self.parts:
            ends.append((ends[-1] if ends else 0) + part.shape[0])
        return ends

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return (self._ends[-1], *self.parts[0].shape[1:])

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of every frame."""
        return self.parts[0].dtype

    def locate(self, index: int) -> tuple[FrameSource, int]:
        """Return the source that holds frame `index`, and the number of the frame there."""
        which = bisect.bisect_right(self._ends, index)
        return self.parts[which], index - (self._ends[which - 1] if which else 0)

    def read(self, index: int) -> Frame:
        """Return frame `index`, read-only. Raises what its own source raises."""
        part, number = self.locate(index)
        return part.read(number)

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        part, number = self.locate(index)
        return part.request(number, priority)


def attempt(read: Callable[[int], Frame], index: int) -> Future[Frame]:
    """Return the result of `read(index)`, or its error, as a future that is done.

    Whoever asks for frames expects errors in the future only, and only those with a sentence.
    """
    future: Future[Frame] = Future()
    try:
        future.set_result(read(index))
    except StudioError as error:
        future.set_exception(error)
    except Exception:  # noqa: BLE001 - damaged data can raise anything
        future.set_exception(UnreadableError("This frame is damaged and cannot be shown."))
    return future
