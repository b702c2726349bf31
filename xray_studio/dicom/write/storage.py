"""How processed modality values are stored in a derived object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xray_studio.core.lut import Rescale
from xray_studio.dicom.pixels.pixel_format import Samples
from xray_studio.dicom.write.plan import ObjectPlan


@dataclass(frozen=True, slots=True)
class Storage:
    """Modality values as whole numbers of type `kind` from `low` to `high`.

    `scales` are those of all frames, or one of each frame; colours, which have none, stay.
    """

    scales: tuple[Rescale, ...]
    low: int
    high: int
    kind: str

    def samples(self, values: npt.NDArray[np.float64], frame: int) -> Samples:
        """Return modality values (rows, columns) of a frame as they are stored, same shape."""
        scale = self.scales[frame if len(self.scales) > 1 else 0]
        codes = (values - scale.intercept) / scale.slope
        return np.clip(np.rint(codes), self.low, self.high).astype(self.kind)


@dataclass(frozen=True, slots=True)
class ProcessedPlan:
    """An object that processed frames go into, and how their values are stored in it."""

    plan: ObjectPlan
    storage: Storage
