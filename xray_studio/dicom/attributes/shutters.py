"""Display shutters of an object (PS3.3 C.7.6.11), of all frames or by frame (C.7.6.16.2.16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydicom.dataset import Dataset

from xray_studio.core.cielab import rgb_of_cielab
from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.core.per_frame import PerFrame, for_frames
from xray_studio.core.shutter import Shutter
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.luts import word_of, words
from xray_studio.dicom.attributes.values import integer, numbers, text

KEYWORD = "FrameDisplayShutterSequence"
SHAPES = frozenset(("RECTANGULAR", "CIRCULAR", "POLYGONAL", "BITMAP"))
EDGES = (
    "ShutterLeftVerticalEdge",
    "ShutterRightVerticalEdge",
    "ShutterUpperHorizontalEdge",
    "ShutterLowerHorizontalEdge",
)
MOST_VERTICES = 4096
FARTHEST = 1 << 20  # pixels; numbers beyond are no places in a picture


def read_shutters(
    groups: Groups, frames: int, size: tuple[int, int], warnings: list[str]
) -> Shutter | PerFrame[Shutter | None] | None:
    """Return the shutter of a picture of `size` (rows, columns); None where everything is seen."""
    if not groups.varies(KEYWORD):
        return read_shutter(groups.macro(KEYWORD, 0), size, warnings)
    each = (read_shutter(groups.macro(KEYWORD, i), size, warnings) for i in range(frames))
    return for_frames(each)


def read_shutter(
    macro: Dataset,
    size: tuple[int, int],
    warnings: list[str],
    planes: Sequence[OverlayPlane] = (),
) -> Shutter | None:
    """Return the shutter that one item tells; `planes` are the overlays it may name as bitmap.

    One that is broken, or would hide all of the picture, is not applied and said.
    """
    shapes = [shape.strip() for shape in text(macro, "ShutterShape").upper().split("\\")]
    shutter = Shutter(value=_value(macro), colour=_colour(macro))
    for shape in dict.fromkeys(shape for shape in shapes if shape):
        if shape in SHAPES:
            shutter = _with_shape(shutter, shape, macro, planes, warnings)
        else:
            warnings.append(f"The display shutter {shape} is unknown; it is not applied.")
    return _checked(shutter, size, warnings)


def _with_shape(
    shutter: Shutter,
    shape: str,
    macro: Dataset,
    planes: Sequence[OverlayPlane],
    warnings: list[str],
) -> Shutter:
    rectangle, circle, vertices, bitmap = (
        _rectangle(macro) if shape == "RECTANGULAR" else None,
        _circle(macro) if shape == "CIRCULAR" else None,
        _polygon(macro) if shape == "POLYGONAL" else (),
        _bitmap(macro, planes) if shape == "BITMAP" else None,
    )
    if not (rectangle or circle or vertices or bitmap):
        warnings.append(f"The {shape.lower()} display shutter is broken; it is not applied.")
        return shutter
    return replace(
        shutter,
        rectangle=rectangle or shutter.rectangle,
        circle=circle or shutter.circle,
        polygon=vertices or shutter.polygon,
        bitmap=bitmap or shutter.bitmap,
    )


def _rectangle(macro: Dataset) -> tuple[int, int, int, int] | None:
    left, right, upper, lower = (integer(macro, keyword) for keyword in EDGES)
    if left is None or right is None or upper is None or lower is None:
        return None
    return (left, right, upper, lower) if left <= right and upper <= lower else None


def _circle(macro: Dataset) -> tuple[int, int, int] | None:
    center = numbers(macro, "CenterOfCircularShutter")
    radius = integer(macro, "RadiusOfCircularShutter") or 0
    if len(center) < 2 or radius < 1 or max(*map(abs, center), radius) > FARTHEST:
        return None
    return int(center[0]), int(center[1]), radius


def _polygon(macro: Dataset) -> tuple[tuple[int, int], ...]:
    places = [int(number) for number in numbers(macro, "VerticesOfThePolygonalShutter")]
    vertices = tuple(zip(places[::2], places[1::2], strict=False))
    if len(set(vertices)) < 3 or len(vertices) > MOST_VERTICES:
        return ()
    return vertices if max(map(abs, places)) <= FARTHEST else ()


def _bitmap(macro: Dataset, planes: Sequence[OverlayPlane]) -> OverlayPlane | None:
    group = word_of(macro, "ShutterOverlayGroup")
    return next((plane for plane in planes if plane.group == group), None)


def _value(macro: Dataset) -> int:
    return (word_of(macro, "ShutterPresentationValue") or 0) & 0xFFFF


def _colour(macro: Dataset) -> tuple[int, int, int] | None:
    lab = words(macro, "ShutterPresentationColorCIELabValue")
    return rgb_of_cielab([word & 0xFFFF for word in lab]) if len(lab) >= 3 else None


def _checked(shutter: Shutter, size: tuple[int, int], warnings: list[str]) -> Shutter | None:
    """Return a shutter that hides something and leaves something."""
    if not (shutter.rectangle or shutter.circle or shutter.polygon or shutter.bitmap):
        return None
    seen = shutter.open(*size, 0 if shutter.bitmap is None else shutter.bitmap.first)
    if seen.all():
        return None
    if seen.any():
        return shutter
    warnings.append("The display shutter would hide all of the picture; it is not applied.")
    return None
