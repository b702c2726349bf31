"""What tells mirrored films of the chest: a readout of how a film differs from its mirror image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.model import WEIGHTS
from xray_studio.core.learning.tensors import read_tensors
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.anomaly import FILM
from xray_studio.services.learning.tasks.kind import Kind

TASK: Final = "mirror"
SIDE: Final = 7  # places a side of what is compared
NETWORK: Final[Mapping[str, Any]] = {"kind": "mirror-readout", "side": SIDE}
USE: Final = (
    "Tells whether a frontal film of the chest seems to be mirrored, so that somebody looks at the"
    " side marker. Organs that lie the other way round look the same. For research and education,"
    " not for diagnosis."
)
KIND: Final = Kind("mirror", TASK, ("mirrored",), NETWORK, FILM, USE)
WARNED: Final = -0.5
"""The score below which a film is told to be mirrored: nearly all films are nearer to 1."""
_PUBLISHED: Final = "published"  # in `model.toml`: the hash of the network that looks
_ARRAY: Final = "readout"
Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """The readout, loaded: a weight for each number in which a film and its mirror image differ."""

    weights: Values

    @classmethod
    def of(cls, installed: Installed, published: Installed) -> Readout:
        """Return the readout in a folder, of what a network sees. Raises UnreadableError."""
        model = installed.model
        if model.calibration.get(_PUBLISHED) != published.model.sha256:
            raise UnreadableError(
                f"{model.name} was made with another network than the one that is installed;"
                " install them together, or train it again."
            )
        tensors = read_tensors(installed.folder / WEIGHTS, model.sha256)
        weights = tensors.get(_ARRAY)
        if weights is None or weights.ndim != 1 or not np.isfinite(weights).all():
            raise UnreadableError(
                f"The weights of {model.name} are not those of a readout; install it again."
            )
        return cls(weights)

    def scores(self, apart: Values) -> npt.NDArray[np.float64]:
        """Return how films lie, (films,), of how they differ from their mirror images.

        1 is as nearly all films do, -1 as their mirror images. Raises UnreadableError where the
        readout is of other numbers.
        """
        if apart.shape[1] != len(self.weights):
            raise UnreadableError("The readout of mirrored films is of another network.")
        return np.asarray(apart @ self.weights, np.float64)

    def tensors(self) -> dict[str, Values]:
        """Return its array by name."""
        return {_ARRAY: self.weights}


def facts(published: Installed) -> dict[str, str]:
    """Return what `model.toml` holds of the network that looks."""
    return {_PUBLISHED: published.model.sha256}
