"""Networks that see and name nothing by themselves, loaded: what all of them have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, Self, TypeVar

from torch import nn

from xray_studio.ai.compute import Compute
from xray_studio.ai.networks import fitted
from xray_studio.ai.small_weights import whole
from xray_studio.ai.weights import read_weights
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.learning.model import WEIGHTS, read_model

N = TypeVar("N", bound=nn.Module)


class TrunkNetwork(Generic[N]):
    """The network of a model in a folder; its weights must have the hash `sha256`."""

    def __init__(self, folder: Path, sha256: str, compute: Compute, made_by: type[N]) -> None:
        self.model = read_model(folder)
        weights = read_weights(folder / WEIGHTS, sha256)
        try:
            network = fitted(self.model.network, whole(weights))
        except (RuntimeError, TypeError, ValueError) as error:
            raise UnreadableError(
                f"The weights of {self.model.name} are not those of its network; install it again."
            ) from error
        if not isinstance(network, made_by):
            raise UnsupportedError(
                f"{self.model.name} is no network of the kind that is asked for here; name another."
            )
        self.network: N = network.eval().to(compute.device)
        self.device = compute.device

    def on_processor(self) -> Self:
        """Move to the processor, and stay there."""
        self.network, self.device = self.network.to("cpu"), "cpu"
        return self
