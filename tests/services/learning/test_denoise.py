"""The learned denoiser: trained by command, stopped and gone on with, and judged with a card."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from xray_studio.cli.main import main
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, run
from xray_studio.core.learning.model import CARD, WEIGHTS, Model, read_model
from xray_studio.core.split import part_of
from xray_studio.services.evaluate.judged_films import HELD_OUT
from xray_studio.services.learning.models.folder import UNHASHED, write_model
from xray_studio.services.learning.tasks.denoiser import LABELS, SPEC, denoiser_model
from xray_studio.services.learning.train import denoise as module
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.denoise import train_denoise

QUICK = Training(epochs=1, threads=1)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty films of as many patients."""
    folder = tmp_path_factory.mktemp("learn") / "films"
    (folder / "images").mkdir(parents=True)
    rng = np.random.default_rng(4)
    for number in range(30):
        film = cv2.GaussianBlur(rng.normal(0, 1, (112, 100)), (0, 0), 6)
        film = np.clip(128 + 900 * film, 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / "images" / f"{number}.png"), film)
    lines = [f"{number}.png,P{number}" for number in range(30)]
    (folder / "labels.csv").write_text("\n".join(["image,patient", *lines]) + "\n")
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network and a phantom that take no time."""
    network = {"kind": "noise", "widths": [4, 4], "depths": [1, 1]}
    for name, value in {
        "KIND": replace(module.KIND, network=network), "_PATIENTS": range(201, 202),
        "_FRAMES": 1, "_SIZE": 128,
    }.items():  # fmt: skip
        monkeypatch.setattr(module, name, value)


def iter_of(moments: np.ndarray) -> Job[np.ndarray]:
    """Return moments as a job does."""
    yield from ()
    return moments


def test_it_is_trained_and_judged_by_commands(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    wanted = ["train", "denoise", "--data", str(films), "--out", str(out), "--threads", "1"]
    licence = ["--licence", "films=CC0"]
    assert main([*wanted, "--epochs", "1", *licence, "--json", "-q"]) == 0
    told = json.loads(capsys.readouterr().out)
    model = read_model(out / "model")
    assert told["sha256"] == model.sha256
    assert {"score", "full", "half", "eighth", "memory_megabytes"} < told.keys()
    learned = {f"films/P{n}" for n in range(30)}
    held = {one for one in learned if part_of(one, HELD_OUT, 1) == "test"}
    films_told, phantom = model.sources
    assert (films_told.name, films_told.licence, phantom.name) == ("films", "CC0", "phantom")
    assert 0 < films_told.films < 30 - len(held)
    assert {"history.csv", "curves.png"} <= {path.name for path in out.iterdir()}
    asked = ["evaluate", "denoise", "--data", str(films), "-n", "1", "--cines", "0", "-q"]
    asked += ["--methods", "learned", "--doses", "1/4", "--model", str(out / "model"), "--card"]
    assert main(asked) == 0
    table = capsys.readouterr().out.strip()
    assert "| learned |" in table
    assert table in (out / "model" / "README.md").read_text("utf-8")


def test_one_that_is_stopped_goes_on_to_the_same_weights(
    films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_moments", lambda _: iter_of(np.full((1, 96, 96), 900.0, "f4")))
    whole = run(train_denoise(films, tmp_path / "whole", QUICK))
    job = train_denoise(films, tmp_path / "halves", QUICK)
    steps = 0
    for progress in job:
        steps += progress.message.startswith("Training, epoch")
        if steps == 5:
            break
    job.close()
    again = run(train_denoise(films, tmp_path / "halves", QUICK))
    one, other = (path.folder / WEIGHTS for path in (whole, again))
    assert one.read_bytes() == other.read_bytes()
    (again.folder / CARD).write_text("Judged.")
    assert not again.notes
    assert "had ended before" in run(train_denoise(films, tmp_path / "halves", QUICK)).notes[0]
    assert (again.folder / CARD).read_text() == "Judged."
    licensed = replace(QUICK, licences={"films": "CC0"})
    assert not run(train_denoise(films, tmp_path / "halves", licensed)).notes
    assert "CC0" in (again.folder / CARD).read_text()


def test_too_few_films_and_other_models_are_refused(films: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for number in range(3):
        (few / f"{number}.png").write_bytes((films / "images" / f"{number}.png").read_bytes())
    with pytest.raises(UsageError, match=r"films to learn from and \d to steer the training by"):
        run(train_denoise(few, tmp_path / "out", QUICK))
    other = Model(
        "view", "1", "view", LABELS, module.KIND.network, SPEC, UNHASHED, "none", "a test"
    )
    write_model(tmp_path / "other", other, {})
    with pytest.raises(UsageError, match="other is a model for 'view', not for 'denoise'"):
        denoiser_model(tmp_path / "other")
