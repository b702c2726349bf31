"""Things that are drawn over films to learn from: what a denoiser has to leave as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.step import Image

Chance: TypeAlias = np.random.Generator
_Plane = npt.NDArray[np.uint8]  # square; lines are smooth in 8 bits alone
_WHITE: Final = 255


def drawing(side: int, chance: Chance) -> Image:
    """Return what weakens radiation, as a logarithm: lines, edges, catheters, grids, letters."""
    made = np.zeros((side, side), np.float32)
    for _ in range(int(chance.integers(1, 5))):
        plane = np.zeros((side, side), np.uint8)
        _DRAWN[int(chance.integers(len(_DRAWN)))](plane, chance)
        soft = cv2.GaussianBlur(plane.astype(np.float32), (0, 0), float(chance.uniform(0.4, 1.3)))
        strength = chance.choice((-1.0, 1.0)) * np.exp(chance.uniform(-3.5, 0.0))
        made += np.float32(strength / _WHITE) * soft
    return made


def _place(into: _Plane, chance: Chance) -> tuple[int, int]:
    side = len(into)
    x, y = chance.integers(-side // 8, side * 9 // 8, 2)
    return int(x), int(y)


def _width(chance: Chance) -> int:
    return int(chance.integers(1, 6))


def _line(into: _Plane, chance: Chance) -> None:
    ends = _place(into, chance), _place(into, chance)
    cv2.line(into, *ends, _WHITE, _width(chance), cv2.LINE_AA)


def _curve(into: _Plane, chance: Chance) -> None:
    """Draw a Bézier curve, as a catheter lies."""
    ends = np.array([_place(into, chance) for _ in range(4)], np.float32)
    t = np.linspace(0.0, 1.0, 40)[:, None]
    weights = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    points = np.rint(weights @ ends).astype(np.int32)
    cv2.polylines(into, [points], False, _WHITE, _width(chance), cv2.LINE_AA)


def _edge(into: _Plane, chance: Chance) -> None:
    away = _across(into, chance) - chance.uniform(-0.3, 0.3) * len(into)
    into += (np.clip(away + 0.5, 0.0, 1.0) * _WHITE).astype(np.uint8)


def _grid(into: _Plane, chance: Chance) -> None:
    turns = _across(into, chance) / chance.uniform(2.5, 20.0)
    into += (_WHITE * (0.5 + 0.5 * np.sin(2 * np.pi * turns))).astype(np.uint8)


def _across(into: _Plane, chance: Chance) -> npt.NDArray[np.float64]:
    """Return how far pixels are from the middle in a direction."""
    angle = chance.uniform(0.0, 2 * np.pi)
    y, x = np.indices(into.shape) - len(into) / 2
    away: npt.NDArray[np.float64] = x * np.cos(angle) + y * np.sin(angle)
    return away


def _spot(into: _Plane, chance: Chance) -> None:
    x, y = chance.integers(1, len(into) // 2, 2)
    width = -1 if chance.random() < 0.6 else _width(chance)
    turn = float(chance.uniform(0, 180))
    cv2.ellipse(
        into, _place(into, chance), (int(x), int(y)), turn, 0, 360, _WHITE, width, cv2.LINE_AA
    )


def _letters(into: _Plane, chance: Chance) -> None:
    text = "".join(chr(int(code)) for code in chance.integers(48, 91, 4))
    size, width = float(chance.uniform(0.35, 1.2)), int(chance.integers(1, 4))
    place = _place(into, chance)
    cv2.putText(into, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, _WHITE, width, cv2.LINE_AA)


_DRAWN: Final[tuple[Callable[[_Plane, Chance], None], ...]] = (
    _line, _line, _curve, _curve, _curve, _edge, _edge, _edge, _edge, _spot, _spot, _grid, _grid,
    _letters,
)  # fmt: skip
