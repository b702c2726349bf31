"""Values of marks in words: with their unit, and where millimetres hold."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.corner_text import format_number, grouped
from xray_studio.core.measure.geometry import Greys, angle, area, length
from xray_studio.core.measure.mark import POINTS, Kind, Mark
from xray_studio.core.measure.scale import Scale

REFUSED = "not measured: the file contradicts itself about the shape of its pixels"
NO_ANGLE = "no angle: a leg has no length"
LARGE = 100.0  # squares from which an area is told in whole ones


@dataclass(frozen=True, slots=True)
class Values:
    """What a mark measures on a frame; `size` in millimetres, pixels, degrees, or their squares.

    `size` is None for a text, and where `refused` says why.
    """

    scale: Scale
    size: float | None = None
    unit: str = ""
    greys: Greys | None = None
    refused: str = ""
    processed: bool = False


def values_of(
    mark: Mark, scale: Scale, found: Greys | None = None, *, processed: bool = False
) -> Values:
    """Return what a mark measures by a scale; `processed` tells that greys are no stored ones."""
    if mark.kind is Kind.TEXT or len(mark.points) < POINTS[mark.kind]:
        return Values(scale)  # one that is being drawn
    if not scale.is_clear:
        return Values(scale, greys=found, refused=REFUSED, processed=processed)
    if mark.kind is Kind.ANGLE:
        turn = angle(mark.points, scale.spacing)
        return Values(scale, turn, "°", refused=NO_ANGLE if turn is None else "")
    if mark.kind is Kind.LENGTH:
        return Values(scale, length(mark.points, scale.spacing), scale.unit)
    unit = f"{scale.unit}²" if scale.unit in {"mm", "px"} else "pixel widths squared"
    return Values(scale, area(mark.points, scale.spacing), unit, found, processed=processed)


def lines_of(mark: Mark, values: Values) -> tuple[str, ...]:
    """Return what stands beside a mark, its own name first where it has one."""
    if mark.kind is Kind.TEXT:
        return tuple(mark.text.split("\n"))
    named = (mark.text,) if mark.text else ()
    return (*named, *grey_lines(values.greys, processed=values.processed), size_words(values))


def size_words(values: Values) -> str:
    """Return a size with its unit and where it holds, or why there is none."""
    if values.refused:
        return values.refused
    if values.size is None:
        return ""
    if values.unit == "°":
        return f"{values.size:.1f}°"
    return f"{_sized(values)} {values.scale.where}".rstrip()


def _sized(values: Values) -> str:
    assert values.size is not None
    squared = values.unit.endswith(("²", "squared"))
    return f"{figure(values.size, area=squared)} {values.unit}"


def figure(size: float, *, area: bool = False) -> str:
    """Return a size in digits: one behind the point, more for what is small, none for large areas.

    Thousands are set apart.
    """
    if area and size >= LARGE:
        return f"{size:,.0f}"
    return f"{size:,.1f}" if size >= 1.0 or size == 0.0 else f"{size:.3f}"


def grey_lines(found: Greys | None, *, processed: bool) -> tuple[str, ...]:
    """Return mean, standard deviation and range of values in words."""
    if found is None:
        return ()
    mean, spread = (f"{value:,.{_places(found)}f}" for value in (found.mean, found.deviation))
    told = " of the processed picture" if processed else ""
    low, high = grouped(format_number(found.low)), grouped(format_number(found.high))
    return (
        f"mean {mean} ± {spread} {found.unit}".rstrip() + told,
        f"{low} to {high} {found.unit}".rstrip(),
    )


def _places(found: Greys) -> int:
    """Return the digits behind the point that a mean is told with."""
    span = max(found.high - found.low, abs(found.mean))
    return 1 if span >= 10.0 else 3 if span >= 0.1 else 6


def brief_words(mark: Mark, values: Values) -> str:
    """Return the value of a mark in one line, what matters most first: size, values, place."""
    if mark.kind is Kind.TEXT:
        return mark.kind.title
    sized = values.size is not None and not values.refused and values.unit != "°"
    size, where = (_sized(values), values.scale.where) if sized else (size_words(values), "")
    greys = grey_lines(values.greys, processed=values.processed)
    return " · ".join(filter(None, (size, *greys, where)))


def row_words(mark: Mark, values: Values) -> str:
    """Return the value of a mark in one line."""
    if mark.kind is Kind.TEXT:
        return ""
    return "; ".join((*grey_lines(values.greys, processed=values.processed), size_words(values)))
