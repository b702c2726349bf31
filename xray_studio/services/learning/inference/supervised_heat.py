"""What the detector `classifier-heat` makes of an answer of the finding classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.learning.assessment import FindingScore
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.heat import Heat

NAME: Final = "classifier-heat"
THRESHOLD: Final = 0.5  # of the strongest place, from which on a place is marked


def likeliest(findings: Sequence[FindingScore]) -> str:
    """Return the finding that is held for likeliest, "normal" aside."""
    return max((one for one in findings if one.name != NORMAL), key=lambda o: o.probability).name


def film_score(findings: Sequence[FindingScore]) -> float:
    """Return how likely a film is not normal."""
    return 1.0 - next(one.probability for one in findings if one.name == NORMAL)


def places(heat: Heat) -> npt.NDArray[np.float32]:
    """Return a heat map as scores of places, 0 to 1."""
    return np.clip(heat.values, np.float32(0.0), np.float32(1.0))
