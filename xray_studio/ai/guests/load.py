"""A guest network loaded by its kind."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from xray_studio.ai.asking import asked
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.guest import NETWORKS, GuestNetwork, Outputs, probabilities
from xray_studio.core.learning.input_spec import Normalised
from xray_studio.core.learning.model import Model, read_model


@lru_cache(maxsize=2)
def guest(folder: str, sha256: str) -> Guest:
    """Return the network of the model in a folder, kept after the first call."""
    model = read_model(Path(folder))
    if model.sha256 != sha256:
        raise UnreadableError(f"{model.name} has changed meanwhile; ask again.")
    return Guest(Path(folder), model)


def tried(folder: str, sha256: str) -> str:
    """Load a guest network, ask it of a black picture, and return where it was computed.

    Runs in a worker process. Raises StudioError with the reason where it does not work.
    """

    def ask(found: Guest, note: str) -> str:
        tried_once(found)
        return note or found.device

    return asked(folder, lambda: guest(folder, sha256), ask)


def tried_once(found: Guest) -> None:
    """Ask a guest of a black picture. Raises StudioError where its answer does not fit."""
    given = found.model.input
    black = np.zeros((1, given.rows, given.columns), np.uint8)
    probabilities(found.model, found.outputs(given.normalised(black)))


class Guest:
    """A guest network and the model that it is part of."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.model = model
        factory = NETWORKS.load(str(model.network.get("kind")))
        self.network: GuestNetwork = factory(folder, model)

    @property
    def device(self) -> str:
        """Where it is computed; a plugin that says nothing counts as on the processor."""
        return str(getattr(self.network, "device", "cpu"))

    def on_processor(self) -> Guest:
        """Move to the processor where the network can. Raises UnsupportedError where it cannot."""
        if not hasattr(self.network, "on_processor"):
            raise UnsupportedError(
                f"The graphics processor has too little memory for {self.model.name}."
            )
        self.network.on_processor()
        return self

    def outputs(self, pictures: Normalised) -> Outputs:
        """Return (pictures, outputs). Raises UnreadableError for an answer of another shape."""
        told = np.asarray(self.network.outputs(pictures), np.float32)
        if told.ndim != 2 or len(told) != len(pictures):
            raise UnreadableError(
                f"{self.model.name} answers {len(pictures)} pictures with numbers of the shape"
                f" {told.shape}; needed is one row for each picture."
            )
        return told
