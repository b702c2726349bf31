"""An ultrasound loop of the heart from the apex, four chambers, with text burnt into it.

Scatterers belong to the tissue and move with it; the beam blurs them into speckle, and its
logarithm is shown in a sector. What is written beside the sector, and where, is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.phantom.raster import Image, blur, white_noise

ROWS, COLUMNS = 480, 640
APEX = (330.0, 34.0)  # column and row of the transducer
REACH, NEAR = 410.0, 8.0  # pixels of depth
HALF_ANGLE = np.deg2rad(37.0)
DEPTH = 16.0  # cm that REACH stands for
DYNAMIC_RANGE = 52.0  # dB
FRAME_TIME = 33.333  # ms
BEAT = 26  # frames
GREEN, WHITE, YELLOW = (90, 220, 120), (225, 225, 225), (235, 205, 90)


@dataclass(frozen=True)
class Words:
    """Text in the picture: `box` is left, top, right and bottom in pixels, the ends outside it.

    `identity` tells what would name the patient or the time.
    """

    text: str
    left: int
    baseline: int
    identity: bool = False
    scale: float = 0.42

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """Where it has ink."""
        canvas = np.zeros((ROWS, COLUMNS, 3), np.uint8)
        self.draw(canvas)
        rows, columns = np.nonzero(canvas.max(axis=2) > 20)
        return (
            int(columns.min()),
            int(rows.min()),
            int(columns.max()) + 1,
            int(rows.max()) + 1,
        )

    def draw(self, picture: NDArray[np.uint8], colour: tuple[int, int, int] = WHITE) -> None:
        """Draw it into a picture (rows, columns, 3)."""
        cv2.putText(picture, self.text, (self.left, self.baseline), cv2.FONT_HERSHEY_SIMPLEX,
                    self.scale, colour, 1, cv2.LINE_AA)  # fmt: skip


@dataclass(frozen=True)
class Echo:
    """A loop: `frames` (n, rows, columns, 3) RGB of 8 bits; `words` are burnt in."""

    frames: NDArray[np.uint8]
    words: tuple[Words, ...]

    @property
    def pixel_size(self) -> float:
        """Size of a pixel in cm."""
        return DEPTH / REACH


def labels(name: str, identity: str, moment: str, institution: str) -> tuple[Words, ...]:
    """Return what is written beside the sector."""
    scale = tuple(
        Words(str(depth), 602, round(APEX[1] + depth * REACH / DEPTH + 4.0), scale=0.36)
        for depth in (5, 10, 15)
    )
    return (
        Words(name, 8, 18, identity=True),
        Words(identity, 8, 36, identity=True),
        Words(moment, 8, 54, identity=True),
        Words(institution, 400, 18, identity=True, scale=0.38),
        Words("A4C", 8, 100),
        Words("30 Hz", 8, 118),
        Words("16 cm", 8, 136),
        Words("MI 1.2  TIs 0.8", 8, 154, scale=0.36),
        *scale,
    )


def make_echo(words: tuple[Words, ...], seed: int = 1, beats: int = 2) -> Echo:
    """Make a loop of whole beats. The same arguments give the same pixels."""
    tissue = _Tissue(seed)
    count = beats * BEAT
    beat = [tissue.frame(index / BEAT) for index in range(BEAT)]
    trace = _electrocardiogram(count)
    frames = np.empty((count, ROWS, COLUMNS, 3), np.uint8)
    for index in range(count):
        picture = np.repeat(beat[index % BEAT][..., None], 3, axis=2)
        _annotate(picture, words, trace, index)
        frames[index] = picture
    return Echo(frames, words)


def _annotate(
    picture: NDArray[np.uint8], words: tuple[Words, ...], trace: NDArray[np.int32], index: int
) -> None:
    for each in words:
        each.draw(picture, YELLOW if each.text == "A4C" else WHITE)
    for depth in range(17):
        row = round(APEX[1] + depth * REACH / DEPTH)
        cv2.line(picture, (590, row), (598 if depth % 5 == 0 else 594, row), WHITE, 1)
    shown = trace[: 2 + round((len(trace) - 2) * (index + 1) / (len(trace) / SAMPLES))]
    cv2.polylines(picture, [shown], isClosed=False, color=GREEN, thickness=1, lineType=cv2.LINE_AA)


SAMPLES = 8  # of the electrocardiogram a frame


def _electrocardiogram(frames: int) -> NDArray[np.int32]:
    """Points (n, 2) of a trace below the sector: P, QRS and T of every beat."""
    phase = np.arange(frames * SAMPLES) / (BEAT * SAMPLES) % 1.0
    waves = ((0.86, 0.025, 4.0), (0.975, 0.006, -3.0), (1.0, 0.008, 26.0), (0.0, 0.008, 26.0),
             (0.022, 0.007, -7.0), (0.30, 0.045, 7.0))  # fmt: skip
    height = sum(size * np.exp(-0.5 * ((phase - at) / wide) ** 2) for at, wide, size in waves)
    column = np.linspace(20.0, 570.0, len(phase))
    return np.stack([column, 466.0 - height], axis=1).round().astype(np.int32)


def contraction(phase: float) -> float:
    """0 at the end of diastole, 1 at the end of systole; `phase` of the beat from the R wave."""
    rise, fall = _ease((phase - 0.03) / 0.33), _ease((phase - 0.38) / 0.20)
    kick = 0.07 * np.exp(-0.5 * ((phase - 0.92) / 0.05) ** 2)
    return float(rise - 0.80 * fall - 0.20 * _ease((phase - 0.78) / 0.2) - kick * (phase < 0.98))


def _ease(fraction: float) -> float:
    x = min(max(fraction, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


class _Tissue:
    """Scatterers of the resting heart, and how they move."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([seed, 41])
        self.seed = seed
        self.scatter = rng.standard_normal((2, ROWS, COLUMNS), dtype=np.float32)
        at = np.arange(COLUMNS, dtype=np.float32), np.arange(ROWS, dtype=np.float32)
        self.x, self.y = np.meshgrid(*at)
        away_x, away_y = self.x - APEX[0], self.y - APEX[1]
        self.depth = np.hypot(away_x, away_y)
        self.angle = np.arctan2(away_x, away_y)
        self.rng_rays = np.random.default_rng([seed, 42])
        self.sector = self._sector()
        self.inwards, self.upwards = self._motion()

    def _sector(self) -> Image:
        inside = np.clip((HALF_ANGLE - np.abs(self.angle)) * self.depth / 1.5 + 0.5, 0.0, 1.0)
        inside *= np.clip(self.depth - NEAR, 0.0, 1.0) * np.clip(REACH - self.depth, 0.0, 1.0)
        rays = 1.0 + 0.22 * np.interp(
            self.angle, np.linspace(-0.7, 0.7, 60), self.rng_rays.normal(0.0, 1.0, 60)
        )
        fade = np.exp(-0.5 * (self.angle / 0.62) ** 4) * np.exp(-self.depth / 900.0)
        return np.asarray(inside * rays * fade, np.float32)

    def frame(self, phase: float) -> NDArray[np.uint8]:
        """Return the sector (rows, columns) at a phase of the beat."""
        squeeze = contraction(phase)
        x, y = self._at_rest(squeeze)
        amplitude = _amplitude(x, y)
        amplitude = np.maximum(amplitude, _valves(squeeze)) * self.sector
        fields = [cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
                  for field in self.scatter]  # fmt: skip
        real, imaginary = (self._beam(field * amplitude) for field in fields)
        noise = white_noise(COLUMNS, self.seed * 4099 + round(phase * BEAT))[:ROWS]
        floor = np.abs(noise) * np.float32(0.0016)
        envelope = np.hypot(real, imaginary) + blur(floor, 0.8) * (self.sector > 0.02)
        grey = 1.0 + 20.0 * np.log10(envelope / 0.62 + 1e-6) / DYNAMIC_RANGE
        grey = np.clip(grey, 0.0, 1.0) ** 1.15 * (self.sector > 0.01)
        return np.asarray(np.rint(grey * 235.0), np.uint8)

    def _beam(self, field: Image) -> Image:
        """Blur along and across the beam, more across with depth."""
        near = cv2.GaussianBlur(field, (0, 0), sigmaX=1.3, sigmaY=0.9)
        far = cv2.GaussianBlur(near, (0, 0), sigmaX=2.7, sigmaY=0.4)
        share = np.clip(self.depth / REACH, 0.0, 1.0)
        return np.asarray(near * (1.0 - share) + 1.5 * far * share, np.float32)

    def _at_rest(self, squeeze: float) -> tuple[Image, Image]:
        """Where (column, row) each point of the picture lies when the heart is at rest."""
        share = np.float32(squeeze)
        return self.x + share * self.inwards, self.y + share * self.upwards

    def _motion(self) -> tuple[Image, Image]:
        """How far (columns, rows) each point has come at the end of systole."""
        level = np.clip((self.y - 60.0) / 205.0, 0.0, 1.0)
        up = 17.0 * np.sin(level * np.pi / 2.0) ** 1.5
        up = up * np.clip(1.0 - (self.y - 265.0) / 140.0, 0.0, 1.0)
        aside = np.zeros_like(self.x)
        for middle, wide, share in ((354.0, 84.0, 0.30), (256.0, 60.0, 0.22)):
            away = self.x - np.float32(middle)
            near = np.exp(-((away / np.float32(wide)) ** 4))
            aside += np.float32(share) * away * near
        aside *= np.clip((300.0 - self.y) / 40.0, 0.0, 1.0)
        return aside.astype(np.float32), up.astype(np.float32)


# Cavities of the resting heart: column, row, half width, half height, tilt (columns a row).
CAVITIES = (
    (356.0, 176.0, 46.0, 98.0, 0.06),  # left ventricle
    (256.0, 198.0, 36.0, 76.0, -0.14),  # right ventricle
    (366.0, 320.0, 48.0, 50.0, 0.0),  # left atrium
    (262.0, 318.0, 45.0, 47.0, 0.0),  # right atrium
)
ORIFICES = ((361.0, 270.0, 33.0, 24.0, 0.0), (259.0, 270.0, 30.0, 22.0, 0.0))
BLOOD = 0.0035
WALLS = (
    (356.0, 182.0, 64.0, 120.0, 0.06),
    (252.0, 198.0, 47.0, 94.0, -0.14),
    (366.0, 322.0, 55.0, 57.0, 0.0),
    (262.0, 320.0, 52.0, 54.0, 0.0),
)


def _amplitude(x: Image, y: Image) -> Image:
    """How strongly tissue at rest scatters, at columns and rows."""
    outer = np.maximum.reduce([_distance(x, y, wall) for wall in WALLS])
    hollow = np.maximum.reduce([_distance(x, y, each) for each in (*CAVITIES, *ORIFICES)])
    heart, cavity = _within(outer), _within(hollow)
    tissue = 0.055 + 0.145 * heart + 0.42 * _rim(outer)
    return np.asarray(tissue * (1.0 - cavity) + BLOOD * cavity + 0.20 * _rim(hollow), np.float32)


def _distance(x: Image, y: Image, shape: tuple[float, ...]) -> Image:
    column, row, wide, high, tilt = shape
    across = (x - column - tilt * (y - row)) / wide
    return np.asarray((1.0 - np.sqrt(across**2 + ((y - row) / high) ** 2)) * wide, np.float32)


def _within(distance: Image) -> Image:
    return np.asarray(np.clip(distance / 3.0 + 0.5, 0.0, 1.0), np.float32)


def _rim(distance: Image) -> Image:
    return np.asarray(np.exp(-0.5 * (distance / 2.4) ** 2), np.float32)


def _valves(squeeze: float) -> Image:
    """Mitral and tricuspid leaflets: closed while the ventricles contract."""
    image = np.zeros((ROWS, COLUMNS), np.float32)
    opened = float(np.clip(1.0 - 2.2 * squeeze, 0.0, 1.0))
    row = 272.0 - 17.0 * squeeze
    for left, right in ((318.0, 408.0), (222.0, 298.0)):
        middle = (left + right) / 2.0
        for hinge, side in ((left, -1.0), (right, 1.0)):
            tip = np.array([middle + side * 30.0 * opened, row - 6.0 - 34.0 * opened])
            bow = np.array(
                [(hinge + middle) / 2.0 + side * 8.0 * opened, row - 10.0 * opened + 3.0]
            )
            line = np.array([(hinge, row), tuple(bow), tuple(tip)])
            points = np.rint(line * 16).astype(np.int32)
            cv2.polylines(image, [points], isClosed=False, color=0.62, thickness=2,
                          lineType=cv2.LINE_AA, shift=4)  # fmt: skip
    return blur(image, 0.8)
