"""What there is to know of segments, as plain values for JSON and for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from xray_studio.core.labels.label_map import LabelMap, LabelSegment
from xray_studio.core.labels.statistics import SegmentNumbers


def segment_facts(
    labels: LabelMap, measured: Iterable[SegmentNumbers], unit: str
) -> list[dict[str, Any]]:
    """Return what segments are and measure: ml, values in `unit`, mm2 on planes (from 1)."""
    return [_facts(labels.segment(one.number), one, unit) for one in measured]


def _facts(segment: LabelSegment, one: SegmentNumbers, unit: str) -> dict[str, Any]:
    return {
        "number": one.number,
        "name": segment.name,
        "category": str(segment.category),
        "type": str(segment.code),
        "colour": list(segment.colour),
        "made": segment.made or "by hand",
        "voxels": one.voxels,
        "millilitres": round(one.millilitres, 6),
        "mean": one.mean,
        "deviation": one.deviation,
        "lowest": one.lowest,
        "highest": one.highest,
        "unit": unit,
        "areas": [
            {"plane": plane, "mm2": round(area, 6)}
            for plane, area in enumerate(one.areas, 1)
            if area
        ],
    }


def segment_lines(facts: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each segment, in columns."""
    rows = [_row(one) for one in facts]
    widths = [max(len(row[at]) for row in rows) for at in range(5)] if rows else []
    for number, name, *rest in rows:
        start = f"{number:>{widths[0]}}  {name:<{widths[1]}}"
        told = (f"{word:>{width}}" for word, width in zip(rest, widths[2:], strict=True))
        yield "  ".join([start, *told]).rstrip()


def _row(one: dict[str, Any]) -> tuple[str, str, str, str, str]:
    amount = f"{one['millilitres']:,.3f} ml"
    planes = f"{len(one['areas'])} plane{'' if len(one['areas']) == 1 else 's'}"
    return str(one["number"]), one["name"], amount, planes, _values(one)


def _values(one: dict[str, Any]) -> str:
    if one["mean"] is None:
        return "no values"
    spread = f" +- {one['deviation']:.4g}" if one["deviation"] is not None else ""
    ends = f"{one['lowest']:.6g} to {one['highest']:.6g}"
    return f"{one['mean']:.6g}{spread} {one['unit']}".rstrip() + f" ({ends})"
