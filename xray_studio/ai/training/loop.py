"""The training loop: a job that can be stopped, or killed, at any step and then goes on.

All chance of a step follows from the seed and the number of the step, so a training that was
killed ends with the same weights as one that was not.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from xray_studio.ai.compute import Compute
from xray_studio.ai.training.plan import Plan
from xray_studio.ai.training.state import Epoch, State
from xray_studio.ai.training.task import Numbers, Staged, Task
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress

SECONDS: Final = 60.0  # between two checkpoints within an epoch
_CLIP: Final = 5.0  # the longest gradient


def train(task: Task, plan: Plan, compute: Compute, folder: Path) -> Job[State]:
    """Train a network, or go on with what `folder` holds, and return how it ended.

    After each epoch `partial` of the progress is the history so far. The checkpoint stays there.
    Raises UsageError when the folder holds another training or the loss is no number any more,
    WriteError when the disk is full.
    """
    digest = plan.digest(task.digest, str(compute.facts()))
    with _threads(compute):
        task.network.to(compute.device)
        state = State.begun(task.network, _optimiser(task.network, plan))
        state.load(folder, digest)
        run = _Run(task, plan, compute, state, lambda: state.save(folder, digest))
        yield from run.epochs()
    return state


class _Run:
    def __init__(
        self, task: Task, plan: Plan, compute: Compute, state: State, save: Callable[[], None]
    ) -> None:
        self.task, self.plan, self.compute, self.state = task, plan, compute, state
        self._write = save
        self.in_epoch = -(-len(self._order(0)) // plan.batch)
        self.saved = time.monotonic()

    def epochs(self) -> Job[None]:
        """Train epoch after epoch until there is none left or nothing gets better."""
        while not self._is_over():
            number = len(self.state.history)
            yield from self._steps(number)
            measures = self.task.judged(self.state.averaged.eval())
            one = Epoch(number + 1, self.state.loss / self.in_epoch, measures)
            self.state.history.append(one)
            if self.state.best_epoch is one:
                kept = self.state.averaged.state_dict()
                self.state.best = {name: tensor.clone() for name, tensor in kept.items()}
            self.state.loss = 0.0
            self._save()
            yield self._progress(tuple(self.state.history))

    def _steps(self, epoch: int) -> Job[None]:
        order = self._order(epoch)
        self.task.network.train()
        for place in range(self.state.step - epoch * self.in_epoch, self.in_epoch):
            yield self._progress()
            first = place * self.plan.batch
            self._step(order[first : first + self.plan.batch])
            if time.monotonic() - self.saved > SECONDS:
                self._save()

    def _step(self, numbers: Numbers) -> None:
        state, steps = self.state, self.plan.epochs * self.in_epoch
        if isinstance(self.task, Staged):
            self.task.enter(state.step / steps)
        for group in state.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(state.step, steps)
        chance = torch.Generator().manual_seed(_seed(self.plan.seed, state.step))
        torch.manual_seed(_seed(self.plan.seed, state.step) ^ 1)  # of layers that drop values
        with self._numbers():
            loss = self.task.loss(numbers, chance)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise UsageError(
                "The training came apart: its loss is no number any more. Begin anew in another"
                " folder, with another seed."
            )
        state.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # PyTorch does not type it
        nn.utils.clip_grad_norm_(self.task.network.parameters(), _CLIP)
        state.optimiser.step()
        state.average(self.plan.average)
        state.loss += value
        state.step += 1

    def _numbers(self) -> torch.autocast:
        device, kind = self.compute.device, self.compute.dtype
        return torch.autocast(device, dtype=kind, enabled=self.compute.bfloat16)

    def _order(self, epoch: int) -> Numbers:
        return self.task.order(np.random.default_rng([self.plan.seed, epoch]))

    def _is_over(self) -> bool:
        best, done = self.state.best_epoch, len(self.state.history)
        stale = best is not None and done - best.number >= self.plan.patience
        return stale or done >= self.plan.epochs

    def _save(self) -> None:
        self._write()
        self.saved = time.monotonic()

    def _progress(self, partial: tuple[Epoch, ...] | None = None) -> Progress:
        done, best = len(self.state.history), self.state.best_epoch
        epoch = min(done + 1, self.plan.epochs)
        told = "" if best is None else f", best {best.score:.3f}"
        message = f"Training, epoch {epoch} of {self.plan.epochs}{told}"
        return Progress(self.state.step, self.plan.epochs * self.in_epoch, message, partial)


def _optimiser(network: nn.Module, plan: Plan) -> torch.optim.AdamW:
    """Return AdamW; what shifts and scales does not decay."""
    weights = [one for one in network.parameters() if one.ndim > 1]
    others = [one for one in network.parameters() if one.ndim <= 1]
    groups: list[dict[str, Any]] = [{"params": weights}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=plan.rate, weight_decay=plan.decay)


def _seed(seed: int, step: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{step}".encode()).digest()[:7])


@contextlib.contextmanager
def _threads(compute: Compute) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(compute.threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
