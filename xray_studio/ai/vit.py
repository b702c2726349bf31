"""The vision transformer of this program, loaded: what it sees in films, patch by patch."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from xray_studio.ai.asking import settled
from xray_studio.ai.compute import Compute
from xray_studio.ai.networks import fitted
from xray_studio.ai.networks.vit import Vit
from xray_studio.ai.weights import read_weights
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.model import WEIGHTS, read_model

KIND: Final = "vit"


class VitNetwork:
    """A vision transformer that is loaded."""

    def __init__(self, folder: Path, sha256: str, compute: Compute) -> None:
        self.model = read_model(folder)
        if self.model.network.get("kind") != KIND:
            raise UnsupportedError(f"{self.model.name} is no vision transformer of this program.")
        weights = read_weights(folder / WEIGHTS, sha256)
        try:
            network = fitted(self.model.network, weights)
        except (RuntimeError, TypeError, ValueError) as error:
            raise UnreadableError(
                f"The weights of {self.model.name} are not those of its network; install it again."
            ) from error
        assert isinstance(network, Vit)
        self.network: Vit = network.eval().to(compute.device)
        self.device = compute.device

    def on_processor(self) -> VitNetwork:
        """Move to the processor, and stay there."""
        self.network, self.device = self.network.to("cpu"), "cpu"
        return self

    def pooled(self, pictures: Tensor) -> Tensor:
        """Return the mean of the patches' tokens, (count, width)."""
        return torch.mean(self.network(pictures)[:, 1:], dim=1)


@lru_cache(maxsize=1)
def vit_network(folder: str, sha256: str) -> VitNetwork:
    """Return the network in a folder, loaded once. Raises StudioError with the reason."""
    return settled(lambda compute: VitNetwork(Path(folder), sha256, compute))
