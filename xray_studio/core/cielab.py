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
_TO_XYZ = (
    (0.4360747, 0.3850649, 0.1430804),
    (0.2225045, 0.7168786, 0.0606169),
    (0.0139322, 0.0971045, 0.7141733),
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


def cielab_of_rgb(colour: Sequence[int]) -> tuple[int, int, int]:
    """Return the three words of an sRGB colour, 0 to 255; `rgb_of_cielab` gives it back."""
    linear = [_linear(part / 255.0) for part in colour]
    xyz = (sum(f * v for f, v in zip(row, linear, strict=True)) for row in _TO_XYZ)
    x, y, z = (_root(part / white) for part, white in zip(xyz, _WHITE, strict=True))
    light, a, b = 116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)
    words = (light * 655.35, (a + 128.0) * 257.0, (b + 128.0) * 257.0)
    first, second, third = (round(min(max(word, 0.0), 65_535.0)) for word in words)
    return first, second, third


def _cube(part: float) -> float:
    return part**3 if part > _KNEE else 3.0 * _KNEE * _KNEE * (part - 4.0 / 29.0)


def _gamma(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1.0 / 2.4) - 0.055


def _root(part: float) -> float:
    return part ** (1.0 / 3.0) if part > _KNEE**3 else part / (3.0 * _KNEE * _KNEE) + 4.0 / 29.0


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
