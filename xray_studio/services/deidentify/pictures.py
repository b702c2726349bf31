"""Which parts of the pictures of an object become black, and whether anybody looked at them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.deidentify.outside import outside
from xray_studio.core.drawn_text import may_hold_text
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.masked_source import masked
from xray_studio.core.region import Region
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.services.decoding import awaited
from xray_studio.services.deidentify.choices import Choices
from xray_studio.services.deidentify.request import Decided
from xray_studio.services.presets import initial_presentation
from xray_studio.services.privacy.text_in_pictures import text_in_pictures

_REGIONS: Final = "xray_studio.dicom.deidentify.regions:calibrated_regions"
UNSURE: Final = (
    "Pictures of this kind often hold names as text; find and mask it (--pixels), name where it is"
    " (--mask X,Y,WIDTH,HEIGHT), or say that you looked and there is none (--pixels-seen)."
)
_UNFOUND: Final = (
    "The object says that text is part of its pictures, and none was found; look at them and name"
    " it (--mask X,Y,WIDTH,HEIGHT), or say that there is none (--pixels-seen)."
)
_LEFT: Final = (
    "Text was masked and more is found beside it; look at the pictures and name it"
    " (--mask X,Y,WIDTH,HEIGHT)."
)
_LOOKS: Final = 3  # until nothing more is found


def decided(clip: Clip, choices: Choices) -> Job[Decided]:
    """Return what becomes of the pictures of an object.

    Raises UsageError where nobody can be sure, with the options that help.
    """
    known = [*_inside(clip, choices.masks)]
    if choices.us_regions:
        known += yield from around_echoes(clip)
    if choices.pixels:
        found = yield from text_found(clip, tuple(known))
        if clip.acquisition.burned_in == "YES" and not (known or found or choices.pixels_seen):
            raise UsageError(_UNFOUND)
        return Decided((*known, *found), looked=True)
    # Overlay planes go or stay by themselves; here it is about pixels.
    if may_hold_text(replace(clip, overlays=())) and not (known or choices.pixels_seen):
        raise UsageError(UNSURE)
    return Decided(tuple(known), looked=choices.pixels_seen)


def text_found(clip: Clip, known: Sequence[Region] = ()) -> Job[tuple[Region, ...]]:
    """Return where text stands beside known regions, looking again at what is left.

    Raises UsageError where there is no end to it.
    """
    how = replace(initial_presentation(clip), planes=False, drawings=False)
    every: tuple[Region, ...] = ()
    for _ in range(_LOOKS):
        left = masked(clip, (*known, *every))
        found = yield from text_in_pictures(left, range(len(clip)), how)
        if not found:
            return every
        every = (*every, *found)
    raise UsageError(_LEFT)


def around_echoes(clip: Clip) -> Job[tuple[Region, ...]]:
    """Return what lies outside of the calibrated regions of ultrasound, none where there are none.

    Devices write names there, never into the picture of echoes itself.
    """
    path = clip.paths[0]
    future: Future[tuple[Region, ...]] = run_apart(
        _REGIONS, path, priority=Priority.BATCH, time_limit=reading_time([path])
    )
    regions = yield from awaited(future, Progress(message="Reading the object"))
    return outside(regions, clip.rows, clip.columns) if regions else ()


def _inside(clip: Clip, masks: Sequence[Region]) -> Sequence[Region]:
    for region in masks:
        if region.clipped(clip.rows, clip.columns) is None:
            raise UsageError(
                f"The mask at {region.x},{region.y} lies outside the picture of"
                f" {clip.columns} x {clip.rows} pixels."
            )
    return masks
