"""Lesions drawn into films that are normal: what a network learns from that nobody marked.

Densities, nodules, fluid at the base, haze over a lung, air where there is none else, fine lines,
and pieces of other films (Tan et al., "Detecting outliers with foreign patch interpolation",
Journal of Machine Learning for Biomedical Imaging, 2022). None of them copies a real lesion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.input_spec import Squashed

Values = npt.NDArray[np.float32]
Chance = np.random.Generator

_LIKELY: Final = 0.5
_LEAST: Final = 2000  # pixels of lung in a film of 256 x 256, below which nothing is drawn
_LESIONS: Final = (0.25, 0.45, 0.2, 0.1)  # how often none, one, two or three are drawn
_TONED: Final = 0.5  # how often the tones of a film are changed
_FLATTER, _STEEPER = 0.35, 1.15  # contrast about the film's mean, times
_DARKER, _LIGHTER = 0.55, 1.8  # exponents of grey values from 0 to 1
_BRIGHTNESS = 25.0  # of 255
_TURN, _SMALLER, _LARGER, _SHIFT = 4.0, 0.95, 1.08, 8.0  # degrees, scales, pixels


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A film into which lesions were drawn, uint8, and how much of each pixel is lesion, 0 to 1."""

    film: Squashed
    mask: Values


@dataclass(frozen=True, slots=True, eq=False)
class _Chest:
    """A film (rows, columns) of 0 to 255, how likely its pixels are lung, another film."""

    film: Values
    lungs: Values
    other: Values

    @property
    def bright(self) -> float:
        """What dense tissue looks like in it."""
        return float(np.percentile(self.film, 90))

    @property
    def soft(self) -> Values:
        """The lungs with a soft edge."""
        return _blurred((self.lungs > _LIKELY).astype(np.float32), 3.0)


def drawn(film: Squashed, lungs: Values, other: Squashed, chance: Chance) -> Drawn:
    """Return a film, moved and perhaps mirrored, with none to three lesions drawn into its lungs.

    Every other one has tones of its own, since films come with little contrast as with much.

    `film` and `other`, from which pieces are taken, are uint8 (rows, columns) of about 256,
    `lungs` how likely each pixel is lung, of the same shape.
    """
    moved, where = _moved(film, lungs, chance)
    chest = _Chest(moved, where, other.astype(np.float32))
    mask = np.zeros_like(moved)
    if (where > _LIKELY).sum() >= _LEAST:
        for _ in range(int(chance.choice(len(_LESIONS), p=_LESIONS))):
            names = list(_KINDS)
            kind = names[int(chance.choice(len(names), p=[_KINDS[name][0] for name in names]))]
            made, lesion = _KINDS[kind][1](chest, chance)
            mask = np.maximum(mask, lesion)
            chest = _Chest(np.clip(made, 0.0, 255.0), where, chest.other)
    whole = _toned(chest.film, chance) if chance.random() < _TONED else chest.film
    return Drawn(np.rint(whole).astype(np.uint8), np.asarray(mask, np.float32))


def _toned(film: Values, chance: Chance) -> Values:
    """Return a film of 0 to 255 with other contrast, brightness and middle tones."""
    bent = 255.0 * (film / 255.0) ** np.exp(chance.uniform(np.log(_DARKER), np.log(_LIGHTER)))
    contrast = np.exp(chance.uniform(np.log(_FLATTER), np.log(_STEEPER)))
    middle = float(bent.mean())
    level = middle + chance.uniform(-_BRIGHTNESS, _BRIGHTNESS)
    return np.asarray(np.clip(level + contrast * (bent - middle), 0.0, 255.0), np.float32)


def _moved(film: Squashed, lungs: Values, chance: Chance) -> tuple[Values, Values]:
    rows, columns = film.shape
    if chance.random() < 0.5:
        film, lungs = film[:, ::-1], lungs[:, ::-1]
    turn, scale = chance.uniform(-_TURN, _TURN), chance.uniform(_SMALLER, _LARGER)
    turned = cv2.getRotationMatrix2D((columns / 2.0, rows / 2.0), turn, scale)
    move = np.asarray(turned, np.float64)
    move[:, 2] += chance.uniform(-_SHIFT, _SHIFT, 2)
    size = (columns, rows)
    whole = np.ascontiguousarray(film, np.float32)
    one = cv2.warpAffine(whole, move, size, borderMode=cv2.BORDER_REPLICATE)
    other = cv2.warpAffine(np.ascontiguousarray(lungs, np.float32), move, size)
    return np.asarray(one, np.float32), np.asarray(other, np.float32)


def _density(chest: _Chest, chance: Chance) -> tuple[Values, Values]:
    """Draw a patch that is denser, more or less even."""
    mask = _blob(chest, chance, chance.uniform(8.0, 45.0)) * np.clip(1.3 * chest.soft, 0.0, 1.0)
    aim = np.maximum(chest.bright * chance.uniform(0.75, 1.0), chest.film)
    uneven = 1.0 + chance.uniform(0.0, 0.3) * _texture(chest, chance, chance.uniform(1.0, 5.0))
    share = mask * chance.uniform(0.25, 1.0) * np.clip(uneven, 0.0, 2.0)
    return chest.film + share * (aim - chest.film), mask


def _piece(chest: _Chest, chance: Chance) -> tuple[Values, Values]:
    """Draw a piece of another film, from about the same place."""
    down, right = (int(step) for step in chance.integers(-40, 41, 2))
    mask = _blob(chest, chance, chance.uniform(8.0, 45.0)) * np.float32(chance.uniform(0.4, 1.0))
    other = np.roll(chest.other, (down, right), (0, 1))
    return chest.film * (1.0 - mask) + other * mask, mask


def _nodule(chest: _Chest, chance: Chance) -> tuple[Values, Values]:
    mask = _blob(chest, chance, chance.uniform(4.0, 12.0), rough=0.07)
    lighter = np.maximum(chest.bright - chest.film, 10.0)
    return chest.film + mask * chance.uniform(0.3, 0.9) * lighter, mask


def _fluid(chest: _Chest, chance: Chance) -> tuple[Values, Values]:
    """Draw fluid at the base of one lung, higher at its side."""
    lung = _one_lung(chest, chance)
    rows, columns = np.nonzero(lung)
    if len(rows) < _LEAST // 4:
        return chest.film, np.zeros_like(chest.film)
    down, right = np.mgrid[: lung.shape[0], : lung.shape[1]].astype(np.float32)
    middle, top = columns.mean(), rows.max() - chance.uniform(15.0, 110.0)
    outward = (right - middle) * (1.0 if middle > lung.shape[1] / 2 else -1.0)
    edge = down - top + np.maximum(outward, 0.0) * chance.uniform(0.0, 0.5)
    mask = _blurred(lung.astype(np.float32), 2.0) / (1.0 + np.exp(-edge / chance.uniform(2.0, 8.0)))
    denser = np.maximum(0.95 * chest.bright - chest.film, 0.0)
    return chest.film + mask * chance.uniform(0.5, 1.0) * denser, np.asarray(mask, np.float32)


def _haze(chest: _Chest, chance: Chance) -> tuple[Values, Values]:
    """Draw a veil over one lung, or both."""
    both = chance.random() < 0.2
    where = chest.soft if both else _blurred(_one_lung(chest, chance).astype(np.float32), 3.0)
    uneven = 1.0 + chance.uniform(0.05, 0.35) * _texture(chest, chance, chance.uniform(2.0, 6.0))
    share = np.clip(chance.uniform(0.15, 0.6) * uneven, 0.0, 1.0)
    return chest.film + where * share * np.maximum(chest.bright - chest.film, 0.0), where


def _air(chest: _Chest, chance: Chance) -> tuple[Values, Values]:
    """Draw a place where there is less than should be."""
    mask = _blob(chest, chance, chance.uniform(8.0, 45.0)) * np.clip(1.3 * chest.soft, 0.0, 1.0)
    emptier = _blurred(chest.film, 6.0) * np.float32(chance.uniform(0.5, 0.85))
    return chest.film * (1.0 - mask) + mask * emptier, mask


def _lines(chest: _Chest, chance: Chance) -> tuple[Values, Values]:
    """Draw fine lines in all directions."""
    lines, soft = np.zeros_like(chest.film), chest.soft
    row, column = _place(chest, chance)
    spread = 0.7 * chance.uniform(8.0, 45.0)
    for _ in range(int(chance.integers(3, 25))):
        angle, length = chance.uniform(0.0, 2.0 * np.pi), chance.uniform(6.0, 30.0)
        right, down = column + chance.normal(0.0, spread), row + chance.normal(0.0, spread)
        ends = (right + length * np.cos(angle), down + length * np.sin(angle))
        start, end = (int(right), int(down)), (int(ends[0]), int(ends[1]))
        cv2.line(lines, start, end, chance.uniform(0.4, 1.0), int(chance.integers(1, 3)))
    lighter = np.maximum(chest.bright - chest.film, 10.0)
    made = chest.film + _blurred(lines, 0.8) * chance.uniform(0.2, 0.6) * lighter * soft
    return made, np.asarray(np.clip(3.0 * _blurred(lines, 5.0), 0.0, 1.0) * soft, np.float32)


_KINDS: Final[dict[str, tuple[float, Callable[[_Chest, Chance], tuple[Values, Values]]]]] = {
    "density": (0.30, _density),
    "piece": (0.18, _piece),
    "nodule": (0.12, _nodule),
    "fluid": (0.14, _fluid),
    "haze": (0.12, _haze),
    "air": (0.07, _air),
    "lines": (0.07, _lines),
}


def _place(chest: _Chest, chance: Chance) -> tuple[float, float]:
    rows, columns = np.nonzero(chest.lungs > _LIKELY)
    number = int(chance.integers(len(rows)))
    return float(rows[number]), float(columns[number])


def _blob(chest: _Chest, chance: Chance, radius: float, rough: float = 0.175) -> Values:
    """Return a shape of about an ellipse around a place of the lungs, 0 to 1, its edge uneven."""
    row, column = _place(chest, chance)
    shape = chest.film.shape
    down, right = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    down, right = down - row, right - column
    angle, wide = chance.uniform(0.0, np.pi), radius * chance.uniform(0.6, 1.6)
    along = (right * np.cos(angle) + down * np.sin(angle)) / wide
    across = (down * np.cos(angle) - right * np.sin(angle)) / radius
    uneven = rough * _texture(chest, chance, 0.35 * max(radius, wide))
    far = np.hypot(along, across) + uneven - 1.0
    return np.asarray(1.0 / (1.0 + np.exp(far * chance.uniform(3.0, 9.0))), np.float32)


def _texture(chest: _Chest, chance: Chance, width: float) -> Values:
    """Return even noise, blurred by `width` pixels, with a deviation of 1."""
    noise = _blurred(chance.normal(size=chest.film.shape).astype(np.float32), width)
    return np.asarray(noise / (noise.std() + 1e-6), np.float32)


def _one_lung(chest: _Chest, chance: Chance) -> npt.NDArray[np.bool_]:
    lungs, middle = chest.lungs > _LIKELY, chest.lungs.shape[1] // 2
    side = np.arange(lungs.shape[1]) < middle
    return np.asarray(lungs & (side if chance.random() < 0.5 else ~side), np.bool_)


def _blurred(values: Values, width: float) -> Values:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), width), np.float32)
