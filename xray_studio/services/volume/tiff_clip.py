"""TIFF files that say that their pages are planes (OME-TIFF, ImageJ), as clips."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.workers import run_apart
from xray_studio.imaging.stills import StillSource, open_still
from xray_studio.imaging.tiff_stack import TiffStack, read_tiff_stack
from xray_studio.services.decoding import awaited
from xray_studio.services.volume.first_window import first_window

NO_PLACE: Final = "Pictures do not say where they lie; left and right are by convention only."


def open_tiff_volume(path: str) -> Job[Clip]:
    """Return the planes of a stack, all of a moment and channel before those of the next.

    Raises UnreadableError or UnsupportedError.
    """
    future = run_apart(read_tiff_stack, path)
    stack = yield from awaited(future, Progress(0, 0, "Reading the header"))
    clip = open_still(path)
    source = clip.source
    assert isinstance(source, StillSource)
    order = page_order(stack, len(clip))
    pages = tuple(source.header.pages[number] for number in order)
    x, y, _ = stack.spacing
    told = min(x, y) > 0.0
    made = replace(
        clip.acquisition,
        pixel_spacing=(y, x) if told else None,
        spacing_meaning="patient" if told else "",
        transfer_syntax=stack.format,
        warnings=(NO_PLACE, *clip.acquisition.warnings),
    )
    turned = replace(
        clip,
        source=replace(source, header=replace(source.header, pages=pages)),
        pixel_aspect=y / x if told else 1.0,
        acquisition=made,
        planes=stack.size("Z"),
    )
    return replace(turned, usual=first_window(turned))


def page_order(stack: TiffStack, count: int) -> list[int]:
    """Return pages plane by plane, one moment and channel after the other."""
    pages = np.arange(count).reshape(stack.sizes[::-1])
    slowest_first = stack.order[::-1]
    wanted = [slowest_first.index(axis) for axis in "TCZ" if axis in slowest_first]
    return [int(page) for page in pages.transpose(wanted).reshape(-1)]
