"""Learning to tell frontal films, lateral films and everything else apart."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from xray_studio.ai.calibration import temperature
from xray_studio.ai.familiar import Familiar
from xray_studio.ai.networks import build
from xray_studio.ai.networks.residual import ResidualNet
from xray_studio.ai.training.augment import Augment, augmented
from xray_studio.ai.training.state import State
from xray_studio.ai.training.task import Numbers
from xray_studio.ai.weights import Weights
from xray_studio.core.learning.input_spec import InputSpec, Squashed

AUGMENT: Final = Augment(invert=0.05)
_SMOOTH: Final = 0.02  # of labels: a few films are named wrongly by their publisher
_JUDGED_AT_ONCE: Final = 64


class ViewTask:
    """Films, uint8 (films, rows, columns), their classes as numbers of labels, and which steer."""

    def __init__(
        self,
        films: Squashed,
        classes: npt.NDArray[np.int64],
        steers: npt.NDArray[np.bool_],
        labels: tuple[str, ...],
        *,
        spec: InputSpec,
        network: Mapping[str, Any],
        seed: int,
    ) -> None:
        self.films, self.classes, self.labels = films, torch.from_numpy(classes), labels
        self.spec = spec
        self.learned, self.steering = np.flatnonzero(~steers), np.flatnonzero(steers)
        torch.manual_seed(seed)
        self.network: nn.Module = build(network)
        self._network = dict(network)

    @property
    def digest(self) -> str:
        """What tells these films, labels and network from others."""
        told = hashlib.sha256(json.dumps([self._network, self.spec.facts()]).encode())
        for array in (self.classes.numpy(), self.learned, self.films):
            told.update(np.ascontiguousarray(array).data)
        return told.hexdigest()

    def order(self, chance: np.random.Generator) -> Numbers:
        """Return all films that are learned from, in an order drawn from chance."""
        return chance.permutation(self.learned)

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:
        """Return the cross-entropy on films changed by chance."""
        films = augmented(torch.from_numpy(self.films[numbers]), AUGMENT, chance)
        told = self.network(self._given(films.numpy()))
        truth = self.classes[numbers].to(told.device)
        return functional.cross_entropy(told.float(), truth, label_smoothing=_SMOOTH)

    def judged(self, network: nn.Module) -> dict[str, float]:
        """Return the recall of each label, and of frontal against lateral the accuracy.

        "score" is the geometric mean of the probability of the right label, each label alike.
        """
        told, truth = self._told(network, self.steering), self.classes[self.steering]
        chosen, losses = told.argmax(1), functional.cross_entropy(told, truth, reduction="none")
        seen = [number for number in range(len(self.labels)) if (truth == number).any()]
        loss = float(torch.stack([losses[truth == number].mean() for number in seen]).mean())
        of_chest = truth < 2
        apart = told[of_chest, :2].argmax(1) == truth[of_chest]
        return {
            "score": math.exp(-loss),
            "frontal_or_lateral": float(apart.float().mean()) if len(apart) else 1.0,
            **{self.labels[n]: float((chosen[truth == n] == n).float().mean()) for n in seen},
        }

    def finished(self, state: State) -> tuple[Weights, dict[str, float]]:
        """Return the best network with what is familiar to it, and what calibrates it."""
        network = build(self._network).eval().to(next(self.network.parameters()).device)
        network.load_state_dict(state.best)
        assert isinstance(network, ResidualNet)
        told = self._told(network, self.steering)
        heat = temperature(told, self.classes[self.steering])
        of_chest = self.classes < 2
        learned = self.learned[of_chest[self.learned].numpy()]
        steering = self.steering[of_chest[self.steering].numpy()]
        features = self._batched(network.pooled, learned)
        known = Familiar.of(
            features, self.classes[learned], self._batched(network.pooled, steering)
        )
        return {**state.best, **known.weights()}, {"temperature": heat}

    def _told(self, network: nn.Module, numbers: Numbers) -> Tensor:
        return self._batched(network, numbers)

    def _batched(self, look: Any, numbers: Numbers) -> Tensor:
        """Return what `look` makes of films as they are, on the processor."""
        with torch.no_grad():
            return torch.cat([look(batch).float().cpu() for batch in self._batches(numbers)])

    def _batches(self, numbers: Numbers) -> Iterator[Tensor]:
        for first in range(0, len(numbers), _JUDGED_AT_ONCE):
            yield self._given(self.films[numbers[first : first + _JUDGED_AT_ONCE]])

    def _given(self, films: Squashed) -> Tensor:
        device = next(self.network.parameters()).device
        return torch.from_numpy(self.spec.normalised(films)).unsqueeze(1).to(device)
