"""What ends an answer, and what is told when a network or its memory does not do."""

from __future__ import annotations

import pytest
import torch

from xray_studio.ai import asking
from xray_studio.ai.compute import Compute
from xray_studio.core.errors import StudioError, UnsupportedError, UsageError
from xray_studio.core.job import Progress, run
from xray_studio.services.learning.inference.engine import Engine

_HERE = "tests.services.learning.questions"


def test_whoever_stops_ends_the_process_that_is_at_it() -> None:
    with Engine() as engine:
        first = run(engine.asked(f"{_HERE}:process", (), Progress()))
        assert run(engine.asked(f"{_HERE}:process", (), Progress())) == first
        job = engine.asked(f"{_HERE}:waits", (), Progress())
        next(job)
        job.close()
        assert run(engine.asked(f"{_HERE}:process", (), Progress())) != first


def test_an_answer_that_takes_too_long_is_told_as_that() -> None:
    with (
        Engine(seconds=0.2) as engine,
        pytest.raises(UnsupportedError, match=r"longer than 0\.2 s"),
    ):
        run(engine.asked(f"{_HERE}:waits", (), Progress()))


class _Short:
    """A network on a graphics processor that has no room for answers."""

    def __init__(self, device: str) -> None:
        self.device = device

    def on_processor(self) -> _Short:
        self.device = "cpu"
        return self

    def answer(self, note: str) -> tuple[str, str]:
        if self.device == "cuda":
            raise torch.OutOfMemoryError("full")
        return self.device, note


def test_a_graphics_processor_without_memory_falls_back_openly() -> None:
    network = _Short("cuda")
    told = asking.asked("models/chest", lambda: network, _Short.answer)
    assert told == ("cpu", asking.ON_PROCESSOR)
    assert network.device == "cpu", "it stays there"
    assert asking.asked("models/chest", lambda: network, _Short.answer) == ("cpu", "")


def test_a_graphics_processor_without_room_for_the_network_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def make(compute: Compute) -> _Short:
        if compute.device == "cuda":
            raise torch.OutOfMemoryError("full")
        return _Short(compute.device)

    monkeypatch.setattr(asking, "found", lambda: Compute("cuda", 1, bfloat16=True))
    assert asking.settled(make).device == "cpu"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "needs more memory"),
        (MemoryError(), "needs more memory"),
        (
            RuntimeError("size of tensor a"),
            "in chest does not work: .* RuntimeError",
        ),
        (UsageError("As it is."), r"^As it is\.$"),
    ],
)
def test_what_goes_wrong_is_never_told_as_a_damaged_file(error: Exception, told: str) -> None:
    def fail(_: _Short, __: str) -> None:
        raise error

    with pytest.raises(StudioError, match=told):
        asking.asked("models/chest", lambda: _Short("cpu"), fail)
