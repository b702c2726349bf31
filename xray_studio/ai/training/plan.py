"""What a training is asked for."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass

from xray_studio.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is trained. The same plan, data, threads and kind of number give the same one.

    `rate` is the learning rate at its highest: it rises over the first `warm` of all steps and
    falls to nothing as a cosine. `decay` is AdamW's (Loshchilov and Hutter, ICLR 2019). The network
    that is kept is the mean of the last steps, each earlier one weighing `average` times the next
    (Polyak and Juditsky, 1992). Training ends early when `patience` epochs brought nothing better.
    """

    epochs: int = 12
    batch: int = 32
    rate: float = 2e-3
    decay: float = 0.02
    warm: float = 0.1
    average: float = 0.99
    patience: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what trains nothing."""
        counts = min(self.epochs, self.batch, self.patience) >= 1 and self.seed >= 0
        if not counts or self.rate <= 0.0 or not 0.0 <= self.average < 1.0:
            raise UsageError("Train for at least one epoch, with batches of at least one film.")

    def rate_at(self, step: int, steps: int) -> float:
        """Return the learning rate of a step, from 0, of all `steps`."""
        place, warm = (step + 1) / max(steps, 1), self.warm
        if place < warm:
            return self.rate * place / warm
        return 0.5 * self.rate * (1.0 + math.cos(math.pi * (place - warm) / (1.0 - warm)))

    def digest(self, *what: str) -> str:
        """Return what tells one training from another: the plan and `what` else it depends on."""
        told = json.dumps([asdict(self), *what], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()
