"""A task so small that it trains in a moment; as a program it trains into a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from xray_studio.ai.compute import Compute
from xray_studio.ai.training import Plan, loop, train
from xray_studio.ai.training.task import Numbers
from xray_studio.core.job import Progress, run

PLAN = Plan(epochs=4, batch=8, rate=0.1, average=0.5, seed=3)


class Tiny:
    """Tell whether numbers grow, from noisy rows; the network drops some, so chance matters."""

    def __init__(self, digest: str = "tiny") -> None:
        torch.manual_seed(0)
        layers = (nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 1))
        self.network: nn.Module = nn.Sequential(*layers)
        self.digest = digest
        values = np.random.default_rng(1).normal(0, 1, (60, 6)).astype(np.float32)
        self.values = torch.from_numpy(values)
        self.truth = (self.values[:, 3:].sum(1) > self.values[:, :3].sum(1)).float()

    def order(self, chance: np.random.Generator) -> Numbers:
        return chance.permutation(40)

    def loss(self, numbers: Numbers, chance: torch.Generator) -> Tensor:
        rows = torch.from_numpy(numbers)
        noisy = self.values[rows] + 0.1 * torch.randn(len(rows), 6, generator=chance)
        told = self.network(noisy)[:, 0]
        return nn.functional.binary_cross_entropy_with_logits(told, self.truth[rows])

    def judged(self, network: nn.Module) -> dict[str, float]:
        with torch.no_grad():
            right = (network(self.values[40:])[:, 0] > 0) == self.truth[40:].bool()
        return {"score": float(right.float().mean())}


def _tell(progress: Progress) -> None:
    sys.stdout.write(f"{progress.done}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    loop.SECONDS = -1.0  # a checkpoint at every step
    run(train(Tiny(), PLAN, Compute(), Path(sys.argv[1])), _tell)
