"""What a report network sees in films: the grid of the last maps of a network that does not learn.

It is this program's network from photographs (`lite`), its residual network as the view classifier
has learned it (`residual`), or one from a Hugging Face folder, CLIP and ViT among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from xray_studio.ai.guests.hugging_face import built
from xray_studio.ai.networks import fitted
from xray_studio.ai.networks.lite import LiteNet
from xray_studio.ai.networks.report_net import GRID
from xray_studio.ai.networks.residual import ResidualNet
from xray_studio.ai.weights import Weights
from xray_studio.core.errors import UnsupportedError

HUGGING_FACE: Final = "hugging_face"
_CLIP: Final = "clip"
_AT_ONCE: Final = 32


class Encoder:
    """A network, the numbers that it is built from, and what it sees as a grid."""

    def __init__(
        self, facts: Mapping[str, Any], weights: Weights, config: Mapping[str, Any] | None = None
    ) -> None:
        """`config` is that of a Hugging Face folder. Raises ValueError for other weights."""
        self.facts, self.weights = dict(facts), weights
        self.network, self._maps = _network(facts, weights, config)
        self.network.eval()

    def to(self, device: str) -> Encoder:
        """Move to a device, and stay there."""
        self.network.to(device)
        return self

    def grids(self, pictures: Tensor) -> Tensor:
        """Return (pictures, channels, `GRID`, `GRID`) of pictures (count, 1, rows, columns)."""
        parts = [
            functional.adaptive_avg_pool2d(self._maps(some), GRID)
            for some in torch.split(pictures, _AT_ONCE)
        ]
        return torch.cat(parts)


def _network(
    facts: Mapping[str, Any], weights: Weights, config: Mapping[str, Any] | None
) -> tuple[Any, Callable[[Tensor], Tensor]]:
    if facts.get("kind") == HUGGING_FACE:
        return _guest(facts, weights, config or {})
    made = fitted(facts, weights)
    if not isinstance(made, LiteNet | ResidualNet):
        raise UnsupportedError(f"A network of the kind {facts.get('kind')!r} has no grid to see.")
    return made, made.maps


def _guest(
    facts: Mapping[str, Any], weights: Weights, config: Mapping[str, Any]
) -> tuple[Any, Callable[[Tensor], Tensor]]:
    network = built(*_seeing(dict(config), weights), classifies=False)
    mean, deviation = (
        torch.tensor(list(facts[name]), dtype=torch.float32).reshape(1, -1, 1, 1)
        for name in ("mean", "deviation")
    )

    def maps(pictures: Tensor) -> Tensor:
        given = (pictures - mean.to(pictures.device)) / deviation.to(pictures.device)
        last: Tensor = network(pixel_values=given).last_hidden_state
        return last if last.ndim == 4 else _as_map(last)

    return network, maps


def _seeing(config: dict[str, Any], weights: Weights) -> tuple[dict[str, Any], Weights]:
    """Return the part of CLIP that sees, without the one that reads; others as they are."""
    if config.get("model_type") != _CLIP:
        return config, weights
    seeing = {**config.get("vision_config", {}), "model_type": "clip_vision_model"}
    return seeing, {n: one for n, one in weights.items() if n.startswith("vision_model.")}


def _as_map(tokens: Tensor) -> Tensor:
    """Return tokens (count, places, channels) as a map; class tokens before the places go."""
    side = int(tokens.shape[1] ** 0.5)
    places = tokens[:, -side * side :].transpose(1, 2)
    return places.reshape(len(tokens), -1, side, side)
