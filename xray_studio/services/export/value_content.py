"""What an export of values holds: which frames, when and where they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.exact import value_type
from xray_studio.core.job import Job, Progress
from xray_studio.core.place import FramePlace, SliceGrid, lies_in_patient, slice_grid
from xray_studio.core.playback import DEFAULT
from xray_studio.core.presentation import Overlay
from xray_studio.core.value_output import ValueSpec
from xray_studio.services.decoding import awaited
from xray_studio.services.export import manifest
from xray_studio.services.export.options import ExportOptions, check_as_acquired, frame_order

_NOT_TOLD = "not told"


def value_spec(clip: Clip, options: ExportOptions) -> Job[ValueSpec]:
    """Return what will be written. Raises UsageError for what values do not have."""
    check_as_acquired(options, "Values are written as they were acquired")
    chosen = frame_order(clip, options)
    every = yield from read_places(clip)
    places = [every[number] for number in chosen] if every else []
    grid = slice_grid(places)
    numbers = chosen if grid is None else tuple(chosen[at] for at in grid.order)
    times, source = _times(clip, every, numbers)
    return ValueSpec(
        frame_shape=clip.source.shape[1:],
        dtype=value_type(clip),
        numbers=numbers,
        times=times,
        times_source=source,
        interval=_interval(times, grid),
        unit=clip.unit,
        spacing=clip.acquisition.pixel_spacing,
        spacing_meaning=clip.acquisition.spacing_meaning,
        grid=grid,
        facts=_facts(clip, options) | {"in_one_grid": grid is not None or not lies(places)},
    )


def lies(places: Sequence[FramePlace]) -> bool:
    """Tell whether frames lie at several places in the patient, evenly or not."""
    return bool(places) and lies_in_patient(places)


def read_places(clip: Clip) -> Job[list[FramePlace]]:
    """Return the place of every frame; none where the files do not tell one for each."""
    if not clip.acquisition.is_object:
        return list(clip.places)  # of a volume of a research format, where it tells them
    from xray_studio.dicom.places import request_places

    futures, found = request_places(clip.paths), list[FramePlace]()
    try:
        for future in futures:
            each = yield from awaited(future, Progress(0, len(clip), "Reading positions"))
            found += [place for places in each for place in places]
    except UnreadableError:  # the frames themselves tell it when they are read
        return []
    finally:
        for future in futures:
            future.cancel()
    return found if len(found) == len(clip) else []


def _times(
    clip: Clip, places: Sequence[FramePlace], numbers: Sequence[int]
) -> tuple[tuple[float, ...], str]:
    """Return the seconds at which frames start, and what told them."""
    timing = clip.timing
    if len(timing.times) == len(clip):
        return tuple(timing.moment(number) for number in numbers), "frame times"
    moments = [place.moment for place in places]
    known = [moment for moment in moments if moment is not None]
    if len(known) == len(clip) > 1 and len(set(known)) > 1:
        return tuple(round(known[n] - min(known), 6) for n in numbers), "acquisition times"
    if len(clip.paths) == 1 and len(clip) > 1 and not timing.source.startswith(DEFAULT):
        return tuple(number / timing.rate for number in numbers), timing.source
    if len(clip) == 1:
        return (0.0,), "one frame"
    return (float("nan"),) * len(numbers), _NOT_TOLD


def _interval(times: Sequence[float], grid: SliceGrid | None) -> float:
    """Return the usual seconds from one frame, or one round through the slices, to the next."""
    starts = times[:: 1 if grid is None else grid.slices]
    steps = [b - a for a, b in pairwise(starts)]
    usual = median(steps) if steps else 0.0
    return usual if np.isfinite(usual) and usual > 0.0 else 0.0


def _facts(clip: Clip, options: ExportOptions) -> dict[str, Any]:
    """Return what stands inside beside the values; identity only where it was asked for."""
    made, pixels = clip.acquisition, clip.pixels
    told: dict[str, Any] = {
        "program": manifest.program_facts(),
        "photometric": "RGB" if clip.is_colour else _photometric(clip),
        "bits_stored": pixels.bits,
        "rate": clip.timing.rate,
        "rate_source": clip.timing.source,
        "angles": made.angles,
        "pixel_aspect": clip.pixel_aspect,
        "padding": pixels.padding,
        "source": manifest.source_facts(clip, options.overlay),
        "modality": made.modality,
    }
    if options.overlay is Overlay.ALL:
        who = clip.identity
        told["identity"] = {
            "patient_name": who.patient_name,
            "patient_id": who.patient_id,
            "birth_date": who.birth_date,
            "study_description": who.study_description,
            "date": who.date,
        }
    return told


def _photometric(clip: Clip) -> str:
    return "MONOCHROME1" if clip.pixels.inverted else "MONOCHROME2"
