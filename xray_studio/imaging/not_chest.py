"""Pictures that are no upright film of a whole chest, drawn from chance, to learn what to refuse.

Nothing here stands for a real picture. It is a wide choice of what else a workstation is given:
blank and test pictures, photographs (dead leaves: Lee, Mumford and Huang, "Occlusion models for
natural images", IJCV 41, 2001), ultrasound sectors, slices, limbs, pages of text, and films that
are turned, cut out, or put together from several.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
_Plane = npt.NDArray[np.float32]
_Chance = np.random.Generator
SIZE: Final = 192  # pixels of a side of what is drawn


def drawn(chance: _Chance) -> Picture:
    """Return a picture, uint8 (192, 192), of a kind drawn from chance."""
    kind = _KINDS[int(chance.integers(len(_KINDS)))]
    return np.asarray(np.clip(kind(chance), 0, 255).astype(np.uint8))


def spoilt(film: Picture, other: Picture, chance: _Chance) -> Picture:
    """Return a film of a chest, uint8 (rows, columns), that no longer is one, of the same size.

    It is turned by a quarter or a half, a small part of it is cut out, or it shares the picture
    with `other` films.
    """
    way = int(chance.integers(3))
    if way == 0:
        return _sized(np.ascontiguousarray(np.rot90(film, int(chance.integers(1, 4)))), film.shape)
    if way == 1:
        return _cut_out(film, chance)
    half = cv2.resize(film, (film.shape[1] // 2, film.shape[0] // 2), interpolation=cv2.INTER_AREA)
    beside = cv2.resize(other, half.shape[::-1], interpolation=cv2.INTER_AREA)
    row = np.concatenate([half, beside], axis=1)
    whole = np.concatenate([row, row[:, ::-1]]) if chance.random() < 0.5 else row
    return _sized(whole, film.shape)


def _cut_out(film: Picture, chance: _Chance) -> Picture:
    rows, columns = (max(8, int(side * chance.uniform(0.15, 0.4))) for side in film.shape)
    top = int(chance.integers(0, film.shape[0] - rows + 1))
    left = int(chance.integers(0, film.shape[1] - columns + 1))
    return _sized(film[top : top + rows, left : left + columns], film.shape)


def _sized(picture: Picture, shape: tuple[int, ...]) -> Picture:
    return np.asarray(cv2.resize(picture, shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _blank(chance: _Chance) -> _Plane:
    plane = np.full((SIZE, SIZE), chance.uniform(0, 255), np.float32)
    return _noisy(plane, chance.uniform(0, 4), chance)


def _gradient(chance: _Chance) -> _Plane:
    x, y = _places()
    angle = chance.uniform(0, 2 * np.pi)
    return np.asarray(127 + 150 * (x * np.cos(angle) + y * np.sin(angle)), np.float32)


def _noise(chance: _Chance) -> _Plane:
    plane = _softened(chance.normal(0, 1, (SIZE, SIZE)), float(np.exp(chance.uniform(-1, 3.3))))
    return np.asarray(128 + 60 * plane / max(float(plane.std()), 1e-6), np.float32)


def _leaves(chance: _Chance) -> _Plane:
    plane = np.full((SIZE, SIZE), chance.uniform(0, 255), np.float32)
    for _ in range(int(chance.integers(20, 250))):
        radius = int(min(SIZE / 2, 3.0 / chance.random() ** 0.6))
        place = tuple(int(v) for v in chance.integers(0, SIZE, 2))
        grey = float(chance.uniform(0, 255))
        if chance.random() < 0.5:
            cv2.circle(plane, place, radius, grey, -1)
        else:
            far = tuple(int(v + radius * chance.uniform(0.5, 2)) for v in place)
            cv2.rectangle(plane, place, far, grey, -1)
    return _softened(plane, chance.uniform(0.4, 2))


def _sector(chance: _Chance) -> _Plane:
    x, y = _places()
    depth, angle = np.hypot(x, y + 1.0), np.abs(np.arctan2(x, y + 1.0))
    fan = (depth < chance.uniform(1.5, 2.0)) & (angle < chance.uniform(0.4, 0.8))
    speckle = chance.rayleigh(1.0, (SIZE, SIZE)) * np.exp(-0.3 * depth)
    echoes = speckle * (0.3 + 0.7 * (_noise(chance) > chance.uniform(90, 150)))
    return np.asarray(np.where(fan, 110 * echoes, 0), np.float32)


def _slice(chance: _Chance) -> _Plane:
    plane = np.zeros((SIZE, SIZE), np.float32)
    axes = chance.uniform(0.25, 0.47, 2) * SIZE
    _ellipse(plane, (SIZE / 2, SIZE / 2), axes, chance.uniform(90, 180))
    if chance.random() < 0.5:  # the skull, or skin
        width = int(chance.integers(1, 9))
        cv2.ellipse(plane, (SIZE // 2, SIZE // 2), _whole(axes), 0, 0, 360, 255.0, width)
    for _ in range(int(chance.integers(4, 30))):
        place = SIZE / 2 + chance.uniform(-0.7, 0.7, 2) * axes
        _ellipse(plane, place, axes * chance.uniform(0.03, 0.4, 2), chance.uniform(0, 255))
    return _noisy(_softened(plane, chance.uniform(0.5, 3)), chance.uniform(0, 9), chance)


def _limb(chance: _Chance) -> _Plane:
    plane = np.zeros((SIZE, SIZE), np.float32)
    for _ in range(int(chance.integers(1, 6))):
        ends = chance.integers(0, SIZE, (2, 2))
        width = int(chance.integers(5, 22))
        for wide, grey in ((4 * width, 70.0), (width, 170.0), (max(1, width - 5), 130.0)):
            line = np.zeros_like(plane)
            cv2.line(line, _pair(ends[0]), _pair(ends[1]), grey, wide)
            plane = np.maximum(plane, line) if grey != 130.0 else np.where(line > 0, line, plane)
    return _noisy(_softened(plane, chance.uniform(1, 3)), 6.0, chance)


def _page(chance: _Chance) -> _Plane:
    paper, ink = (250.0, 10.0) if chance.random() < 0.5 else (5.0, 240.0)
    plane = np.full((SIZE, SIZE), paper, np.uint8)
    size = chance.uniform(0.25, 0.9)
    for y in range(12, SIZE, int(12 + 20 * size)):
        codes = chance.integers(33, 122, int(chance.integers(0, 40)))
        letters = "".join(map(chr, codes))
        place = (int(chance.integers(0, 30)), y)
        cv2.putText(plane, letters, place, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 1, cv2.LINE_AA)
    return plane.astype(np.float32)


def _grid(chance: _Chance) -> _Plane:
    x, y = _places()
    one, other = chance.uniform(2, 60, 2)
    waves = np.sin(one * x + chance.uniform(0, 6)) * np.sin(other * y + chance.uniform(0, 6))
    return np.asarray(127 + 127 * (np.sign(waves) if chance.random() < 0.5 else waves), np.float32)


def _softened(plane: npt.ArrayLike, sigma: float) -> _Plane:
    return np.asarray(cv2.GaussianBlur(np.asarray(plane, np.float32), (0, 0), sigma), np.float32)


def _noisy(plane: _Plane, deviation: float, chance: _Chance) -> _Plane:
    return plane + chance.normal(0, deviation, plane.shape).astype(np.float32)


def _places() -> tuple[_Plane, _Plane]:
    """Return x and y of every pixel, -1 to 1."""
    side = np.linspace(-1, 1, SIZE, dtype=np.float32)
    x, y = np.meshgrid(side, side)
    return x, y


def _ellipse(plane: _Plane, place: npt.ArrayLike, axes: npt.ArrayLike, grey: float) -> None:
    cv2.ellipse(plane, _pair(place), _whole(axes), 0, 0, 360, float(grey), -1)


def _pair(values: npt.ArrayLike) -> tuple[int, int]:
    x, y = np.asarray(values, np.int64)
    return int(x), int(y)


def _whole(axes: npt.ArrayLike) -> tuple[int, int]:
    x, y = _pair(axes)
    return max(1, x), max(1, y)


_KINDS: Final[tuple[Callable[[_Chance], _Plane], ...]] = (
    _blank, _gradient, _noise, _leaves, _leaves, _sector, _slice, _slice, _limb, _page, _grid,
)  # fmt: skip
