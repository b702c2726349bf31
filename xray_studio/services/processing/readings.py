"""Read-outs of a processed frame beside the unprocessed one: noise, sharpness and change."""

from __future__ import annotations

import math
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.job import Job, Progress
from xray_studio.core.processed import values_seen
from xray_studio.core.readings import Measured
from xray_studio.core.workers import Priority, run_apart
from xray_studio.services.decoding import awaited
from xray_studio.services.value_range import stated_ends

_MEASURE: Final = "xray_studio.imaging.readings:measured"
_MEASURING: Final = Progress(message="Measuring")
_LIMIT: Final = 30.0  # seconds that measuring may take
_FIGURES: Final = 3


@dataclass(frozen=True, slots=True)
class Readings:
    """Lines of a table: what is measured, before and after; a change has the last column alone.

    `frame`, from 0, is the one that was measured.
    """

    lines: tuple[tuple[str, str, str], ...] = ()
    frame: int = 0


def readings(clip: Clip, original: Clip, index: int) -> Job[Readings]:
    """Measure frame `index` (from 0) of a processed clip beside that of the clip it is made of.

    Raises what the sources raise.
    """
    one, other = yield from _frames(original, clip, index)
    before, after = values_seen(original, one, index), values_seen(clip, other, index)
    low, high = stated_ends(original) or (float(before.min()), float(before.max()))
    asked: Future[Measured] = run_apart(
        _MEASURE, before, after, high - low, priority=Priority.PREFETCH, time_limit=_LIMIT
    )
    found = yield from awaited(asked, _MEASURING)
    return Readings(lines_of(found, clip.unit), index)


def lines_of(found: Measured, unit: str) -> tuple[tuple[str, str, str], ...]:
    """Return what was measured as lines of a table."""
    told = "unchanged" if math.isinf(found.psnr) else f"{found.psnr:.1f} dB"
    alike, white, structure = (
        "" if value is None else f"{value:.{places}f}"
        for value, places in ((found.ssim, 3), (found.whiteness, 2), (found.structure, 2))
    )
    behind = f", {unit}" if unit and unit != "US" else ""  # US: unspecified (PS3.3 C.11.1.1.2)
    noise, edges = (tuple(map(figures, pair)) for pair in (found.noise, found.edges))
    lines = (
        (f"Noise{behind}", noise[0], noise[1]),
        ("Steepest edges, per pixel", edges[0], edges[1]),
        (f"Change, root mean square{behind}", "", figures(found.change)),
        ("Change, peak signal to noise", "", told),
        ("Change, structural similarity", "", alike),
        ("Change, whiteness", "", white),
        ("Change, structure", "", structure),
    )
    return tuple(line for line in lines if line[2])


def figures(value: float) -> str:
    """Return a number with three figures that count."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(0, _FIGURES - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"


def _frames(one: Clip, other: Clip, index: int) -> Job[tuple[Frame, Frame]]:
    """Return a frame of two clips, asked for at once."""
    first, second = (clip.source.request(index, Priority.PREFETCH) for clip in (one, other))
    try:
        before = yield from awaited(first, _MEASURING)
        after = yield from awaited(second, _MEASURING)
    finally:
        second.cancel()
    return before, after
