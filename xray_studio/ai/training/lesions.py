"""Learning to find lesions that were drawn into normal films."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from xray_studio.ai.networks.atypical import LesionHead
from xray_studio.ai.training.task import Numbers
from xray_studio.core.learning.scores import auroc

Maps = npt.NDArray[np.float16]
_AT_ONCE = 256


class LesionTask:
    """What a network sees in films, (films, channels, 14, 14), and the share of lesion in places.

    `masks` are (films, 14, 14), 0 to 1; `learned` and `steering` are numbers of films.
    """

    def __init__(
        self, maps: Maps, masks: Maps, learned: Numbers, steering: Numbers, *,
        width: int, seed: int, digest: str,
    ) -> None:  # fmt: skip
        self.maps, self.masks, self.learned, self.steering = maps, masks, learned, steering
        self._known: Mapping[str, Any] = {"width": width, "seed": seed, "films": digest}
        torch.manual_seed(seed)
        network = LesionHead(maps.shape[1], width)
        some = maps[learned[:: max(1, len(learned) // 512)]].astype(np.float32)
        middle = some.mean(axis=(0, 2, 3))[:, None, None]
        spread = np.maximum(some.std(axis=(0, 2, 3)), 1e-3)[:, None, None]
        network.load_state_dict(
            {"middle": torch.from_numpy(middle), "spread": torch.from_numpy(spread)}, strict=False
        )
        self.network: nn.Module = network

    @property
    def digest(self) -> str:
        """What tells these films and this network from others."""
        told = hashlib.sha256(json.dumps(dict(self._known), sort_keys=True).encode())
        for numbers in (self.learned, self.steering):
            told.update(np.ascontiguousarray(numbers).data)
        return told.hexdigest()

    def order(self, chance: np.random.Generator) -> Numbers:
        """Return all films that are learned from, in an order drawn from chance."""
        return chance.permutation(self.learned)

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:  # noqa: ARG002 - films were changed before
        """Return the cross-entropy of lesion or none at each place."""
        wanted = torch.from_numpy(self.masks[np.sort(numbers)].astype(np.float32))
        odds = _told(self.network, self.maps[np.sort(numbers)])
        return functional.binary_cross_entropy_with_logits(odds, wanted.to(odds.device))

    def judged(self, network: nn.Module) -> dict[str, float]:
        """Return how well places with lesions are told from others, as area under the curve."""
        found = []
        with torch.no_grad():
            for first in range(0, len(self.steering), _AT_ONCE):
                numbers = self.steering[first : first + _AT_ONCE]
                found.append(_told(network, self.maps[numbers]).float().cpu().numpy())
        truth = self.masks[self.steering] > 0.5
        area = auroc(np.concatenate(found).ravel().astype(np.float64), truth.ravel())
        return {"score": float(np.nan_to_num(area[0], nan=0.5))}


def _told(network: nn.Module, maps: Maps) -> Tensor:
    device = next(network.parameters()).device
    told: Tensor = network(torch.from_numpy(maps.astype(np.float32)).to(device))
    return told
