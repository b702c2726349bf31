"""What numbers of a TIFF mean, where it says so: scale, offset and unit in the words of GDAL.

Cameras and programs for measured pictures, as temperatures, write them into one tag as XML.
"""

from __future__ import annotations

import math
import re
from typing import Final

from PIL import Image

from xray_studio.core.lut import Rescale

_METADATA: Final = 42_112  # GDAL_METADATA
_ITEM: Final = re.compile(r"<Item\b([^>]*)>([^<]*)</Item>")
_ATTRIBUTE: Final = re.compile(r'(\w+)\s*=\s*"([^"]*)"')
_DEGREES: Final = {"degc": "°C", "deg c": "°C", "celsius": "°C", "c": "°C", "kelvin": "K"}


def scale_of(image: Image.Image) -> Rescale:
    """Return what leads from the numbers of an open TIFF to values; a plain one where none is told.

    Of several bands the first counts. A scale of 0 is none.
    """
    text = getattr(image, "tag_v2", {}).get(_METADATA)
    told: dict[str, str] = {}
    for attributes, value in _ITEM.findall(text if isinstance(text, str) else ""):
        named = dict(_ATTRIBUTE.findall(attributes))
        if named.get("sample", "0") == "0" and "role" in named:
            told.setdefault(named["role"].casefold(), value.strip())
    slope, intercept = _number(told.get("scale"), 1.0), _number(told.get("offset"), 0.0)
    unit = told.get("unittype", "")[:16]
    return Rescale(slope or 1.0, intercept, _DEGREES.get(unit.casefold(), unit))


def _number(text: str | None, usual: float) -> float:
    try:
        found = float(text) if text else usual
    except ValueError:
        return usual
    return found if math.isfinite(found) else usual
