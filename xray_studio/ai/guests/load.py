"""A guest network loaded by its kind, and what goes wrong there told in a sentence."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.learning.guest import NETWORKS, GuestNetwork, Outputs
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import Model, read_model
from xray_studio.core.memory import is_too_little


@lru_cache(maxsize=2)
def guest(folder: str, sha256: str) -> Guest:
    """Return the network of the model in a folder, kept after the first call."""
    model = read_model(Path(folder))
    if model.sha256 != sha256:
        raise UnreadableError(f"{model.name} has changed meanwhile; ask again.")
    return Guest(Path(folder), model)


class Guest:
    """A guest network and the model that it is part of."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.model = model
        try:
            factory = NETWORKS.load(str(model.network.get("kind")))
            self.network: GuestNetwork = factory(folder, model)
        except Exception as error:
            raise _told(error, f"{model.name} cannot be loaded") from error

    @property
    def device(self) -> str:
        """Where it is computed; a plugin that says nothing counts as on the processor."""
        return str(getattr(self.network, "device", "cpu"))

    def on_processor(self) -> None:
        """Move to the processor where the network can. Raises UnsupportedError where it cannot."""
        if not hasattr(self.network, "on_processor"):
            raise UnsupportedError(
                f"The graphics processor has too little memory for {self.model.name}."
            )
        self.network.on_processor()

    def outputs(self, pictures: Normalised) -> Outputs:
        """Return (pictures, outputs). Raises StudioError, or what tells of too little memory."""
        try:
            return np.asarray(self.network.outputs(pictures), np.float32)
        except Exception as error:
            raise _told(error, f"{self.model.name} does not work") from error


def _told(error: Exception, what: str) -> Exception:
    """Return a StudioError as it is, and others as one; too little memory is told by the caller."""
    short = isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error)
    if isinstance(error, StudioError) or short or is_too_little(error):
        return error
    return UnreadableError(f"{what}: its network ends with {type(error).__name__}.")
