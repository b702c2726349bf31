"""What a TIFF says of the stack that its pages make: OME-XML, ImageJ's words, resolution."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

from xray_studio.core.place import Vector
from xray_studio.imaging.still_pages import opened, reading

_DESCRIPTION, _X_RESOLUTION, _Y_RESOLUTION, _UNIT = 270, 282, 283, 296
_PIXELS: Final = re.compile(r"<(?:\w+:)?Pixels\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(r'(\w+)\s*=\s*"([^"]*)"')
_MM: Final = {
    "m": 1000.0, "cm": 10.0, "mm": 1.0, "µm": 1e-3, "μm": 1e-3, "um": 1e-3, "micron": 1e-3,
    "microns": 1e-3, "nm": 1e-6, "inch": 25.4, "in": 25.4, "\\u00b5m": 1e-3, "&#181;m": 1e-3,
}  # fmt: skip
_BY_NUMBER: Final = {2: 25.4, 3: 10.0}  # TIFF 6.0: ResolutionUnit, inch and centimetre


@dataclass(frozen=True, slots=True)
class TiffStack:
    """How pages follow one another: `order` names the axes, the fastest first, of "Z", "C", "T".

    `sizes` are their lengths. `spacing` is in mm, column, row, plane, 0 where it is not told;
    `interval` seconds between moments. `source` is "OME", "ImageJ" or "".
    """

    order: str = "Z"
    sizes: tuple[int, ...] = ()
    spacing: Vector = (0.0, 0.0, 0.0)
    interval: float = 0.0
    source: str = ""

    @property
    def format(self) -> str:
        """What kind of stack it is."""
        return {"OME": "OME-TIFF", "ImageJ": "ImageJ TIFF"}.get(self.source, "TIFF")

    def size(self, axis: str) -> int:
        """Return the length of an axis, 1 of one that is not there."""
        at = self.order.find(axis)
        return self.sizes[at] if 0 <= at < len(self.sizes) else 1

    def holds_planes(self, pages: int) -> bool:
        """Tell whether the file says that its pages, of this number, are planes of a volume."""
        return self.size("Z") > 1 and math.prod(self.sizes) == pages


def read_tiff_stack(path: str) -> TiffStack:
    """Return what a TIFF says of its pages. Runs in a worker process. Raises UnreadableError."""
    with reading(), opened(path) as image:
        tags: Any = getattr(image, "tag_v2", {})
        description = str(tags.get(_DESCRIPTION, ""))
        resolution = tuple(float(tags.get(tag, 0) or 0) for tag in (_X_RESOLUTION, _Y_RESOLUTION))
        unit = int(tags.get(_UNIT, 0) or 0)
    ome = _PIXELS.search(description)
    if ome:
        return _ome(dict(_ATTRIBUTE.findall(ome[1])))
    if description.startswith("ImageJ="):
        told = dict(line.split("=", 1) for line in description.splitlines() if "=" in line)
        return _imagej(told, resolution)
    scale = _BY_NUMBER.get(unit, 0.0)
    return TiffStack(spacing=(_per(resolution[0], scale), _per(resolution[1], scale), 0.0))


def _ome(told: dict[str, str]) -> TiffStack:
    order = told.get("DimensionOrder", "XYZCT").replace("XY", "")
    sizes = tuple(max(1, int(_number(told.get(f"Size{axis}")) or 1)) for axis in order)
    x, y, z = (
        (_number(told.get(f"PhysicalSize{axis}")) or 0.0)
        * _MM.get(told.get(f"PhysicalSize{axis}Unit", "µm"), 0.0)
        for axis in "XYZ"
    )
    interval = _number(told.get("TimeIncrement")) or 0.0
    if told.get("TimeIncrementUnit", "s") == "ms":
        interval /= 1000.0
    return TiffStack(order, sizes, (x, y, z), interval, "OME")


def _imagej(told: dict[str, str], resolution: tuple[float, ...]) -> TiffStack:
    channels, slices, frames = (
        int(_number(told.get(key)) or 1) for key in ("channels", "slices", "frames")
    )
    if channels == slices == frames == 1:
        slices = int(_number(told.get("images")) or 1)
    scale = _MM.get(told.get("unit", ""), 0.0)
    depth = (_number(told.get("spacing")) or 0.0) * scale
    spacing = (_per(resolution[0], scale), _per(resolution[1], scale), abs(depth))
    interval = _number(told.get("finterval")) or 0.0
    return TiffStack("CZT", (channels, slices, frames), spacing, interval, "ImageJ")


def _per(resolution: float, scale: float) -> float:
    return scale / resolution if resolution > 0.0 else 0.0


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
