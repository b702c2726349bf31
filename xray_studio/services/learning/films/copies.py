"""Films that are nearly the same, among those that a network is to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from xray_studio.core.learning.alike import pairs_alike
from xray_studio.core.learning.input_spec import InputSpec, Squashed
from xray_studio.imaging.squash import squashed

SMALL: Final = InputSpec(rows=32, columns=32)  # at which films are compared
COPY: Final = "it, or another film of its patient, is nearly one of those to judge by"


def alike_among(films: Squashed, which: Sequence[int] | None = None) -> list[tuple[int, int]]:
    """Return pairs of numbers of films, uint8 (films, rows, columns), that are nearly the same.

    `which` are the numbers of those that are compared; all where none are told.
    """
    numbers = range(len(films)) if which is None else which
    small = np.zeros((len(numbers), SMALL.rows, SMALL.columns), np.uint8)
    for place, number in enumerate(numbers):
        small[place] = squashed(films[number], SMALL)
    return [(numbers[one], numbers[other]) for one, other, _ in pairs_alike(small)]
