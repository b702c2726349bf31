"""Films that are nearly the same, among those that a network is to learn from."""

from __future__ import annotations

from typing import Final

import numpy as np

from xray_studio.core.learning.alike import pairs_alike
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.imaging.squash import squashed

SMALL: Final = InputSpec(rows=32, columns=32)  # at which films are compared


def alike_among(films: Squashed) -> list[tuple[int, int]]:
    """Return pairs of numbers of films, uint8 (films, rows, columns), that are nearly the same."""
    small = np.zeros((len(films), SMALL.rows, SMALL.columns), np.uint8)
    for number, film in enumerate(films):
        small[number] = squashed(film, SMALL)
    return [(one, other) for one, other, _ in pairs_alike(small)]
