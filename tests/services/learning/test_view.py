"""The view classifier from the command line: trained, stopped, gone on, judged, refused."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.services.learning import folders
from tests.services.learning.stopping import stopped_at
from tests.services.learning.tiny_models import view_model
from xray_studio.__main__ import main
from xray_studio.core.errors import (
    StudioError,
    UnreadableError,
    UnsupportedError,
    UsageError,
    WriteError,
)
from xray_studio.core.job import Progress, run
from xray_studio.core.learning.model import CARD, FACTS, WEIGHTS
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.films.reading import squashed_film
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.models.installed import checked, model_for
from xray_studio.services.learning.tasks.view import SPEC
from xray_studio.services.learning.train.alone import LOCK
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.view import train_view

ASKED = Training(epochs=2, seed=5, threads=1)


def _film(path: Path, view: str, chance: np.random.Generator) -> None:
    """Two bright fields side by side, or one: as much of a chest as a test needs."""
    plane = cv2.resize(chance.normal(30, 30, (6, 6)).astype(np.float32), (96, 96))
    for x in (28, 68) if view == "frontal" else (48,):
        place = (x + int(chance.integers(-4, 5)), 48 + int(chance.integers(-4, 5)))
        cv2.ellipse(plane, place, (14, 34), 0, 0, 360, 220.0, -1)
    plane = cv2.GaussianBlur(plane, (0, 0), 4) + chance.normal(20, 5, plane.shape)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.clip(plane, 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty studies, one film damaged, one not there; beside them a folder of other pictures."""
    folder, chance = tmp_path_factory.mktemp("data"), np.random.default_rng(1)
    rows = ["image,study,projection,split"]
    for study in range(40):
        for view in ("frontal", "lateral"):
            name = f"{view}/{study}.png"
            _film(folder / "films" / name, view, chance)
            rows.append(f"{name},{study},{view},{'val' if study % 5 == 0 else 'train'}")
    rows.append("frontal/99.png,99,frontal,train")
    (folder / "films" / "reports.csv").write_text("\n".join(rows) + "\n", "utf-8")
    broken = folder / "films" / "frontal" / "3.png"
    broken.write_bytes(broken.read_bytes()[:700])
    folders.film(folder / "others" / "a.png", 3)
    return folder


@pytest.fixture(scope="module")
def trained(films: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training that nothing stopped."""
    out = tmp_path_factory.mktemp("run") / "view"
    made = run(train_view(films, out, ASKED))
    assert [Path(path).name for path, _ in made.unreadable] == [
        "reports.csv, row 82", "3.png",
    ]  # fmt: skip
    return out


def test_a_training_leaves_a_model_with_card_and_curves(trained: Path) -> None:
    model = model_for("view", trained / "model").model
    assert model.labels == ("frontal", "lateral", "other")
    assert (model.sources[0].cases, model.sources[0].films) == (32, 64), "eight are held out"
    assert model.training["steered_by"] > 4
    assert model.training["epochs"] == 2
    assert cv2.imread(str(trained / "curves.png")).shape == (600, 640, 3)
    head, *lines = (trained / "history.csv").read_text("utf-8").splitlines()
    assert head.startswith("epoch,loss,score,frontal_or_lateral")
    assert len(lines) == 2
    assert "Not judged yet" in (trained / "model" / CARD).read_text("utf-8")
    assert checked(trained / "model", verify=True).problem == ""


def test_a_training_that_is_stopped_goes_on_to_the_same_model(
    films: Path, trained: Path, tmp_path: Path
) -> None:
    stopped_at(train_view(films, tmp_path / "view", ASKED), "Training, epoch 2")
    assert not (tmp_path / "view" / "model").exists()
    run(train_view(films, tmp_path / "view", ASKED))
    one, other = (path / "model" / WEIGHTS for path in (trained, tmp_path / "view"))
    assert one.read_bytes() == other.read_bytes()


def test_a_folder_where_a_training_runs_is_left_alone(films: Path, tmp_path: Path) -> None:
    first = train_view(films, tmp_path / "view", ASKED)
    for progress in first:
        if progress.message.startswith("Training, epoch"):
            break
    with pytest.raises(UsageError, match="A training is running in view"):
        run(train_view(films, tmp_path / "view", ASKED))
    first.close()


def test_no_room_on_the_disk_is_told_before_films_are_read(
    films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_space, raising=False)
    with pytest.raises(WriteError, match="the disk is full"):
        run(train_view(films, tmp_path / "view", ASKED))
    assert [one.name for one in (tmp_path / "view").iterdir()] == [LOCK]


def test_the_model_is_judged_beside_its_baselines(
    films: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", "view", "--data", str(films), "--model", str(trained / "model"), "-q"]
    assert main([*words, "--card", "--json"]) == 3
    shown = capsys.readouterr()
    assert shown.err.count("left out") == 1
    assert "films/reports.csv, row 82 is left out: names a picture that is not" in shown.err
    found: dict[str, Any] = json.loads(shown.out)
    assert found["n"] == 16, "eight studies are held out; the other folder tells no view"
    assert set(found["baselines"]) == {"always frontal", "symmetry"}
    assert found["baselines"]["always frontal"]["right"] == 0.5
    assert set(found["views"]) == {"frontal", "lateral"}
    assert "| baseline: symmetry |" in (trained / "model" / CARD).read_text("utf-8")
    assert main(words) == 3
    assert "16 pictures of" in capsys.readouterr().out


def test_training_and_asking_give_a_network_the_same(films: Path, trained: Path) -> None:
    stored = np.load(trained / "films.npy")
    path = films / "films" / "frontal" / "0.png"
    given = squashed(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), SPEC)
    assert np.array_equal(stored[0], given)
    assert np.array_equal(squashed_film(str(path), SPEC), given)


def test_the_process_answers_as_this_one(trained: Path) -> None:
    from xray_studio.ai.view import look

    model = model_for("view", trained / "model")
    pictures = np.random.default_rng(1).normal(0, 1, (5, 128, 128)).astype(np.float32)
    with Engine() as engine:
        for _ in range(2):
            far = run(engine.view(model, pictures, Progress()))
    here = look(str(model.folder), model.model.sha256, pictures)
    assert np.allclose(far.probabilities, here.probabilities, atol=1e-5)
    assert far.probabilities.sum(axis=1) == pytest.approx(np.ones(5))
    assert far.answers() == here.answers() == ["other"] * 5, "noise is no film"


def test_memory_time_and_will_end_an_answer(trained: Path) -> None:
    model = model_for("view", trained / "model")
    pictures = np.zeros((400, 128, 128), np.float32)
    with Engine(seconds=0.01) as engine, pytest.raises(UnsupportedError, match="gave no answer"):
        run(engine.view(model, pictures, Progress()))
    with Engine(memory=150 << 20) as engine, pytest.raises(StudioError):
        run(engine.view(model, pictures, Progress()))


def test_models_that_cannot_be_used_are_told(
    films: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    for name in ("model.toml", WEIGHTS):
        (wrong / name).write_bytes((trained / "model" / name).read_bytes())
    with (wrong / WEIGHTS).open("r+b") as file:
        file.seek(5000)
        file.write(b"\x00\x01\x02\x03")
    assert main(["models", "list", str(wrong)]) == 0
    assert main(["models", "verify", str(wrong)]) == 1
    assert "SHA-256 differs" in capsys.readouterr().err
    words = ["evaluate", "view", "--data", str(films), "--model"]
    assert main([*words, str(wrong), "-q"]) == 1
    assert "SHA-256 differs" in capsys.readouterr().err
    assert main([*words, str(tmp_path), "-q"]) == 1
    assert main(["models", "verify", str(trained / "model"), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["models"]
    assert (one["name"], one["problem"]) == ("view", None)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["frontal", "lateral"', '["lateral", "frontal"', "frontal, lateral, other are needed"),
        ("temperature = ", "temperature = 0 # ", "not those of its network"),
        ("width = 12", "width = 512", "not those of its network"),
        ('kind = "residual"', 'kind = "views"', "is a model for"),
    ],
)
def test_models_that_say_something_else_than_their_weights_are_refused(
    trained: Path, tmp_path: Path, old: str, new: str, told: str
) -> None:
    from xray_studio.ai.view import look

    shutil.copytree(trained / "model", tmp_path / "model")
    text = (tmp_path / "model" / FACTS).read_text("utf-8")
    assert old in text
    (tmp_path / "model" / FACTS).write_text(text.replace(old, new, 1), "utf-8")
    model = model_for("view", tmp_path / "model")
    with pytest.raises(StudioError, match=told):
        look(str(model.folder), model.model.sha256, np.zeros((1, 128, 128), np.float32))


def test_what_is_no_number_is_no_film(tmp_path: Path) -> None:
    from xray_studio.ai.view import VIEWS, Seen, look

    model = view_model(tmp_path / "model", "frontal")
    given = np.full((1, 32, 32), np.nan, np.float32)
    with pytest.raises(UnreadableError, match="its answers are no numbers"):
        look(str(model.folder), model.model.sha256, given)
    none = np.full((1, 3), np.nan)
    assert Seen(VIEWS, none, none[0, :1], "cpu").answers() == ["other"]


def test_too_few_films_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folders.nih(tmp_path / "nih")
    words = ["train", "view", "--data", str(folder), "--out", str(tmp_path / "out"), "-q"]
    assert main(words) == 2
    assert "films to learn from; at least 2 are needed" in capsys.readouterr().err
    assert main([*words, "--licence", "x"]) == 2
    for wrong in ("--seed=-1", "--epochs=0", "--threads=-1", "--threads=257"):
        assert main([*words, wrong]) == 2
        assert "at least 2 are needed" not in capsys.readouterr().err
    (tmp_path / "out2").write_text("a file")
    assert main(["train", "view", "--data", str(folder), "--out", str(tmp_path / "out2")]) == 2
