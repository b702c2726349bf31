"""Read-outs of a processed frame beside the unprocessed one: noise, sharpness and change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.job import Job, Progress
from xray_studio.core.processed import values_seen
from xray_studio.core.readings import Measured
from xray_studio.core.workers import Priority, run_apart
from xray_studio.services.value_range import stated_ends

_MEASURE: Final = "xray_studio.imaging.readings:measured"
_LOOK, _LIMIT = 0.05, 30.0  # seconds between two looks, and that measuring may take
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
    both = (original, clip)
    frames = yield from _waited([one.source.request(index, Priority.PREFETCH) for one in both])
    before, after = (values_seen(one, f, index) for one, f in zip(both, frames, strict=True))
    low, high = stated_ends(original) or (float(before.min()), float(before.max()))
    asked: Future[Any] = run_apart(
        _MEASURE, before, after, high - low, priority=Priority.PREFETCH, time_limit=_LIMIT
    )
    (found,) = yield from _waited([asked])
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


def _waited(asked: Sequence[Future[Any]]) -> Job[list[Any]]:
    """Wait for futures as a job that can be stopped."""
    waiting = {*asked}
    try:
        while waiting:
            done = wait(waiting, _LOOK).not_done
            waiting = {future for future in done if not future.done()}
            yield Progress(message="Measuring")
    finally:
        for future in waiting:
            future.cancel()
    return [future.result() for future in asked]
