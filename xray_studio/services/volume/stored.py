"""Values of a volume as DICOM stores them: whole numbers of 8 or 16 bits, and a scale."""

from __future__ import annotations

from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.volume import Volume, Voxels
from xray_studio.dicom.write.volume import Kept
from xray_studio.services.volume.facts import value_range

_LEVELS: Final = 65_535


def kept_values(volume: Volume, *, rounded: bool, unsigned: bool) -> tuple[Kept, tuple[str, ...]]:
    """Return how values are stored exactly, or rounded where that is allowed, and what to say.

    `unsigned` values begin at 0, and a scale leads back. Raises UsageError for values that do not
    fit.
    """
    low, high = value_range(volume.values)
    values = volume.values if volume.values.ndim == 4 else volume.values[None]
    low, high = low or 0.0, high or 0.0
    finite = _is_finite(values)
    if finite and _is_whole(values) and high - low <= _LEVELS:
        return Kept(*_whole(values, low, high, unsigned=unsigned), volume.unit), ()
    if not finite or not rounded:
        what = "take more than 16 bits" if _is_whole(values) else "are no whole numbers"
        raise UsageError(
            f"The values {what}, which DICOM would round; choose NIfTI, NRRD or MetaImage, or"
            " allow it with --round."
            if finite
            else "Some voxels hold no number, which DICOM cannot say; choose NIfTI or NRRD."
        )
    return _rounded(values, low, high, volume.unit)


def _whole(
    values: Voxels, low: float, high: float, *, unsigned: bool
) -> tuple[Voxels, float, float]:
    """Return whole numbers as they are stored, with slope and intercept."""
    if low >= 0 and high <= _LEVELS:
        small = values.dtype.itemsize == 1
        return values.astype(np.uint8 if small else np.uint16), 1.0, 0.0
    if not unsigned and low >= -32_768 and high <= 32_767:
        return values.astype(np.int16), 1.0, 0.0
    return (values.astype(np.int64) - int(low)).astype(np.uint16), 1.0, low


def _rounded(values: Voxels, low: float, high: float, unit: str) -> tuple[Kept, tuple[str, ...]]:
    slope = float(f"{(high - low) / _LEVELS or 1.0:.10g}")
    intercept = float(f"{low:.10g}")
    stored = np.empty(values.shape, np.uint16)
    for at in np.ndindex(values.shape[:-2]):
        scaled = (values[at].astype(np.float64) - intercept) / slope
        stored[at] = np.clip(np.rint(scaled), 0, _LEVELS)
    said = f"Values are rounded to steps of {slope:.4g}."
    return Kept(stored, slope, intercept, unit), (said,)


def _is_whole(values: Voxels) -> bool:
    if values.dtype.kind in "iu":
        return True
    return all(
        bool((values[at] == np.rint(values[at])).all()) for at in np.ndindex(values.shape[:-2])
    )


def _is_finite(values: Voxels) -> bool:
    if values.dtype.kind in "iu":
        return True
    return all(bool(np.isfinite(values[at]).all()) for at in np.ndindex(values.shape[:-2]))
