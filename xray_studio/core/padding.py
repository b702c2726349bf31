"""Padding: pixels that are no picture (PS3.3 C.7.5.1.1.2), and what filters see in their place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

_Places = npt.NDArray[np.intp]


def filled(values: Image, nothing: npt.NDArray[np.bool_]) -> Image:
    """Return values (rows, columns) that go on evenly where there is `nothing`.

    There a pixel has the value of the next one of its row that is something, a row of nothing that
    of the next row; a frame of nothing has 0.
    """
    if not nothing.any():
        return values
    some = np.logical_not(nothing)
    lines = np.asarray(some.any(axis=1))
    rows = np.flatnonzero(lines)
    if not rows.size:
        return np.zeros_like(values)
    made = np.take_along_axis(values[rows], _next(some[rows]), axis=1)
    nearest = _next(lines[None])[0]
    found: Image = made[np.searchsorted(rows, nearest)]
    return found


def _next(some: npt.NDArray[np.bool_]) -> _Places:
    """Return for each place (lines, places) the last one up to it that is some, else the first."""
    places = np.where(some, np.arange(some.shape[1]), -1)
    last: _Places = np.maximum.accumulate(places, axis=1)
    return np.where(last >= 0, last, some.argmax(axis=1)[:, None])
