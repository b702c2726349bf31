"""What a file tells of its display beside windows, as plain values: `info --json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from xray_studio.core.clip import Clip
from xray_studio.core.orientation import Orientation
from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.core.per_frame import PerFrame, at_frame
from xray_studio.core.real_world import RealWorldMap
from xray_studio.core.shutter import Shutter


def display_facts(clip: Clip) -> dict[str, Any]:
    """Return overlays, shutter, Presentation LUT, profile, orientation and real-world values.

    What differs from frame to frame is told of the middle one, with "per_frame" set. Frames count
    from 1.
    """
    middle = len(clip) // 2
    table = clip.pixels.presentation_lut
    return {
        "overlays": [_overlay(plane, len(clip)) for plane in clip.overlays],
        "shutter": _told(clip.shutter, _shutter(at_frame(clip.shutter, middle))),
        "presentation_lut": {
            "shape": "INVERSE" if clip.pixels.inverted else "IDENTITY",
            "entries": 0 if table is None else len(table.values),
            "bits": 0 if table is None else table.bits,
        },
        "icc": {"profile_bytes": len(clip.icc_profile), "color_space": _space(clip)},
        "orientation": _told(clip.orientation, _orientation(at_frame(clip.orientation, middle))),
        "real_world_values": [_meaning(one) for one in at_frame(clip.real_world, middle)],
        "pixel_intensity_relationship": clip.acquisition.pixel_intensity,
    }


def _told(value: object, facts: dict[str, Any] | None) -> dict[str, Any] | None:
    if facts is None or not isinstance(value, PerFrame):
        return facts
    return facts | {"per_frame": True}


def _overlay(plane: OverlayPlane, frames: int) -> dict[str, Any]:
    return {
        "group": f"{plane.group:04X}",
        "label": plane.label,
        "description": plane.description,
        "type": plane.kind,
        "subtype": plane.subtype,
        "rows": plane.rows,
        "columns": plane.columns,
        "origin": list(plane.origin),
        "activation_layer": plane.layer,
        "embedded": plane.source is not None,
        "frames": [plane.first + 1, frames if plane.stop is None else plane.stop],
    }


def _shutter(shutter: Shutter | None) -> dict[str, Any] | None:
    """Return the shapes of a shutter, rows and columns from 1, with the value of what it hides."""
    if shutter is None:
        return None
    facts: dict[str, Any] = {"value": shutter.value}
    if shutter.rectangle is not None:
        names = ("left", "right", "upper", "lower")
        facts["rectangle"] = dict(zip(names, shutter.rectangle, strict=True))
    if shutter.circle is not None:
        facts["circle"] = dict(zip(("row", "column", "radius"), shutter.circle, strict=True))
    if shutter.polygon:
        facts["polygon"] = [list(vertex) for vertex in shutter.polygon]
    if shutter.bitmap is not None:
        facts["bitmap"] = f"{shutter.bitmap.group:04X}"
    return facts


def _orientation(orientation: Orientation) -> dict[str, Any] | None:
    """Return the letters at the four edges, None where nothing is known."""
    return None if orientation == Orientation() else asdict(orientation)


def _space(clip: Clip) -> str:
    return clip.acquisition.color_space or ("SRGB" if clip.is_colour else "")


def _meaning(one: RealWorldMap) -> dict[str, Any]:
    return {
        "label": one.label,
        "unit": one.unit,
        "first": one.first,
        "last": one.last,
        "slope": None if one.values else one.slope,
        "intercept": None if one.values else one.intercept,
    }
