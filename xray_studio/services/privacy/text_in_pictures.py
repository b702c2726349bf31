"""Looks for text in the pictures of a clip, on frames from all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.drawn_source import Lettering, drawn
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.presentation import Presentation
from xray_studio.core.region import Region
from xray_studio.core.workers import Priority, run_apart
from xray_studio.services.decoding import Decoding, awaited

FRAMES: Final = 12  # looked at, evenly spread over those that are exported
_SECONDS: Final = 120.0  # for one look, which takes 0.3 s at 512 x 512
_SURE_OF_ONE: Final = 3.0  # log odds; a single frame of a clip does not tell what stays
_WHAT: Final = "Looking for text in the pictures"
Picture = npt.NDArray[np.uint8]


def text_in_pictures(
    clip: Clip, frames: Sequence[int], presentation: Presentation
) -> Job[tuple[Region, ...]]:
    """Return where text stands in frames (from 0) of a clip, from top to bottom.

    Pictures are looked at as they are shown and over the full range of grey, since a window can
    hide text that another shows. What stays in most frames is looked for, and what the first or the
    last one holds by itself, as titles do. Damaged frames are passed over. Raises UnreadableError
    when none can be decoded.
    """
    words = Lettering(planes=presentation.planes, drawings=presentation.drawings)
    clip = drawn(clip, words)
    ways = [presentation] if clip.is_colour else [presentation, replace(presentation, voi=None)]
    stacks = yield from _shown(clip, _spread(frames), ways)
    found: set[Region] = set()
    for stack in stacks:
        yield Progress(message=_WHAT)
        looks = [(stack, 0.0)]
        if len(stack) > 1:
            looks += [(stack[:1], _SURE_OF_ONE), (stack[-1:], _SURE_OF_ONE)]
        for pictures, sure in looks:
            future = run_apart(look, pictures, sure, priority=Priority.BATCH, time_limit=_SECONDS)
            found |= set((yield from awaited(future, Progress(message=_WHAT))))
    return one_of_each(found)


def look(pictures: Picture, sure: float) -> tuple[Region, ...]:
    """Return where text stands in uint8 frames (frames, rows, columns[, 3])."""
    from xray_studio.imaging.burnt_in.find import find_text
    from xray_studio.imaging.burnt_in.still import still_of

    return find_text(*still_of(pictures), sure=sure)


def one_of_each(found: set[Region]) -> tuple[Region, ...]:
    """Return regions without those that others hold nearly whole, from top to bottom."""
    kept: list[Region] = []
    for region in sorted(found, key=lambda region: (-region.area, region)):
        if all(region.shared(other) < 0.9 * region.area for other in kept):
            kept.append(region)
    return tuple(sorted(kept, key=lambda region: (region.y, region.x)))


def _spread(frames: Sequence[int]) -> list[int]:
    """Return at most FRAMES of the frames, the first and the last among them, each once."""
    each = sorted(set(frames))
    places = np.unique(np.linspace(0, len(each) - 1, min(FRAMES, len(each))).round().astype(int))
    return [each[place] for place in places]


def _shown(clip: Clip, frames: Sequence[int], ways: Sequence[Presentation]) -> Job[list[Picture]]:
    """Return the frames as shown in each of the ways; they are decoded once."""
    from xray_studio.imaging.render import render

    decoding = Decoding(clip, frames)
    shown: list[list[Picture]] = [[] for _ in ways]
    problem: StudioError | None = None
    try:
        for number in frames:
            try:
                frame = yield from decoding.frame(Progress(message=_WHAT))
            except Cancelled:
                raise
            except StudioError as error:
                problem = error
                continue
            for stack, how in zip(shown, ways, strict=True):
                stack.append(render(clip, number, how, frame))
    finally:
        decoding.close()
    if problem is not None and not shown[0]:
        raise problem
    return [_stacked(stack) for stack in shown]


def _stacked(pictures: list[Picture]) -> Picture:
    """Return pictures as one array; overlay planes give some of them colours."""
    if len({picture.ndim for picture in pictures}) > 1:
        pictures = [p if p.ndim == 3 else np.repeat(p[..., None], 3, axis=2) for p in pictures]
    return np.stack(pictures)
