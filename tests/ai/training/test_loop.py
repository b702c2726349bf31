"""A training that is killed goes on to the same result, and ends when nothing gets better."""

from __future__ import annotations

import errno
import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.ai.training.tiny import PLAN, Tiny
from xray_studio.ai.compute import Compute
from xray_studio.ai.training import Epoch, Plan, loop, train
from xray_studio.ai.training.state import NAME, State
from xray_studio.ai.training.task import Numbers
from xray_studio.ai.weights import read_weights
from xray_studio.core import files
from xray_studio.core.errors import UnreadableError, UsageError, WriteError
from xray_studio.core.job import run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> State:
    """A training that nothing stopped."""
    return run(train(Tiny(), PLAN, Compute(), tmp_path_factory.mktemp("whole")))


def _same(one: State, other: State) -> bool:
    alike = one.history == other.history and one.best.keys() == other.best.keys()
    return alike and all(torch.equal(tensor, other.best[name]) for name, tensor in one.best.items())


def test_it_learns(whole: State) -> None:
    assert len(whole.history) == PLAN.epochs
    assert whole.history[-1].loss < whole.history[0].loss
    assert (whole.best_epoch or whole.history[0]).score > 0.7


def test_the_same_seed_gives_the_same_weights_and_another_one_others(
    whole: State, tmp_path: Path
) -> None:
    assert _same(run(train(Tiny(), PLAN, Compute(), tmp_path)), whole)
    (tmp_path / "other").mkdir()
    other = replace(PLAN, seed=4)
    assert not _same(run(train(Tiny(), other, Compute(), tmp_path / "other")), whole)


@pytest.mark.parametrize("steps", [1, 7, 10, 18])
def test_a_process_that_is_killed_goes_on_to_the_same_result(
    whole: State, tmp_path: Path, steps: int
) -> None:
    command = [sys.executable, "-m", "tests.ai.training.tiny", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == steps:
                process.kill()
                break
    found = State.begun(Tiny().network, torch.optim.AdamW(Tiny().network.parameters()))
    assert (tmp_path / NAME).exists()
    assert not found.best
    assert _same(run(train(Tiny(), PLAN, Compute(), tmp_path)), whole)


def test_stopped_between_any_two_steps_it_goes_on(
    whole: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SECONDS", -1.0)
    for _ in range(30):
        job = train(Tiny(), PLAN, Compute(), tmp_path)
        if len(list(itertools.islice(job, 3))) < 3:
            break
        job.close()
    assert _same(run(train(Tiny(), PLAN, Compute(), tmp_path)), whole)


def test_it_learns_in_bfloat16_as_well(whole: State, tmp_path: Path) -> None:
    state = run(train(Tiny(), PLAN, Compute(bfloat16=True), tmp_path))
    assert state.history[-1].loss == pytest.approx(whole.history[-1].loss, rel=0.1)
    assert all(one.dtype in {torch.float32, torch.int64} for one in state.best.values())
    with pytest.raises(UsageError, match="with other choices"):
        run(train(Tiny(), PLAN, Compute(), tmp_path))


def test_a_finished_training_is_not_done_again(whole: State, tmp_path: Path) -> None:
    run(train(Tiny(), PLAN, Compute(), tmp_path))
    before = (tmp_path / NAME).read_bytes()
    job = train(Tiny(), PLAN, Compute(), tmp_path)
    with pytest.raises(StopIteration) as stop:
        next(job)
    assert _same(stop.value.value, whole)
    assert (tmp_path / NAME).read_bytes() == before


def test_it_ends_early_when_nothing_gets_better(tmp_path: Path) -> None:
    class Constant(Tiny):
        def judged(self, network: torch.nn.Module) -> dict[str, float]:
            return {"score": 0.5}

    state = run(train(Constant(), Plan(epochs=50, batch=8, patience=3), Compute(), tmp_path))
    assert len(state.history) == 4
    assert state.best_epoch == state.history[0]


def test_each_epoch_is_told_as_it_ends(tmp_path: Path) -> None:
    told: list[tuple[Epoch, ...]] = []
    run(
        train(Tiny(), PLAN, Compute(), tmp_path),
        lambda one: told.append(one.partial) if one.partial else None,
    )
    assert [[one.number for one in history] for history in told] == [
        [1], [1, 2], [1, 2, 3], [1, 2, 3, 4],
    ]  # fmt: skip


def test_another_training_in_the_folder_is_refused(tmp_path: Path) -> None:
    run(train(Tiny(), Plan(epochs=1, batch=8), Compute(), tmp_path))
    for task, plan in ((Tiny(), Plan(epochs=2, batch=8)), (Tiny("x"), Plan(epochs=1, batch=8))):
        with pytest.raises(UsageError, match="of other films or with other choices"):
            run(train(task, plan, Compute(), tmp_path))


@pytest.mark.parametrize("cut", [0, 4, 50, 2000])
def test_a_damaged_checkpoint_is_named(tmp_path: Path, cut: int) -> None:
    run(train(Tiny(), Plan(epochs=1, batch=8), Compute(), tmp_path))
    (tmp_path / NAME).write_bytes((tmp_path / NAME).read_bytes()[:cut])
    with pytest.raises(UnreadableError, match=r"checkpoint\.safetensors is damaged"):
        run(train(Tiny(), Plan(epochs=1, batch=8), Compute(), tmp_path))


def test_a_full_disk_leaves_the_last_checkpoint(
    whole: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = train(Tiny(), PLAN, Compute(), tmp_path)
    _until_epoch(job, 2)
    job.close()
    before = (tmp_path / NAME).read_bytes()
    with monkeypatch.context() as full:

        def no_space(_: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr(files, "flush", no_space)
        with pytest.raises(WriteError, match="the disk is full"):
            run(train(Tiny(), PLAN, Compute(), tmp_path))
    assert [one.name for one in tmp_path.iterdir()] == [NAME]
    assert (tmp_path / NAME).read_bytes() == before
    assert read_weights(tmp_path / NAME)
    assert _same(run(train(Tiny(), PLAN, Compute(), tmp_path)), whole)


def _until_epoch(job: Iterator[object], number: int) -> None:
    for progress in job:
        if len(getattr(progress, "partial", None) or ()) == number:
            return


def test_a_loss_that_is_no_number_ends_it_before_it_spoils_the_weights(tmp_path: Path) -> None:
    class Broken(Tiny):
        def loss(self, numbers: Numbers, chance: torch.Generator) -> torch.Tensor:
            return super().loss(numbers, chance) / 0.0

    with pytest.raises(UsageError, match="The training came apart"):
        run(train(Broken(), PLAN, Compute(), tmp_path))
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize(
    "wrong", [{"epochs": 0}, {"batch": 0}, {"rate": 0.0}, {"average": 1.0}, {"seed": -1}]
)
def test_plans_that_train_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="at least one epoch"):
        Plan(**wrong)


def test_the_rate_rises_and_falls_to_nothing() -> None:
    plan = Plan(rate=1.0, warm=0.1)
    rates = [plan.rate_at(step, 100) for step in range(100)]
    assert rates[8] < rates[9] == pytest.approx(1.0)
    assert rates[50] < rates[20]
    assert rates[99] == pytest.approx(0.0, abs=1e-3)
