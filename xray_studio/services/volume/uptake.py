"""A PET volume as standardised uptake values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.suv import Uptake, uptake_scale
from xray_studio.core.volume.volume import Volume, check_memory


def as_uptake(volume: Volume, kind: Uptake = Uptake.WEIGHT) -> Volume:
    """Return uptake values, float32, in g/ml or cm2/ml.

    Raises UsageError for a volume that is no PET, or naming what its files do not tell.
    """
    if volume.pet is None:
        raise UsageError("Uptake values are those of PET in DICOM; this volume is none.")
    scale = uptake_scale(volume.pet, kind)
    check_memory(volume.values.shape, np.dtype(np.float32))
    values = np.empty(volume.values.shape, np.float32)
    for at in np.ndindex(values.shape[:-2]):
        values[at] = volume.values[at].astype(np.float64) * scale.factor
    # They are other values than those that the windows of the files are for, and uptake already.
    return replace(volume, values=values, unit=scale.unit, windows=(), pet=None)
