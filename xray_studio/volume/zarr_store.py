"""Zarr stores (format 3) written frame by frame, one chunk a frame.

The arrays and attributes stand in docs/exporting-values.md.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Self

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.value_output import ValueSpec

_AXES = ("frame", "row", "column", "channel")


class ZarrWriter:
    """Writes the arrays `values`, `times` and `frames`, and attributes of the group."""

    def __init__(self, path: Path, spec: ValueSpec) -> None:
        self._path, self._spec = path, spec
        self._values: Any = None
        self._next = 0

    def __enter__(self) -> Self:
        import zarr

        spec = self._spec
        group = zarr.create_group(self._path, zarr_format=3, attributes=_attributes(spec))
        self._values = group.create_array(
            "values",
            shape=spec.shape,
            dtype=spec.dtype,
            chunks=(1, *spec.frame_shape),
            dimension_names=_AXES[: len(spec.shape)],
        )
        for name, array in (("times", spec.times), ("frames", spec.numbers)):
            data = np.array(array, np.float64 if name == "times" else np.int64)
            group.create_array(name, data=data, dimension_names=_AXES[:1])
        return self

    def __exit__(self, *_: object) -> None:
        end_threads()

    def write(self, frame: Frame) -> None:
        """Append one frame. Raises OSError."""
        self._values[self._next] = frame
        self._next += 1

    def close(self) -> None:
        """Finish: every chunk is written when it is given."""


def _attributes(spec: ValueSpec) -> dict[str, Any]:
    grid = spec.grid
    return {
        "unit": spec.unit,
        "times_unit": "s",
        "times_source": spec.times_source,
        "spacing": spec.spacing,
        "spacing_meaning": spec.spacing_meaning,
        "affine": None if grid is None else grid.affine.tolist(),
        "facts": spec.facts,
    }


def read_zarr(path: Path) -> tuple[int, Frame, Frame]:
    """Return number of frames, first and last frame of a store.

    Raises OSError or ValueError where it is not whole.
    """
    import zarr

    try:
        values: Any = zarr.open_group(path, mode="r")["values"]
        return values.shape[0], np.asarray(values[0]), np.asarray(values[-1])
    finally:
        end_threads()


def end_threads() -> None:
    """End the threads of the library, which else stay for as long as the program runs."""
    from zarr.core import sync

    loop = sync.loop[0]
    if loop is not None:
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result()
    sync.cleanup_resources()
