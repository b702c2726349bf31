"""Lines over steps, as a picture: learning curves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from xray_studio.core.resources import resource

Picture: TypeAlias = npt.NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]

_FINE: Final = 3  # times larger is it drawn than shown
_WIDTH, _HEIGHT = 640, 300  # pixels of a panel
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 168, 40, 36  # margins; names stand at the right
_PAPER, _INK, _RULE = (255, 255, 255), (40, 48, 60), (224, 228, 234)
# Told apart by those who see no red or green (Okabe and Ito, 2008).
_COLOURS: Final[tuple[Colour, ...]] = (
    (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (86, 180, 233), (130, 130, 130),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines by name under a title, one value a step, steps counted from 1; NaN is a gap."""

    title: str
    lines: Mapping[str, Sequence[float]]


def chart(panels: Sequence[Panel]) -> Picture:
    """Return panels one below the other, RGB uint8 (rows, 640, 3)."""
    return np.concatenate([_drawn(panel) for panel in panels])


def _drawn(panel: Panel) -> Picture:
    image = Image.new("RGB", (_WIDTH * _FINE, _HEIGHT * _FINE), _PAPER)
    _Drawing(ImageDraw.Draw(image), panel).draw()
    small = image.resize((_WIDTH, _HEIGHT), Image.Resampling.BOX)
    return np.asarray(small, np.uint8)


class _Drawing:
    """One panel on its way; places are in pixels of the finished picture."""

    def __init__(self, pen: ImageDraw.ImageDraw, panel: Panel) -> None:
        self.pen, self.panel = pen, panel
        known = [v for line in panel.lines.values() for v in line if math.isfinite(v)] or [0.0]
        self.marks = _marks(min(known), max(known))
        self.steps = max((len(line) for line in panel.lines.values()), default=1)

    def draw(self) -> None:
        self._words((_LEFT, 12), self.panel.title, 14, "SemiBold", "la")
        for mark in self.marks:
            y = self._y(mark)
            self._line([(_LEFT, y), (_WIDTH - _RIGHT, y)], _RULE, 1)
            self._words((_LEFT - 8, y), f"{mark:.6g}", 11, "Regular", "rm")
        for step in _steps(self.steps):
            place = (self._x(step), _HEIGHT - _BOTTOM + 8)
            self._words(place, f"{step}", 11, "Regular", "ma")
        for number, (name, values) in enumerate(self.panel.lines.items()):
            self._curve(values, _COLOURS[number % len(_COLOURS)])
            self._name(number, name)

    def _curve(self, values: Sequence[float], colour: Colour) -> None:
        places: list[tuple[float, float]] = []
        for step, value in enumerate([*values, math.nan], start=1):
            if math.isfinite(value):
                places.append((self._x(step), self._y(value)))
                continue
            if len(places) > 1:
                self._line(places, colour, 2)
            elif places:
                self._dot(places[0], colour)
            places = []

    def _name(self, number: int, name: str) -> None:
        x, y = _WIDTH - _RIGHT + 16, _TOP + 8 + 20 * number
        self._line([(x, y), (x + 16, y)], _COLOURS[number % len(_COLOURS)], 2)
        self._words((x + 24, y), name, 12, "Regular", "lm")

    def _x(self, step: int) -> float:
        room = _WIDTH - _LEFT - _RIGHT
        return _LEFT + room * ((step - 1) / (self.steps - 1) if self.steps > 1 else 0.5)

    def _y(self, value: float) -> float:
        low, high = self.marks[0], self.marks[-1]
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - low) / (high - low)

    def _line(self, places: Sequence[tuple[float, float]], colour: Colour, width: int) -> None:
        fine = [(x * _FINE, y * _FINE) for x, y in places]
        self.pen.line(fine, colour, width * _FINE, joint="curve")

    def _dot(self, place: tuple[float, float], colour: Colour) -> None:
        x, y = (value * _FINE for value in place)
        size = 3 * _FINE
        self.pen.ellipse((x - size, y - size, x + size, y + size), colour)

    def _words(
        self, place: tuple[float, float], text: str, size: int, weight: str, anchor: str
    ) -> None:
        font = ImageFont.truetype(str(resource(f"fonts/Inter-{weight}.otf")), size * _FINE)
        x, y = (value * _FINE for value in place)
        self.pen.text((x, y), text, _INK, font=font, anchor=anchor)


def _marks(low: float, high: float) -> list[float]:
    """Return round numbers that values from `low` to `high` lie between, three to seven."""
    wide = max(high - low, 1e-3 * max(abs(high), 1e-6))
    power = 10.0 ** math.floor(math.log10(wide / 3.0))
    step = next(power * m for m in (1.0, 2.0, 5.0, 10.0) if wide / (power * m) <= 5.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, max(last, first + 1) + 1)]


def _steps(count: int) -> list[int]:
    """Return the steps that are named: at most ten, the first one among them."""
    apart = max(1, -(-count // 10))
    return list(range(1, count + 1, apart))
