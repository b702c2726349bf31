"""Lines of an anti-scatter grid: found in the spectrum and taken out; nothing where none are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

import cv2
import numpy as np

from xray_studio.core.parameter import number
from xray_studio.core.scene import Scene
from xray_studio.core.step import Image
from xray_studio.imaging.exposed import exposed
from xray_studio.imaging.steps.enhancer import Enhancer

_SLOWEST: Final = 0.1  # cycles per pixel: slower lines are anatomy
_TILT: Final = 0.02  # cycles per pixel along the lines
_AROUND: Final = 61  # frequencies whose median tells what is usual
_BESIDE: Final = 4  # frequencies beside a peak that are its own
_SMALLEST: Final = 128  # pixels of a side
_FAR: Final = 5.0  # times the median size of the detail: no line goes so far
_NOTHING: Final = np.float32(0.0)
_MOST: Final = 4  # peaks: the grid and its harmonics
Line: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class GridLines(Enhancer):
    """Lines along rows or columns with a constant distance, taken out by a narrow notch.

    A peak in the spectrum counts when it is many times the median of its neighbours; its lines are
    followed by demodulation, so their strength may change slowly over the picture.
    """

    name: ClassVar[str] = "grid-lines"
    title: ClassVar[str] = "Grid lines"
    about: ClassVar[str] = "Takes out the lines of an anti-scatter grid where there are any."

    sensitivity: float = number(
        "Least peak",
        20.0,
        13.0,
        40.0,
        unit="dB",
        about="How far a peak in the spectrum stands out of its neighbours.",
    )
    width: float = number(
        "Evenness",
        24.0,
        6.0,
        100.0,
        unit="pixels",
        about="Distance over which lines are alike; a larger one takes less beside them.",
    )

    def enhance(self, frame: Image, scene: Scene) -> Image:
        """Return the frame without its grid lines; the frame itself where there are none."""
        found = lines(frame, self.sensitivity)
        field = exposed(frame, scene) if found else frame
        return frame - sum(
            (_wave(frame, line, self.width, field, scene.low) for line in found), _NOTHING
        )


def lines(frame: Image, least: float = 20.0) -> list[Line]:
    """Return the frequencies (across, down) in cycles per pixel of lines in a frame, float32.

    `least` is how far a peak stands out of its neighbours, in dB.
    """
    if min(frame.shape) < _SMALLEST:
        return []
    spectrum = _spectrum(frame)
    found = _peaks(spectrum, frame.shape, least)
    turned = _peaks(_spectrum(np.ascontiguousarray(frame.T)), frame.shape[::-1], least)
    return found + [(down, across) for across, down in turned]


def _spectrum(frame: Image) -> Image:
    """Return the power of a windowed frame: (slow frequencies down, frequencies across)."""
    rows, columns = frame.shape
    window = np.outer(np.hanning(rows), np.hanning(columns))
    values = (frame - frame.mean(dtype=np.float64)) * window
    return np.asarray(np.abs(np.fft.rfft2(values)) ** 2)


def _peaks(power: Image, shape: tuple[int, ...], least: float) -> list[Line]:
    """Return the strongest peaks among lines that run down, or nearly so."""
    rows, columns = shape
    slow = max(1, int(_TILT * rows))
    near = np.concatenate([power[-slow:], power[: slow + 1]])
    profile, where = near.max(axis=0), near.argmax(axis=0) - slow
    ratio = profile / np.maximum(_usual(profile), 1e-30)
    ratio[: max(2, int(_SLOWEST * columns))] = 0.0
    found: list[Line] = []
    while len(found) < _MOST:
        peak = int(ratio.argmax())
        if ratio[peak] < 10.0 ** (least / 10.0):
            break
        across = peak + _between(profile, peak)
        down = int(where[peak])
        down_exact = down + _between(np.roll(power[:, peak], rows // 2), down + rows // 2)
        found.append((across / columns, down_exact / rows))
        ratio[max(0, peak - _BESIDE) : peak + _BESIDE + 1] = 0.0
    return found


def _usual(profile: Image) -> Image:
    """Return the median of each frequency's neighbours."""
    half = _AROUND // 2
    padded = np.pad(profile, half, mode="reflect" if len(profile) > half else "edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, _AROUND), axis=1))


def _between(profile: Image, peak: int) -> float:
    """Return how far from a sample the top of a parabola through it and its neighbours lies."""
    if not 0 < peak < len(profile) - 1:
        return 0.0
    left, top, right = np.log(np.maximum(profile[peak - 1 : peak + 2].astype(np.float64), 1e-300))
    bend = left - 2.0 * top + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _wave(frame: Image, line: Line, width: float, field: Image, low: float) -> Image:
    """Return the lines of one frequency, their strength and phase followed by a wide mean.

    A grid takes a share of the radiation, so its lines are as strong as the frame around is bright
    above `low`. Steps are no lines: what stands far out of the fine detail does not count.
    """
    rows, columns = frame.shape
    turns = line[0] * np.arange(columns)[None, :] + line[1] * np.arange(rows)[:, None]
    cosine = np.cos(2.0 * np.pi * turns).astype(np.float32)
    sine = np.sin(2.0 * np.pi * turns).astype(np.float32)
    level = _mean(frame, 1.0 / max(abs(line[0]), abs(line[1])))
    detail, bright = frame - level, level - np.float32(low)
    size = np.abs(detail)
    usual = float(np.median(size[field > 0])) if field.any() else 0.0
    counts = field * bright * (size <= _FAR * usual)
    power = _mean(counts * bright, width)
    share = np.maximum(power, np.float32(1e-6 * max(float(power.max()), 1e-30)))
    even, odd = (_mean(detail * counts * wave, width) / share for wave in (cosine, sine))
    return np.asarray(2.0 * field * bright * (even * cosine + odd * sine), np.float32)


def _mean(values: Image, sigma: float) -> Image:
    soft = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(soft, np.float32)
