"""Learning what films look like: most patches are hidden, and drawn from those that are not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
import torch
from torch import Tensor, nn

from xray_studio.ai.networks import build
from xray_studio.ai.networks.masked import MaskedNet
from xray_studio.ai.training.augment import Augment, augmented
from xray_studio.ai.training.task import Numbers
from xray_studio.core.learning.input_spec import InputSpec, Squashed

# Left and right stay where they are: a heart on the other side is what is to be noticed.
AUGMENT: Final = Augment(turn=5.0, scale=0.1, shift=0.05, gamma=0.25, noise=0.01, flip=0.0)
HIDDEN: Final = 0.75  # share of the patches
_STEERED: Final = 512  # films at most
_AT_ONCE: Final = 64


class MaskedTask:
    """Films, uint8 (films, rows, columns), numbers of those to learn from and of those to steer."""

    def __init__(
        self,
        films: Squashed,
        learned: Numbers,
        steering: Numbers,
        *,
        spec: InputSpec,
        network: Mapping[str, Any],
        seed: int,
    ) -> None:
        self.films, self.learned, self.steering = films, learned, steering[:_STEERED]
        self.spec = spec
        torch.manual_seed(seed)
        self.network: nn.Module = build(network)
        self._network = dict(network)

    @property
    def digest(self) -> str:
        """What tells these films and this network from others."""
        told = hashlib.sha256(json.dumps([self._network, self.spec.facts()]).encode())
        for numbers in (self.learned, self.steering):
            told.update(np.ascontiguousarray(numbers).data)
            for film in numbers:
                told.update(np.ascontiguousarray(self.films[film]).data)
        return told.hexdigest()

    def order(self, chance: np.random.Generator) -> Numbers:
        """Return all films that are learned from, in an order drawn from chance."""
        return chance.permutation(self.learned)

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:
        """Return the mean square of what is wrong with patches that were hidden."""
        films = augmented(torch.from_numpy(self.films[numbers]), AUGMENT, chance)
        wrong, _ = self._wrong(self.network, films.numpy(), chance)
        return wrong.mean()

    def judged(self, network: nn.Module) -> dict[str, float]:
        """Return which share of the squares of hidden patches is drawn right, of films as they are.

        What is hidden is the same in every epoch.
        """
        chance = torch.Generator().manual_seed(0)
        wrong, whole = 0.0, 0.0
        with torch.no_grad():
            for first in range(0, len(self.steering), _AT_ONCE):
                films = self.films[self.steering[first : first + _AT_ONCE]]
                apart, wanted = self._wrong(network, films, chance)
                wrong, whole = wrong + float(apart.sum()), whole + float(wanted.square().sum())
        return {"score": 1.0 - wrong / whole if whole else 0.0}

    def _wrong(
        self, network: nn.Module, films: Squashed, chance: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Return the squares of what is wrong with hidden patches, and the patches themselves."""
        net = cast("MaskedNet", network)
        device = next(net.parameters()).device
        pictures = torch.from_numpy(self.spec.normalised(films)).unsqueeze(1).to(device)
        count = net.encoder.side**2
        shown = max(1, round((1.0 - HIDDEN) * count))
        order = torch.rand(len(films), count, generator=chance).argsort(dim=1).to(device)
        wanted = net.targets(pictures)
        hidden = order[:, shown:, None].expand(-1, -1, wanted.shape[2])
        wanted = wanted.gather(1, hidden)
        made = net.drawn(pictures, order, shown).float().gather(1, hidden)
        return (made - wanted).square(), wanted
