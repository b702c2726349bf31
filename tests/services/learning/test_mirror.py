"""Films that are mirrored: told by a readout that has learned from films as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.services.learning.conftest import asked_at_once
from xray_studio.__main__ import main
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Progress, run
from xray_studio.core.learning.model import read_model
from xray_studio.core.learning.parts import groups, published
from xray_studio.imaging.chest.radiograph import take
from xray_studio.imaging.squash import squashed
from xray_studio.services.learning.films.reading import squashed_film
from xray_studio.services.learning.inference import mirrored
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Lookers
from xray_studio.services.learning.inference.mirrored import MIRRORED, apart, mirror_note
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.readers.layouts import read_collection
from xray_studio.services.learning.tasks.anomaly import FILM
from xray_studio.services.learning.tasks.mirror import TASK, WARNED, Readout
from xray_studio.services.learning.tasks.vit import HELD_OUT

Captured = pytest.CaptureFixture[str]
COUNT = 80
LOOKING = Progress(message="Looking")


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    """Engines ask in this process, which has its libraries loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "asked", asked_at_once)
        yield


def _chest(chance: np.random.Generator) -> np.ndarray:
    """Two lungs, and a heart that lies more in the right half of the picture."""
    film = np.full((160, 160), 190.0, np.float32)
    for side in (48, 112):
        place = side + int(chance.integers(-3, 4)), 80 + int(chance.integers(-5, 6))
        cv2.ellipse(film, place, (24, 50), 0, 0, 360, 60.0, -1)
    cv2.circle(film, (94 + int(chance.integers(-3, 4)), 104), 22, 180.0, -1)
    film = cv2.GaussianBlur(film, (0, 0), 2) + chance.normal(0, 6, film.shape)
    film += 400 * cv2.GaussianBlur(chance.normal(0, 1, film.shape), (0, 0), 6)  # no two are alike
    return np.clip(film, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Films of as many patients."""
    folder, chance = tmp_path_factory.mktemp("mirror") / "films", np.random.default_rng(4)
    folder.mkdir()
    lines = ["image,patient,view,labels,boxes_1024"]
    for number in range(COUNT):
        cv2.imwrite(str(folder / f"{number}.png"), _chest(chance))
        lines.append(f"{number}.png,P{number},PA,No Finding,")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def trained(films: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was trained by command on them."""
    out = tmp_path_factory.mktemp("out")
    assert main(["train", "mirror", "--data", str(films), "--out", str(out), "-q"]) == 0
    return out / "model"


def test_mirror_images_of_other_patients_are_told(
    films: Path, trained: Path, capsys: Captured
) -> None:
    """And none of the films as they are; the card has the table."""
    words = ["evaluate", "mirror", "--data", str(films), "--model", str(trained), "--card"]
    assert main([*words, "--json", "-q"]) == 0
    facts = json.loads(capsys.readouterr().out)
    told = facts["collections"]["films"]
    assert 0 < told["n"] < COUNT
    assert told["right"] == 1.0
    assert told["warned"] == 0.0
    assert told["mirrored_warned"] > 0.9
    assert 0.0 <= told["baselines"]["larger lung"]["right"] <= 1.0
    assert "| films |" in (trained / "README.md").read_text("utf-8")


def test_the_same_training_gives_the_same_model(films: Path, trained: Path) -> None:
    before = (trained / "model.safetensors").read_bytes()
    out = trained.parent
    assert main(["train", "mirror", "--data", str(films), "--out", str(out), "-q"]) == 0
    assert (trained / "model.safetensors").read_bytes() == before


def test_too_few_films_and_other_networks_are_refused(
    films: Path, trained: Path, tmp_path: Path, capsys: Captured
) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for number in range(30):
        (few / f"{number}.png").write_bytes((films / f"{number}.png").read_bytes())
    lines = (films / "labels.csv").read_text("utf-8").splitlines()[:31]
    (few / "labels.csv").write_text("\n".join(lines) + "\n", "utf-8")
    words = ["train", "mirror", "--data", str(few), "--out", str(tmp_path / "out"), "-q"]
    assert main(words) == 2
    assert "at least 40" in capsys.readouterr().err
    model, published = read_model(trained), Lookers.installed().published
    readout = Readout.of(Installed(trained, model), published)
    with pytest.raises(UnreadableError, match="another network"):
        readout.scores(np.zeros((1, 5), np.float32))
    model.calibration["published"] = "0" * 64  # type: ignore[index]  # a plain dictionary
    with pytest.raises(UnreadableError, match="made with another network"):
        Readout.of(Installed(trained, model), published)


def test_a_sentence_tells_it_and_nothing_depends_on_it(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the model, or with one that cannot be used, nothing is said."""
    published, model = Lookers.installed().published, Installed(trained, read_model(trained))
    film = squashed(_chest(np.random.default_rng(9)), FILM)
    with Engine() as engine:
        monkeypatch.setattr(mirrored, "teller", lambda: model)
        assert run(mirror_note(engine, published, film)) == ""
        turned = np.ascontiguousarray(film[:, ::-1])
        assert run(mirror_note(engine, published, turned)) == MIRRORED
        monkeypatch.setattr(mirrored, "teller", lambda: None)
        assert run(mirror_note(engine, published, turned)) == ""
        other = replace(model, model=replace(model.model, sha256="0" * 64))
        monkeypatch.setattr(mirrored, "teller", lambda: other)
        assert run(mirror_note(engine, published, turned)) == ""


def test_a_chest_made_from_physics_lies_the_right_way() -> None:
    """The model that ships, of a film that nobody learned from."""
    published, film = Lookers.installed().published, take("PA", 1, 512).now
    small = squashed((film // 16).astype(np.uint8), FILM)
    with Engine() as engine:
        assert run(mirror_note(engine, published, small)) == ""


def test_committed_weights_answer_as_the_card_says(shared_data: Path) -> None:
    cases = run(read_collection(shared_data / "nih_cxr14")).cases
    held_out = published(cases, groups(cases), HELD_OUT, 0).test
    paths = [film.path for n in held_out[::8] for film in cases[n].films if film.view == "frontal"]
    films = np.stack([squashed_film(path, FILM) for path in paths])
    lookers = Lookers.installed()
    readout = Readout.of(model_for(TASK), lookers.published)
    with Engine() as engine:
        scores = readout.scores(run(apart(engine, lookers.published, films, LOOKING)))
    assert len(scores) > 25
    assert (scores > 0).mean() > 0.9
    assert (scores < WARNED).sum() <= 1
    assert (-scores < WARNED).mean() > 0.6
