"""The finder of lungs: learns from marked films, is judged by what has not seen them, abstains."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.services.learning import tiny_models
from xray_studio.__main__ import main
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.model import WEIGHTS, read_model
from xray_studio.core.learning.scores import dice
from xray_studio.imaging import lung_learning
from xray_studio.imaging.lung_fields import CONTEXT, NUMBERS, context_of, lungs, numbers_of
from xray_studio.services.learning.inference import lungs as asking
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.tasks.lungs import Lungs
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.lungs import train_lungs

Captured = pytest.CaptureFixture[str]


def _chest(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A film with two dark ellipses, and where they are."""
    rows, columns = shape
    film, mask = np.full(shape, 170.0), np.zeros(shape, np.uint8)
    for side in (0.3, 0.7):
        middle = (int(columns * (side + rng.normal(0, 0.02))), int(rows * rng.uniform(0.45, 0.55)))
        axes = (int(columns * rng.uniform(0.12, 0.16)), int(rows * rng.uniform(0.28, 0.36)))
        cv2.ellipse(mask, middle, axes, 0, 0, 360, 255, -1)
    film[mask > 0] = 70
    film += rng.normal(0, 12, shape)
    return np.clip(film, 0, 255).astype(np.uint8), mask


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen films with marked lungs, of several sizes."""
    folder, rng = tmp_path_factory.mktemp("lungs") / "films", np.random.default_rng(7)
    folder.mkdir()
    for number in range(14):
        film, mask = _chest(rng, (200 + 10 * number, 240))
        cv2.imwrite(str(folder / f"c{number}.png"), film)
        cv2.imwrite(str(folder / f"c{number}_lung.png"), mask)
    lines = ["case,view", *(f"c{number},PA" for number in range(14))]
    (folder / "cases.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer numbers, so that it takes no time."""
    monkeypatch.setattr(lung_learning, "_WIDTH", 20)


@pytest.mark.usefixtures("at_once")
def test_it_learns_is_judged_and_asked_by_command(
    films: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    words = ["train", "lungs", "--data", str(films), "--out", str(out), "--licence", "films=CC0"]
    assert main([*words, "--json", "-q"]) == 0
    told = json.loads(capsys.readouterr().out)
    folder = out / "model"
    model = read_model(folder)
    assert told["dice"] > 0.85
    assert (model.task, model.sources[0].licence, model.sources[0].films) == ("lungs", "CC0", 14)
    data = (folder / WEIGHTS).read_bytes()
    assert main([*words, "--json", "-q"]) == 0
    assert (folder / WEIGHTS).read_bytes() == data, "the same again"
    capsys.readouterr()
    asked = ["evaluate", "lungs", "--data", str(films), "--model", str(folder), "-q"]
    assert main([*asked, "--json", "--card"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["known"] == facts["n"] == 14
    assert abs(facts["dice"] - told["dice"]) < 0.02
    assert facts["dice"] > facts["baselines"]["mean lung"]["dice"]
    assert "baseline: mean lung" in (folder / "README.md").read_text("utf-8")
    views = {"frontal": tiny_models.view_model(tmp_path / "view", "frontal")}
    views["other"] = tiny_models.view_model(tmp_path / "other", "other")
    installed = Installed(folder, model)
    film, mask = _chest(np.random.default_rng(99), (300, 150))
    cv2.imwrite(str(tmp_path / "new.png"), film)
    for view, written in (("other", 0), ("frontal", 1)):
        known = {"lungs": installed, "view": views[view]}
        monkeypatch.setattr(asking, "model_for", lambda task, _=None, k=known: k[task])
        place = tmp_path / view / "masks"
        place.mkdir(parents=True)
        assert main(["lungs", str(tmp_path / "new.png"), "--out", str(place), "-q"]) == 0
        assert len(list(place.iterdir())) == written
    found = cv2.imread(str(place / "new.lungs.png"), cv2.IMREAD_GRAYSCALE)
    assert found.shape == (300, 150)
    assert dice(found > 127, mask > 127) > 0.85
    assert "taken for other" in capsys.readouterr().out


def test_each_film_is_told_by_what_has_not_seen_it(films: Path, tmp_path: Path) -> None:
    folder = run(train_lungs(films, tmp_path / "out", Training(1))).folder
    finder = Lungs.of(Installed(folder, read_model(folder)))
    assert len(finder.folds) == 14
    assert set(finder.folds.values()) <= set(range(5))
    assert all(len(stage.readouts) == 6 for stage in finder.stages)
    facts = (folder / "model.toml").read_text()
    (folder / "model.toml").write_text(facts.replace("folds = [", "holds = ["))
    with pytest.raises(UnreadableError, match="are not those of a finder of lungs"):
        Lungs.of(Installed(folder, read_model(folder)))


def test_too_few_films_are_refused(films: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for name in ("c1.png", "c1_lung.png", "c2.png"):
        (few / name).write_bytes((films / name).read_bytes())
    (few / "cases.csv").write_text("case\nc1\nc2\n")
    with pytest.raises(UsageError, match="There are 1 films with marked lungs"):
        run(train_lungs(few, tmp_path / "out", Training(1)))


def test_numbers_of_a_film_do_not_depend_on_its_window() -> None:
    film = np.random.default_rng(3).integers(0, 120, (128, 128)).astype(np.uint8)
    one, other = numbers_of(film), numbers_of(2 * film)
    assert one.shape == (64 * 64, NUMBERS)
    same = np.abs(one - other).max(axis=0) < 1e-6
    assert same.sum() >= NUMBERS - 1, "all but the grey level itself"
    assert context_of(np.zeros((64, 64), np.float32)).shape == (64 * 64, CONTEXT)
    told = np.zeros((128, 128), np.float32)
    told[20:100, 10:50] = told[20:100, 70:110] = 1.0
    told[40:60, 20:30] = 0.0
    told[2:6, 2:6] = 1.0
    found = lungs(told, (256, 200))
    assert found.shape == (256, 200)
    assert found[100, 40], "holes are filled"
    assert not found[:20].any(), "what is small is none"
    assert not lungs(np.zeros((128, 128), np.float32), (30, 40)).any()
