"""Frames of values to write: what a file of them holds besides the numbers themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.place import SliceGrid


@dataclass(frozen=True, slots=True, eq=False)
class ValueSpec:
    """A sequence of frames of modality values, or of RGB.

    `frame_shape` is (rows, columns) or (rows, columns, 3). `numbers` are the frames of the source,
    from 0, in the order they are written. `times` are the seconds at which they start, NaN where
    nothing tells; `interval` is the usual one. `spacing` is (row, column) in mm, and
    `spacing_meaning` where it holds. `facts` are told beside the values; they identify nobody
    unless that was asked for. Frames without a grid follow one another as moments, those that are
    `stacked` as slices.
    """

    frame_shape: tuple[int, ...]
    dtype: np.dtype[Any]
    numbers: tuple[int, ...]
    times: tuple[float, ...]
    times_source: str
    interval: float
    unit: str = ""
    spacing: tuple[float, float] | None = None
    spacing_meaning: str = ""
    grid: SliceGrid | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    stacked: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns) or (frames, rows, columns, 3)."""
        return (len(self.numbers), *self.frame_shape)


class ValueWriter(Protocol):
    """Takes frames in order. Leaving the context without `close` gives up."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def write(self, frame: Frame) -> None:
        """Append one frame of the type and shape asked for. Raises OSError."""

    def close(self) -> None:
        """Finish. Raises OSError."""
