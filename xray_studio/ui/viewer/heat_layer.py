"""The heat map of a finding as a layer over the picture."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from PySide6.QtGui import QImage

from xray_studio.core.learning.heat import ABOUT, Heat
from xray_studio.core.learning.heat_colours import heat_colours
from xray_studio.ui.finding_state import title_of
from xray_studio.ui.viewer.layer import Layer, Scale

STEPS: Final = 32  # of colour that a scale is drawn in


def heat_layer(heat: Heat, colours: str, opacity: float) -> Layer:
    """Return a heat map as it lies over its picture."""
    make = partial(heat_image, heat, colours)
    return Layer((heat, colours), make, opacity, heat_scale(heat, colours))


def heat_image(heat: Heat, colours: str) -> QImage:
    """Return a heat map at the network's size, transparent where it is 0."""
    shades, cover = heat_colours(heat.values, heat.limit, colours)
    alpha = np.rint(cover * 255.0).astype(np.uint8)[..., None]
    pixels = np.ascontiguousarray(np.concatenate([shades, alpha], axis=2))
    rows, columns = heat.values.shape
    made = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    return made.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # a copy of its own


def heat_scale(heat: Heat, colours: str) -> Scale:
    """Return what the colours of a heat map stand for, over black as on a dark film."""
    about = ABOUT[heat.method]
    values = np.linspace(-1.0 if about.signed else 0.0, 1.0, STEPS + 1, dtype=np.float32)
    shades, cover = heat_colours(values, 1.0, colours)
    over_black = np.rint(shades * cover[:, None]).astype(np.uint8)
    low, high = ends_of(heat)
    middle = "0" if about.signed else ""
    return Scale((title_of(heat.label), about.title), low, high, over_black, middle)


def ends_of(heat: Heat) -> tuple[str, str]:
    """Return what both ends of the scale of a heat map stand for."""
    if not ABOUT[heat.method].signed:
        return "0", "peak"
    limit = f"{heat.limit:.2g}"
    return f"\N{MINUS SIGN}{limit}", f"+{limit} {ABOUT[heat.method].unit}"
