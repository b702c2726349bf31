"""What the window says of segments: volumes, values, tools."""

from __future__ import annotations

from xray_studio.core.labels.kinds import KINDS
from xray_studio.core.labels.label_map import LabelSegment
from xray_studio.core.labels.statistics import SegmentNumbers
from xray_studio.core.shutter import Colour
from xray_studio.core.volume.volume import Volume
from xray_studio.ui.viewer.window_commands import number_shown

OTHER = "Something else"


def amount_words(numbers: SegmentNumbers | None) -> str:
    """Return the volume of a segment, "" while it is not known."""
    if numbers is None:
        return ""
    amount = numbers.millilitres
    if not amount:
        return "empty"
    if amount < 0.1:
        return f"{number_shown(round(amount * 1000.0, 1))} mm³"
    return f"{amount:,.1f} mL" if amount < 1000.0 else f"{amount:,.0f} mL"


def value_words(numbers: SegmentNumbers | None, unit: str) -> str:
    """Return what values a segment has, "" while it is empty or they are not known."""
    if numbers is None or numbers.mean is None:
        return ""
    assert numbers.lowest is not None
    assert numbers.highest is not None
    spread = "" if numbers.deviation is None else f" · SD {_number(numbers.deviation)}"
    ends = f"{_number(numbers.lowest)} to {_number(numbers.highest)}"
    words = f"Mean {_number(numbers.mean)} {unit}".rstrip()
    return f"{words}{spread} · {ends}\n{numbers.voxels:,} voxels"


def name_words(segment: LabelSegment, *, hidden: bool) -> str:
    """Return the name of a segment; with identity hidden its number: names may tell."""
    return f"Segment {segment.number}" if hidden else segment.name


def kind_words(segment: LabelSegment) -> str:
    """Return the kind of a segment by its code, "" for one that the list does not have."""
    return next((name for name, kind in KINDS.items() if kind.code == segment.code), "")


def colour_words(colour: Colour) -> str:
    """Return a colour as widgets take it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def limits_of(volume: Volume, low: float, high: float) -> tuple[float, float]:
    """Return between which values a slider runs, given the ends of a window."""
    if volume.unit == "HU":
        return -1024.0, 3071.0
    span = high - low
    return min(0.0, low - span), high + span


def _number(value: float) -> str:
    return number_shown(float(f"{value:.4g}"))
