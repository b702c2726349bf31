"""What the dialog for motion says of a displacement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from xray_studio.core.clip import Clip
from xray_studio.core.scale_bar import WHERE
from xray_studio.ui.dialogs.motion.plot import MINUS, UNSURE, Curve

if TYPE_CHECKING:  # OpenCV is loaded by jobs, on their own thread
    from xray_studio.services.processing.motion import Displacement

RESEARCH: Final = "For research, not for diagnosis."
RATE_ONLY: Final = "The file does not say when frames were acquired: times are at the display rate."


def curve_of(found: Displacement, unit: str) -> Curve:
    """Return the curve of a displacement in "mm" or "px"."""
    down, right = found.spacing if unit == "mm" and found.spacing is not None else (1.0, 1.0)
    across = tuple(one.x * right for one in found.samples)
    below = tuple(one.y * down for one in found.samples)
    away = tuple((x * x + y * y) ** 0.5 for x, y in zip(across, below, strict=True))
    return Curve(
        tuple(one.time for one in found.samples), (across, below, away),
        tuple(one.likeness for one in found.samples), unit,
        "Time, s" if found.acquired else "Time at the display rate, s",
    )  # fmt: skip


def summary_of(found: Displacement, unit: str) -> str:
    """Return where the region was drawn, how far it goes, and how often it is hardly itself."""
    curve = curve_of(found, unit)
    away = curve.values[-1]
    most = farthest(away)
    told = (
        f"Drawn in frame {found.start + 1:,}; farthest from there in frame {most + 1:,}, by"
        f" {length(away[most], unit, signed=False)}."
    )
    unsure = sum(likeness < UNSURE for likeness in curve.likeness)
    if not unsure:
        return told
    frames = "frame" if unsure == 1 else "frames"
    return f"{told} Uncertain in {unsure:,} {frames}, where it looks different."


def notes_on(clip: Clip, unit: str) -> str:
    """Return where millimetres hold, where times come from, and what all of it is for."""
    where = WHERE.get(clip.acquisition.spacing_meaning, "")
    holds = f"Millimetres are {where}." if where and unit == "mm" else ""
    timed = "" if clip.timing.times else RATE_ONLY
    return " ".join(filter(None, (holds, timed, RESEARCH)))


def place_of(found: Displacement, frame: int, unit: str) -> str:
    """Return where the region is in a frame (from 0)."""
    curve = curve_of(found, unit)
    right, down, away = (line[frame] for line in curve.values)
    like = curve.likeness[frame]
    sure = f"likeness {like:.2f}" if like else "by the flow alone"
    return (
        f"Here: right {length(right, unit)}, down {length(down, unit)},"
        f" distance {length(away, unit, signed=False)}, {sure}"
    )


def length(value: float, unit: str, *, signed: bool = True) -> str:
    """Return a length in words: "+1.20 mm"."""
    words = f"{value:+.2f}" if signed else f"{value:.2f}"
    return f"{words.replace('-', MINUS) if float(words) else '0.00'} {unit}"


def farthest(values: Sequence[float]) -> int:
    """Return the place of the greatest number."""
    return max(range(len(values)), key=values.__getitem__)
