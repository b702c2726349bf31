"""Detectors of the unusual in films: learn from normal films alone, are judged beside baselines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.services.learning.conftest import asked_at_once
from xray_studio.__main__ import main
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Job, run
from xray_studio.core.json_text import json_text
from xray_studio.core.learning.model import FACTS, WEIGHTS, read_model
from xray_studio.imaging.lung_frame import LungFrame
from xray_studio.services.learning.evaluate import anomaly_gate
from xray_studio.services.learning.evaluate.anomaly import Judging, evaluate_anomaly
from xray_studio.services.learning.evaluate.anomaly_baselines import BASELINES
from xray_studio.services.learning.evaluate.anomaly_films import judged_films
from xray_studio.services.learning.evaluate.anomaly_metrics import METRICS, metrics
from xray_studio.services.learning.evaluate.anomaly_supervised import Supervised
from xray_studio.services.learning.evaluate.anomaly_table import result_lines
from xray_studio.services.learning.inference.atypical import channel_maps
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.film_looks import Lookers
from xray_studio.services.learning.inference.recipe import Recipe
from xray_studio.services.learning.inference.supervised_heat import NAME as SUPERVISED
from xray_studio.services.learning.models.gates import gate_of
from xray_studio.services.learning.models.installed import Installed, model_for
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.anomaly import normals
from xray_studio.services.learning.tasks.classifier import EVERY
from xray_studio.services.learning.tasks.known import Known
from xray_studio.services.learning.train import drawn

Captured = pytest.CaptureFixture[str]
COUNT = 72


def _chest(chance: np.random.Generator, *, ill: bool) -> np.ndarray:
    film = np.full((160, 160), 190.0, np.float32)
    for side in (0.3, 0.7):
        middle = (int(160 * (side + chance.normal(0, 0.01))), int(160 * chance.uniform(0.48, 0.52)))
        cv2.ellipse(film, middle, (24, int(chance.integers(46, 54))), 0, 0, 360, 60.0, -1)
    if ill:
        place = (int(chance.integers(36, 60)), int(chance.integers(60, 100)))
        cv2.circle(film, place, 14, 200.0, -1)
    film = cv2.GaussianBlur(film, (0, 0), 1.5) + chance.normal(0, 5, film.shape)
    film += 500 * cv2.GaussianBlur(chance.normal(0, 1, film.shape), (0, 0), 6)  # no two are alike
    return np.clip(film, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    """Engines ask in this process, which has its libraries loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "asked", asked_at_once)
        yield


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Films of as many patients, every third of them ill, with boxes; all from behind."""
    return write_films(tmp_path_factory.mktemp("unusual") / "films")


def write_films(folder: Path) -> Path:
    """Write such films into a new folder, and return it."""
    chance = np.random.default_rng(2)
    folder.mkdir()
    lines = ["image,patient,view,labels,boxes_1024"]
    for number in range(COUNT):
        ill = number % 3 == 0
        cv2.imwrite(str(folder / f"{number}.png"), _chest(chance, ill=ill))
        box = '"[{""label"": ""Mass"", ""xywh"": [100, 300, 400, 500]}]"' if ill else ""
        lines.append(f"{number}.png,P{number},PA,{'Mass' if ill else 'No Finding'},{box}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def trained(films: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both detectors, trained by command on few films."""
    out, patch = tmp_path_factory.mktemp("out"), pytest.MonkeyPatch()
    patch.setattr(drawn, "VERSIONS", 1)
    found = {}
    for name in ("default", "hog-vit-iforest"):
        words = ["train", "anomaly", "--detector", name, "--data", str(films), "-q"]
        assert main([*words, "--out", str(out / name), "--epochs", "1"]) == 0
        found[name] = out / name / "model"
    patch.undo()
    return found


def test_abnormal_films_play_no_part(films: Path) -> None:
    found = normals(run(read_collections(films)), 0)
    used = {*found.learned.tolist(), *found.held.tolist()}
    assert used
    assert not set(found.learned.tolist()) & set(found.held.tolist())
    assert all(found.chosen.cases[n].labels == {"normal"} for n in used)


@pytest.mark.parametrize("name", ["default", "hog-vit-iforest"])
def test_models_are_judged_beside_baselines(
    films: Path, trained: dict[str, Path], name: str, capsys: Captured
) -> None:
    asked = ["evaluate", "anomaly", "--data", str(films), "--model", str(trained[name]), "-q"]
    assert main([*asked, "--detector", name, "--json", "--card", "--phantoms", "1"]) == 0
    facts = json.loads(capsys.readouterr().out)
    told = facts["detectors"][name]
    assert set(told) == {*METRICS, "supervised"}
    assert not told["supervised"]
    assert told["pixel_auroc"] is None, "no masks are there"
    assert 0.0 <= told["image_auroc"] <= 1.0
    assert told["image_auroc_within_view"] == pytest.approx(told["image_auroc"])
    assert {"mean intensity", "PCA residual", "HOG forest", "constant point"} <= {
        *facts["baselines"]
    }
    assert facts["baselines"]["constant point"]["peak_in_box"] == 1.0
    assert 0 < facts["n"] < COUNT
    assert facts["phantoms"]["n"] == 2
    assert facts["phantoms"]["detectors"][name]["pixel_auroc"] is not None
    assert "phantoms" not in facts["collections"]
    card = (trained[name] / "README.md").read_text("utf-8")
    assert f"| {name} |" in card


@pytest.fixture(scope="module")
def masks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Films of four patients with lungs and lesions as somebody marked them, and no labels."""
    folder, chance = tmp_path_factory.mktemp("marked") / "masks", np.random.default_rng(3)
    folder.mkdir()
    lines = ["case,finding,view"]
    for number in range(4):
        lung, lesion = np.zeros((2, 160, 160), np.uint8)
        for side in (48, 112):
            cv2.ellipse(lung, (side, 80), (24, 50), 0, 0, 360, 255, -1)
        cv2.circle(lesion, (48, 80), 14, 255, -1)
        pictures = ("", _chest(chance, ill=True)), ("_lung", lung), ("_lesion", lesion)
        for end, picture in pictures:
            cv2.imwrite(str(folder / f"c{number}{end}.png"), picture)
        lines.append(f"c{number},Mass,PA")
    (folder / "cases.csv").write_text("\n".join(lines) + "\n")
    return folder


def test_what_a_folder_cannot_give_is_null(masks: Path) -> None:
    """Every baseline stands there; those that need normal films, or boxes, have no figure."""
    asked = Judging(("hog-vit-iforest",))
    facts = json.loads(json_text(run(evaluate_anomaly(masks, asked)).facts))
    told = facts["baselines"]
    assert tuple(told) == BASELINES
    for name in ("mean image", "PCA residual", "HOG forest", "constant point", "view position"):
        assert all(told[name][metric] is None for metric in METRICS), name
    assert told["whole lung field"]["dice_best"] is not None
    assert told["mean intensity"]["image_auroc"] is None
    assert told["mean intensity"]["pixel_auroc"] is not None
    assert facts["detectors"]["hog-vit-iforest"]["pixel_auroc"] is not None


def test_the_supervised_map_is_judged_in_the_same_table(masks: Path) -> None:
    """Marked as what it is; scores of films stand beside those of the others."""
    facts = run(evaluate_anomaly(masks, Judging(("hog-vit-iforest", SUPERVISED)))).facts
    told = facts["detectors"]
    assert {name: one["supervised"] for name, one in told.items()} == {
        "hog-vit-iforest": False, SUPERVISED: True,
    }  # fmt: skip
    assert 0.0 <= told[SUPERVISED]["pixel_auroc"] <= 1.0
    assert 0.0 < told[SUPERVISED]["dice"] < 1.0
    lines = result_lines(facts)
    assert any(line.startswith(f"| {SUPERVISED} (supervised) |") for line in lines)
    assert any("has learned from labels" in line for line in lines)


def test_what_networks_have_learned_from_they_do_not_judge(
    films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film is judged by the network of its fold, and by none where all have seen it."""
    asked, fold = list[int | None](), iter([EVERY] * 8 + [3] * COUNT)
    findings = Engine.findings

    def heard(engine: Engine, *given: Any) -> Job[Any]:
        asked.append(given[4])
        return findings(engine, *given)

    monkeypatch.setattr(Known, "fold", lambda *_: next(fold))
    monkeypatch.setattr(Engine, "findings", heard)
    engine, model = Engine(), model_for("classifier")
    (judged,) = run(judged_films(films, 0, whole=False)).judged
    given = run(run(Supervised.of(model, films)).given(engine, judged))
    assert given.films is not None
    assert np.isnan(given.films).nonzero()[0].tolist() == list(range(8))
    assert set(asked) == {3}
    lungs = np.ones((len(judged.films), 128, 128), np.bool_)
    told = metrics(judged, given, lungs, 1)
    assert told["image_auroc"] is not None
    assert told["peak_in_box"] is not None
    none = replace(given, films=np.full(len(judged.films), np.nan))
    assert all(one is None for one in metrics(judged, none, lungs, 1).values())


def test_the_card_of_the_classifier_stays_as_it_is(masks: Path, tmp_path: Path) -> None:
    """`--card` writes into the cards of detectors of the unusual alone."""
    folder = shutil.copytree(model_for("classifier").folder, tmp_path / "model")
    card = (folder / "README.md").read_text("utf-8")
    asked = ["evaluate", "anomaly", "--data", str(masks), "--model", str(folder), "-q", "--card"]
    assert main([*asked, "--detector", SUPERVISED, "--phantoms", "0"]) == 0
    assert (folder / "README.md").read_text("utf-8") == card


def test_a_model_passes_its_gate_beside_the_one_that_ships(
    films: Path, trained: dict[str, Path], tmp_path: Path, capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path))
    monkeypatch.setattr(anomaly_gate, "LEAST", 2)
    folder = trained["hog-vit-iforest"]
    asked = ["evaluate", "anomaly", "--gate", "--data", str(films), "--model", str(folder)]
    code = main([*asked, "--phantoms", "0", "--json", "-q"])
    gate = json.loads(capsys.readouterr().out)["gate"]
    assert gate["passed"] is (code == 0)
    assert gate["digest"] == read_model(folder).digest
    own, ships = gate["figures"]["own"]["films"], gate["figures"]["ships"]["films"]
    assert own.keys() == ships.keys()
    assert own["image_auroc_within_view"] is not None
    assert own["image_auroc_within_view"] != ships["image_auroc_within_view"]
    kept = gate_of(gate["digest"])
    assert kept is not None
    assert kept.passed is gate["passed"]


def test_the_same_training_gives_the_same_model(
    films: Path, trained: dict[str, Path], capsys: Captured
) -> None:
    data = (trained["hog-vit-iforest"] / WEIGHTS).read_bytes()
    out = trained["hog-vit-iforest"].parent
    words = ["train", "anomaly", "--detector", "hog-vit-iforest", "--data", str(films)]
    assert main([*words, "--out", str(out), "-q", "--json"]) == 0
    assert (out / "model" / WEIGHTS).read_bytes() == data
    assert json.loads(capsys.readouterr().out)["regions"] > 0


def test_what_was_made_with_other_networks_is_refused(trained: dict[str, Path]) -> None:
    folder, lookers = trained["hog-vit-iforest"], Lookers.installed()
    model = read_model(folder)
    assert Recipe.of(Installed(folder, model), lookers).forest.columns > 0
    model.calibration["networks"]["vit"] = "0" * 64  # type: ignore[index]  # a plain dictionary
    with pytest.raises(UnreadableError, match="made with other networks"):
        Recipe.of(Installed(folder, model), lookers)


def test_damaged_facts_and_weights_are_told(trained: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    for path in trained["hog-vit-iforest"].iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    text = (folder / FACTS).read_text("utf-8")
    (folder / FACTS).write_text(text.replace("places = [", "plazes = ["), "utf-8")
    lookers = Lookers.installed()
    with pytest.raises(UnreadableError, match="what normal films have"):
        Recipe.of(Installed(folder, read_model(folder)), lookers)
    (folder / FACTS).write_text(text, "utf-8")
    (folder / WEIGHTS).write_bytes(b"12345678{}")
    with pytest.raises(UnreadableError, match="SHA-256"):
        Recipe.of(Installed(folder, read_model(folder)), lookers)


def test_too_few_normal_films_and_unknown_detectors_are_refused(
    films: Path, tmp_path: Path, capsys: Captured
) -> None:
    few = tmp_path / "few"
    few.mkdir()
    lines = (films / "labels.csv").read_text().splitlines()
    (few / "labels.csv").write_text("\n".join(lines[:20]) + "\n")
    for number in range(19):
        (few / f"{number}.png").write_bytes((films / f"{number}.png").read_bytes())
    words = ["train", "anomaly", "--data", str(few), "--out", str(tmp_path / "out"), "-q"]
    assert main(words) != 0
    assert "at least 8" in capsys.readouterr().err
    assert main([*words, "--detector", "nothing"]) == 2
    with pytest.raises(UsageError, match="Detectors to judge are"):
        run(evaluate_anomaly(few, Judging(("nothing",))))


def test_what_all_of_the_lungs_have_in_common_counts_half() -> None:
    lungs = np.zeros((128, 128), np.float32)
    lungs[20:100, 10:55] = lungs[20:100, 75:120] = 1.0
    whole = LungFrame(0.0, 0.0, 1.0, 1.0)
    sides = (7, 7, 8, 14)
    usual = channel_maps([np.full((side, side), -1.0, np.float32) for side in sides], whole, lungs)
    assert np.allclose(usual[:, 30:90, 20:50], -1.0), "what is less than usual stays"
    strange = [np.full((side, side), 2.0, np.float32) for side in sides]
    strange[3][2:4, 2:4] = 5.0
    told = channel_maps(strange, whole, lungs)
    assert np.allclose(told[0, 30:90, 20:50], 1.0)
    assert told[3].max() == pytest.approx(4.0, abs=0.1)
    nothing = channel_maps(strange, whole, np.zeros_like(lungs))
    assert nothing[0, 60, 60] == pytest.approx(2.0), "without lungs nothing is common to them"
