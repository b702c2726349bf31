"""Displacement of a region over a loop, for research."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.json_text import json_text
from xray_studio.core.processed import values_seen
from xray_studio.core.region import Region
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.services.decoding import Decoding

if TYPE_CHECKING:  # OpenCV is loaded by jobs, on their own thread
    from xray_studio.imaging.tracking import Place

LEAST_SIDE: Final = 8  # pixels of a region
PRESET: Final = "medium"  # of the flow between frames
_BLADES: Final = 16  # pixels: as far as the soft edge of a blade reaches
_FOLLOWING: Final = "Following the region"


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the region is in a frame (from 0) that starts at `time` in seconds.

    `x` and `y` are pixels right and down of where it was drawn; `likeness` is its correlation with
    itself as it was there, 0 where only the flow tells its place.
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
    `start` is the frame (from 0) in which the region was drawn. `acquired` tells that moments are
    those of the acquisition; else they are those of the display rate.
    """

    region: Region
    samples: tuple[Sample, ...]
    preset: str = PRESET
    spacing: tuple[float, float] | None = None
    meaning: str = ""
    start: int = 0
    acquired: bool = True

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
            "region_frame": self.start + 1,
            "time_from": "acquisition" if self.acquired else "display rate",
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


def displacement(
    clip: Clip, region: Region | None, preset: str = PRESET, start: int = 0
) -> Job[Displacement]:
    """Return how far a region of frame `start` (from 0) is from there, in every frame.

    None is the whole picture, as far as radiation reached it in that frame. The region is followed
    onwards and back. Times are those of the acquisition where the file tells them. Raises
    UsageError for a region that is too small or not in the picture, a frame that is not there, and
    fewer than two frames.
    """
    from xray_studio.imaging.tracking import Place, Tracker

    _check(clip, region, start)
    onwards, back = range(start + 1, len(clip)), range(start - 1, -1, -1)
    decoding, places = Decoding(clip, [start, *onwards, *back]), {start: Place(0.0, 0.0, 1.0)}
    try:
        frame = yield from decoding.frame(Progress(0, len(clip), _FOLLOWING))
        first = values_seen(clip, frame, start)
        part, field = (region, None) if region is not None else exposed_part(first)
        first = _uncovered(first, field)
        for way in (onwards, back):
            tracker = Tracker(first, part, preset)
            for index in way:
                frame = yield from decoding.frame(Progress(len(places), len(clip), _FOLLOWING))
                values = _uncovered(values_seen(clip, frame, index), field)
                places[index] = tracker.next(values)
    finally:
        decoding.close()
    made, samples = clip.acquisition, tuple(_sample(clip, n, places[n]) for n in sorted(places))
    return Displacement(
        part, samples, preset, made.pixel_spacing, made.spacing_meaning, start,
        acquired=bool(clip.timing.times),
    )  # fmt: skip


def _sample(clip: Clip, index: int, place: Place) -> Sample:
    return Sample(index, clip.timing.moment(index), place.x, place.y, place.likeness)


def exposed_part(frame: Image) -> tuple[Region, Image | None]:
    """Return the part of a frame that radiation reached, and 1 where it did (rows, columns).

    The blades of a collimator and what is near them are left out: they stand still. The whole frame
    and None where nothing would be left.
    """
    from xray_studio.imaging.exposed import exposed, shrunk

    low, high = (float(end) for end in np.percentile(frame, (0.1, 99.9)))
    field = shrunk(exposed(frame, Scene(low, high)), _BLADES)
    rows, columns = (np.flatnonzero((field > 0).any(axis=axis)) for axis in (1, 0))
    if min(len(rows), len(columns)) < LEAST_SIDE:
        return Region(0, 0, frame.shape[1], frame.shape[0]), None
    x, y = int(columns[0]), int(rows[0])
    return Region(x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y), field


def _uncovered(frame: Image, field: Image | None) -> Image:
    from xray_studio.imaging.exposed import without_cover

    return frame if field is None else without_cover(frame, field)


def _check(clip: Clip, region: Region | None, start: int) -> None:
    if len(clip) < 2:
        raise UsageError("Motion needs at least 2 frames; this has one.")
    if not 0 <= start < len(clip):
        raise UsageError(f"There is no frame {start + 1}; there are {len(clip)}.")
    if region is not None:
        check_region(clip, region)


def check_region(clip: Clip, region: Region) -> None:
    """Raise UsageError for a region that cannot be followed."""
    if min(region.width, region.height) < LEAST_SIDE:
        raise UsageError(f"A region that is followed has at least {LEAST_SIDE} pixels a side.")
    if region.right > clip.columns or region.bottom > clip.rows:
        raise UsageError(
            f"The region reaches beyond the picture, which is {clip.columns} x {clip.rows}."
        )


def write_displacement(found: Displacement, target: Path) -> None:
    """Write the curve as .csv or .json. Raises UsageError for another suffix, and WriteError."""
    suffix = target.suffix.lower()
    if suffix not in (".csv", ".json"):
        raise UsageError("A displacement curve is written as .csv or .json.")
    text = found.csv() if suffix == ".csv" else json_text(found.facts()) + "\n"
    with replacing(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
