"""What there is to know of a volume, as plain values for JSON and for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.volume import Along, Volume, Voxels


def volume_facts(volume: Volume) -> dict[str, Any]:
    """Return size, place and values of a volume; nothing that identifies a person.

    Planes count from 1. Lengths are in mm, in LPS, ordered column, row, plane.
    """
    low, high = value_range(volume.values)
    return {
        "format": volume.format,
        "files": len(volume.paths),
        "modality": volume.modality,
        "description": volume.description,
        "moments": volume.moments,
        "along": _along(volume.along),
        **geometry_facts(volume.geometry),
        "placed": volume.placed,
        "spaced": volume.spaced,
        "type": str(volume.values.dtype),
        "unit": volume.unit,
        "lowest": low,
        "highest": high,
        "missing": [number + 1 for number in volume.missing],
        "windows": [{"center": one.center, "width": one.width} for one in volume.windows],
        "warnings": list(volume.warnings),
    }


def geometry_facts(geometry: VolumeGeometry) -> dict[str, Any]:
    """Return where voxels lie."""
    planes, rows, columns = geometry.shape
    return {
        "columns": columns,
        "rows": rows,
        "planes": planes,
        "spacing": list(geometry.spacing),
        "origin": list(geometry.origin),
        "directions": geometry.directions.tolist(),
        "affine": geometry.affine.tolist(),
        "grows_to": geometry.letters,
        "straight": geometry.is_straight,
        "right_handed": geometry.is_right_handed,
        "voxel_volume": geometry.voxel_volume,
    }


def _along(along: Along | None) -> dict[str, Any] | None:
    if along is None:
        return None
    return {
        "kind": along.kind,
        "unit": along.unit,
        "values": list(along.values),
        "words": list(along.words),
    }


def value_range(values: Voxels) -> tuple[float | None, float | None]:
    """Return the lowest and highest finite value, None where there is none."""
    lows, highs = [], []
    for at in np.ndindex(values.shape[:-2]):
        plane = values[at]
        if plane.dtype.kind == "f":
            plane = plane[np.isfinite(plane)]
        if plane.size:
            lows.append(plane.min())
            highs.append(plane.max())
    return (float(min(lows)), float(max(highs))) if lows else (None, None)


def fact_lines(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and text of every fact worth a line."""
    yield "Format", facts["format"]
    yield "Modality", " ".join(filter(None, (facts["modality"], facts["description"])))
    yield "Size", f"{facts['columns']} x {facts['rows']} x {facts['planes']}"
    if facts["along"]:
        yield "Moments", f"{facts['moments']}, by {_along_words(facts['along'])}"
    spacing = " x ".join(f"{size:.6g}" for size in facts["spacing"])
    yield "Spacing", f"{spacing} mm" if facts["spaced"] else f"not told; {spacing} mm are taken"
    if facts["placed"]:
        yield "First voxel", ", ".join(f"{at:.6g}" for at in facts["origin"]) + " mm (LPS)"
    grows = " ".join(facts["grows_to"]) + ("" if facts["straight"] else ", askew")
    yield "Grows to", grows + ("" if facts["placed"] else ", by convention only")
    values = f"{facts['type']}" + (f", {facts['unit']}" if facts["unit"] else "")
    if facts["lowest"] is not None:
        values += f", {facts['lowest']:.6g} to {facts['highest']:.6g}"
    yield "Values", values
    for warning in facts["warnings"]:
        yield "Warning", warning


def _along_words(along: dict[str, Any]) -> str:
    values = along["words"] or [f"{value:g}" for value in along["values"]]
    shown = ", ".join(values[:6]) + (", ..." if len(values) > 6 else "")
    return f"{along['kind']}: {shown} {along['unit']}".rstrip()
