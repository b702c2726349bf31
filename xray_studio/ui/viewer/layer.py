"""What lies over a picture in colours, and the scale that tells what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QLinearGradient

from xray_studio.core.learning.heat_colours import Colours


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """What colours stand for.

    `lines` stand above it; `low`, `middle` and `high` are what its ends and its middle stand for.
    `colours` are RGB (count, 3) from the lower to the upper end, evenly spaced. `marked` is where
    (0 to 1) a threshold lies, None without one.
    """

    lines: tuple[str, ...]
    low: str
    high: str
    colours: Colours
    middle: str = ""
    marked: float | None = None

    def gradient(self, low: QPointF, high: QPointF) -> QLinearGradient:
        """Return the colours from the lower to the upper end."""
        gradient = QLinearGradient(low, high)
        last = len(self.colours) - 1
        for step, colour in enumerate(self.colours):
            gradient.setColorAt(step / last, QColor(*(int(part) for part in colour)))
        return gradient


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Colours over a picture: `make` makes them, of which `key` tells one from another.

    They are of the whole frame as it is stored; `opacity` is 0 to 1. `scale` is None where the
    colours tell kinds apart rather than values. What never `returns` changes too often to be kept
    for frames that come again.
    """

    key: Hashable
    make: Callable[[], QImage]
    opacity: float
    scale: Scale | None = None
    returns: bool = True
