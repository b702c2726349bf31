"""Displacement of a region over a loop, for research."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import modality_values
from xray_studio.core.region import Region
from xray_studio.core.step import Image
from xray_studio.services.decoding import Decoding

PRESET: Final = "medium"  # of the flow between frames
_FOLLOWING: Final = "Following the region"
_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the region is in a frame (from 0) that starts at `time` in seconds.

    `x` and `y` are pixels right and down of where it was first; `likeness` is its correlation with
    itself as it was first, 0 where only the flow tells its place.
    """

    frame: int
    time: float
    x: float
    y: float
    likeness: float

    @property
    def magnitude(self) -> float:
        """Distance in pixels."""
        return math.hypot(self.x, self.y)


@dataclass(frozen=True, slots=True)
class Displacement:
    """The curve of a region. `spacing` is that of the pixels in mm (row, column), if known.

    `meaning` says where millimetres hold: "patient", "detector", "magnification", "calibrated".
    """

    region: Region
    samples: tuple[Sample, ...]
    preset: str = PRESET
    spacing: tuple[float, float] | None = None
    meaning: str = ""

    def rows(self) -> Iterator[dict[str, float | int]]:
        """Yield what tables tell of every frame, which they count from 1."""
        for one in self.samples:
            row: dict[str, float | int] = {
                "frame": one.frame + 1,
                "time_s": round(one.time, 6),
                "x_px": round(one.x, 4),
                "y_px": round(one.y, 4),
                "magnitude_px": round(one.magnitude, 4),
            }
            if self.spacing is not None:
                x, y = one.x * self.spacing[1], one.y * self.spacing[0]
                row |= {"x_mm": round(x, 4), "y_mm": round(y, 4)}
                row["magnitude_mm"] = round(math.hypot(x, y), 4)
            yield row | {"likeness": round(one.likeness, 4)}

    def facts(self) -> dict[str, Any]:
        """Return everything, as the JSON file tells it."""
        region = self.region
        return {
            "region": [region.x, region.y, region.width, region.height],
            "flow": f"DIS {self.preset}",
            "pixel_spacing_mm": self.spacing,
            "millimetres_at": self.meaning,
            "samples": list(self.rows()),
        }

    def csv(self) -> str:
        """Return the table as CSV."""
        text, rows = io.StringIO(), list(self.rows())
        table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        return text.getvalue()


def displacement(clip: Clip, region: Region, preset: str = PRESET) -> Job[Displacement]:
    """Return how far a region of the first frame is from where it was, in every frame.

    Times are those of the acquisition where the file tells them. Raises UsageError for a region
    that is too small or not in the picture and for fewer than two frames.
    """
    from xray_studio.imaging.tracking import Place, Tracker

    check_region(clip, region)
    decoding, tracker, samples = Decoding(clip, range(len(clip))), None, []
    try:
        for index in range(len(clip)):
            frame = yield from decoding.frame(Progress(index, len(clip), _FOLLOWING))
            values = grey_values(clip, frame, index)
            if tracker is None:
                tracker, place = Tracker(values, region, preset), Place(0.0, 0.0, 1.0)
            else:
                place = tracker.next(values)
            samples.append(
                Sample(index, clip.timing.moment(index), place.x, place.y, place.likeness)
            )
    finally:
        decoding.close()
    made = clip.acquisition
    return Displacement(region, tuple(samples), preset, made.pixel_spacing, made.spacing_meaning)


def check_region(clip: Clip, region: Region) -> None:
    """Raise UsageError for what cannot be followed."""
    from xray_studio.imaging.tracking import LEAST_SIDE

    if len(clip) < 2:
        raise UsageError("Motion needs at least 2 frames; this has one.")
    if min(region.width, region.height) < LEAST_SIDE:
        raise UsageError(f"A region that is followed has at least {LEAST_SIDE} pixels a side.")
    if region.right > clip.columns or region.bottom > clip.rows:
        raise UsageError(
            f"The region reaches beyond the picture, which is {clip.columns} x {clip.rows}."
        )


def grey_values(clip: Clip, frame: Frame, index: int) -> Image:
    """Return modality values of a stored frame, of colours their luma, float32 (rows, columns)."""
    if clip.is_colour:
        return np.asarray(frame.astype(np.float32) @ _LUMA, np.float32)
    return modality_values(frame, clip.modality_at(index))


def write_displacement(found: Displacement, target: Path) -> None:
    """Write the curve as .csv or .json. Raises UsageError for another suffix, and WriteError."""
    suffix = target.suffix.lower()
    if suffix not in (".csv", ".json"):
        raise UsageError("A displacement curve is written as .csv or .json.")
    text = found.csv() if suffix == ".csv" else json.dumps(found.facts(), indent=2) + "\n"
    with replacing(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
