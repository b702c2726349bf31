"""How much a row of letters is like text: a weighted sum of its features.

The weights come from a logistic regression on drawn text and on what is none (speckle, noise,
ticks, traces, wires, the phantom), made by `tests/benchmarks/fit_burnt_in.py`; no patient's picture
took part. 0 is as likely text as not among candidates; each step of 1 changes the odds by e.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

BIAS: Final = -17.513
WEIGHTS: Final = {
    "contrast": 3.309,
    "sharpness": 4.307,
    "ground": -3.046,
    "uneven": -3.441,
    "rough": -0.217,
    "stroke": 2.144,
    "strokes": 2.755,
    "density": 0.287,
    "fill": 3.519,
    "cover": -4.496,
    "heights": 0.358,
    "baseline": -3.980,
    "unrest": -5.819,
    "moving": 1.012,
}


def score(features: npt.NDArray[np.float64]) -> float:
    """Return the log odds that a line with these features is text."""
    return float(BIAS + np.dot(features, tuple(WEIGHTS.values())))
