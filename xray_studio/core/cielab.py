"""Colours as the standard tells them: CIELab for a white of D50, in 16-bit words (C.10.7.1.1)."""

from __future__ import annotations

from collections.abc import Sequence

_WHITE = (0.96422, 1.0, 0.82521)  # D50
# From D50 to sRGB, whose white is D65 (Bradford adaptation; Lindbloom).
_TO_LINEAR = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
_KNEE = 6.0 / 29.0


def rgb_of_cielab(words: Sequence[int]) -> tuple[int, int, int]:
    """Return sRGB, 0 to 255, of three words: L* 0 to 100, a* and b* -128 to 127."""
    light = words[0] * 100.0 / 65_535.0
    a, b = (word * 255.0 / 65_535.0 - 128.0 for word in words[1:3])
    middle = (light + 16.0) / 116.0
    parts = (middle + a / 500.0, middle, middle - b / 200.0)
    xyz = [white * _cube(part) for white, part in zip(_WHITE, parts, strict=True)]
    linear = (sum(f * v for f, v in zip(row, xyz, strict=True)) for row in _TO_LINEAR)
    red, green, blue = (round(255.0 * _gamma(min(max(v, 0.0), 1.0))) for v in linear)
    return red, green, blue


def _cube(part: float) -> float:
    return part**3 if part > _KNEE else 3.0 * _KNEE * _KNEE * (part - 4.0 / 29.0)


def _gamma(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1.0 / 2.4) - 0.055
