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
    `padding` is the range of numbers that are no picture.
    """

    scales: tuple[Rescale, ...]
    low: int
    high: int
    kind: str
    padding: tuple[float, float] | None = None

    def samples(
        self, values: npt.NDArray[np.float64], frame: int, nothing: npt.NDArray[np.bool_]
    ) -> Samples:
        """Return modality values (rows, columns) of a frame as they are stored, same shape.

        `nothing` tells where there is padding, which nothing else becomes.
        """
        scale = self.scales[frame if len(self.scales) > 1 else 0]
        codes = np.rint((values - scale.intercept) / scale.slope)
        codes = np.clip(codes, self.low, self.high, out=codes)
        if self.padding is not None:
            first, last = self.padding
            codes[(codes >= first) & (codes <= last)] = last + 1 if last < self.high else first - 1
            codes[nothing] = first
        return codes.astype(self.kind)


@dataclass(frozen=True, slots=True)
class ProcessedPlan:
    """An object that processed frames go into, and how their values are stored in it."""

    plan: ObjectPlan
    storage: Storage
