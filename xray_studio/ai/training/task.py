"""What is trained: a network, its examples, its loss, and how it is judged."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Numbers = npt.NDArray[np.int64]


class Task(Protocol):
    """Everything that differs between networks; all chance comes in as arguments."""

    network: nn.Module

    @property
    def digest(self) -> str:
        """What tells these examples and this network from others."""
        ...

    def order(self, chance: np.random.Generator) -> Numbers:
        """Return numbers of examples in the order of one epoch; each epoch has as many."""
        ...

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:
        """Return the loss of the network on some examples, one number."""
        ...

    def judged(self, network: nn.Module) -> dict[str, float]:
        """Return measures on examples that steer the training; "score" decides, high is good."""
        ...


@runtime_checkable
class Staged(Protocol):
    """A task that does not do the same from its first step to its last."""

    def enter(self, share: float) -> None:
        """Be ready for a step; `share` of all steps, 0 to 1, lies before it."""
        ...
