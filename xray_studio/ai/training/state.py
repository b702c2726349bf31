"""How far a training is: everything that going on needs, in one file that is whole or not there."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from xray_studio.ai.weights import Weights, packed, read_weights
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.files import replacing

NAME: Final = "checkpoint.safetensors"
_MOMENTS: Final = ("step", "exp_avg", "exp_avg_sq")  # AdamW's own names


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one epoch brought: its mean loss, and measures on examples that steer it."""

    number: int
    loss: float
    measures: dict[str, float]

    @property
    def score(self) -> float:
        """What decides which epoch is the best."""
        return self.measures["score"]


@dataclass
class State:
    """A training on its way. Random numbers need no place here: they follow from seed and step."""

    network: nn.Module
    averaged: nn.Module
    optimiser: torch.optim.AdamW
    step: int = 0
    loss: float = 0.0  # summed over the steps of the epoch so far
    best: Weights = field(default_factory=dict)
    history: list[Epoch] = field(default_factory=list)

    @classmethod
    def begun(cls, network: nn.Module, optimiser: torch.optim.AdamW) -> State:
        """Return the state before the first step."""
        averaged = copy.deepcopy(network)
        averaged.requires_grad_(requires_grad=False)
        return cls(network, averaged, optimiser)

    @property
    def best_epoch(self) -> Epoch | None:
        """Return the epoch with the highest score, the first of several."""
        return max(self.history, key=lambda one: one.score, default=None)

    def save(self, folder: Path, digest: str) -> None:
        """Write the state in one step. Raises WriteError, and leaves the one before standing."""
        facts = {
            "digest": digest,
            "step": self.step,
            "loss": self.loss,
            "history": [asdict(one) for one in self.history],
        }
        data = packed(self._tensors(), {"training": json.dumps(facts)})
        with replacing(folder / NAME) as temporary:
            temporary.write_bytes(data)

    def load(self, folder: Path, digest: str) -> bool:
        """Go on where a state of the same training ended; False where there is none.

        Raises UsageError when it is of another training, UnreadableError when it is damaged.
        """
        if not (folder / NAME).exists():
            return False
        facts = _facts(folder / NAME)
        if facts["digest"] != digest:
            raise UsageError(
                "A training of other films or with other choices was begun in this folder; name"
                " another one, or remove it."
            )
        self._take(read_weights(folder / NAME))
        self.step, self.loss = facts["step"], facts["loss"]
        self.history = [Epoch(**one) for one in facts["history"]]
        return True

    def average(self, share: float) -> None:
        """Move the averaged network towards the trained one, by `1 - share`."""
        # The first steps would weigh too much otherwise.
        share = min(share, (1.0 + self.step) / (10.0 + self.step))
        now = self.network.state_dict()
        with torch.no_grad():
            for name, mean in self.averaged.state_dict().items():
                if mean.is_floating_point():
                    mean.lerp_(now[name], 1.0 - share)
                else:
                    mean.copy_(now[name])

    def _tensors(self) -> Weights:
        found = _named("network", self.network.state_dict())
        found |= _named("averaged", self.averaged.state_dict())
        found |= _named("best", self.best)
        for number, moments in self.optimiser.state_dict()["state"].items():
            found |= _named(f"optimiser.{number}", {name: moments[name] for name in _MOMENTS})
        return found

    def _take(self, tensors: Weights) -> None:
        try:
            self.network.load_state_dict(_part(tensors, "network"))
            self.averaged.load_state_dict(_part(tensors, "averaged"))
            moments: dict[int, dict[str, torch.Tensor]] = {}
            for name, tensor in _part(tensors, "optimiser").items():
                number, _, moment = name.partition(".")
                moments.setdefault(int(number), {})[moment] = tensor
            groups = self.optimiser.state_dict()["param_groups"]
            self.optimiser.load_state_dict({"state": moments, "param_groups": groups})
        except (RuntimeError, KeyError, ValueError) as error:
            raise UnreadableError(f"{NAME} is damaged; remove it to begin anew.") from error
        self.best = _part(tensors, "best")


def _named(prefix: str, tensors: Mapping[str, torch.Tensor]) -> Weights:
    # Copies, since safetensors refuses names that share memory.
    return {f"{prefix}.{name}": tensor.clone() for name, tensor in tensors.items()}


def _part(tensors: Weights, prefix: str) -> Weights:
    start = f"{prefix}."
    return {n.removeprefix(start): one for n, one in tensors.items() if n.startswith(start)}


def _facts(path: Path) -> dict[str, Any]:
    try:
        with safe_open(path, framework="pt") as file:
            found: dict[str, Any] = json.loads(file.metadata()["training"])
            return found
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise UnreadableError(f"{path.name} is damaged; remove it to begin anew.") from error
