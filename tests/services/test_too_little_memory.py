"""Too little memory: the step and the size are told, whatever library runs out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.services.clips import cine
from tests.services.test_batch import start, write_runs
from xray_studio.__main__ import main
from xray_studio.core.errors import UsageError
from xray_studio.imaging.steps.median import Median
from xray_studio.services import value_range
from xray_studio.services.processing.catalogue import steps_known
from xray_studio.services.processing.process import process
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.services.recipe import Recipe

NO_MEMORY = -4  # cv2.Error.StsNoMem


def of_opencv() -> Exception:
    error = cv2.error("Insufficient memory: Failed to allocate 4096000000000 bytes")
    error.code = NO_MEMORY
    return error


@pytest.fixture(params=[MemoryError, of_opencv], ids=["numpy", "OpenCV"])
def empty(request: pytest.FixtureRequest) -> Any:
    """Return what raises an error of too little memory."""

    def run_out(*_: object) -> None:
        raise request.param()

    return run_out


def test_a_step_that_runs_out_of_memory_is_named(empty: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(Median, "apply", empty)
    with pytest.raises(UsageError, match="Median has too little memory for frames of 64 x 48"):
        process(cine(), pipeline_of(["median"])).source.read(0)


def test_a_recursive_step_too(empty: Any, monkeypatch: Any) -> None:
    recursive: Any = next(step for step in steps_known() if step.name == "recursive")
    begin = recursive.begin

    def begun(self: Any, scene: Any) -> Any:
        running = begin(self, scene)
        monkeypatch.setattr(type(running), "next", empty)
        return running

    monkeypatch.setattr(recursive, "begin", begun)
    with pytest.raises(UsageError, match="Recursive has too little memory for frames of 64 x 48"):
        process(cine(), pipeline_of(["recursive"]))


def test_so_is_the_look_at_the_noise(
    empty: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("xray_studio.imaging.noise.estimate_noise", empty)
    source = str(write_runs(tmp_path / "runs", 1) / "0.dcm")
    words = ["process", source, str(tmp_path / "out.dcm"), "--step", "median", "-q"]
    assert main(words) == 2
    assert "Looking at the noise has too little memory" in capsys.readouterr().err
    assert not list(tmp_path.glob("out*"))


def test_what_else_runs_out_is_told_in_words(
    empty: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(value_range, "range_of", empty)
    source = str(write_runs(tmp_path / "runs", 1) / "0.dcm")
    words = ["process", source, str(tmp_path / "out.dcm"), "--step", "median", "-q"]
    assert main(words) == 1
    assert "There is too little memory for this" in capsys.readouterr().err


def test_a_batch_goes_on(tmp_path: Path) -> None:
    """What no memory of this machine holds is refused; the others are written."""
    runs = write_runs(tmp_path / "runs", 2)
    huge = Recipe(format="pictures", size="60000x60000")
    made = start(runs, tmp_path / "out", huge, workers=1)
    assert len(made.failed) == 2
    assert "60000" in made.failed[0].reason or "memory" in made.failed[0].reason
    assert (tmp_path / "out" / "summary.html").exists()
