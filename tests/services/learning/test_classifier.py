"""The finding classifier from the command line: trained, stopped, judged, asked, refused."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.services.learning import folders, tiny_models
from tests.services.learning.stopping import stopped_at
from xray_studio.__main__ import main
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import CARD, WEIGHTS, read_model
from xray_studio.services.learning.inference.findings import Models, calibrations
from xray_studio.services.learning.models.installed import Installed, checked
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.tasks.classifier import FOLDS, LABELS, study_set
from xray_studio.services.learning.tasks.known import NONE, Known
from xray_studio.services.learning.train import classifier as training
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.classifier import train_classifier

ASKED = Training(epochs=2, seed=1, threads=1)
SPEC = InputSpec(rows=32, columns=32)
STUDIES = 60


def _film(path: Path, large: bool, chance: np.random.Generator) -> None:
    """A heart between two lungs, as much of a chest as a test needs."""
    plane = np.zeros((64, 64), np.float32)
    cv2.ellipse(plane, (32, 40), (20 if large else 9, 14), 0, 0, 360, 200.0, -1)
    plane = cv2.GaussianBlur(plane, (0, 0), 2) + chance.normal(60, 60, plane.shape)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.clip(plane, 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty studies, half with a large heart, half with a lateral film; one film is damaged."""
    folder, chance = tmp_path_factory.mktemp("data"), np.random.default_rng(1)
    rows = ["image,study,projection,mesh,problems"]
    for study in range(STUDIES):
        large = bool(chance.random() < 0.5)
        words = "Cardiomegaly,Cardiomegaly" if large else "normal,normal"
        for view in ("frontal", "lateral")[: 1 + study % 2]:
            _film(folder / "films" / view / f"{study}.png", large, chance)
            rows.append(f"{view}/{study}.png,{study},{view},{words}")
    (folder / "films" / "reports.csv").write_text("\n".join(rows) + "\n", "utf-8")
    broken = folder / "films" / "frontal" / "4.png"
    broken.write_bytes(broken.read_bytes()[:500])
    return folder


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Let networks be as small as these films."""
    with pytest.MonkeyPatch.context() as patch:
        network = {"kind": "views", "outputs": len(LABELS), "size": SPEC.rows, "kept": 8}
        patch.setattr(training, "KIND", replace(training.KIND, network=network, input=SPEC))
        yield


@pytest.fixture(scope="module")
def trained(films: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training that nothing stopped."""
    out = tmp_path_factory.mktemp("run") / "findings"
    made = run(train_classifier(films, out, ASKED, 2))
    assert [Path(path).name for path, _ in made.unreadable] == ["4.png"]
    assert any("hernia is present in 0" in note for note in made.notes)
    return out


def test_a_training_leaves_a_model_of_all_folds(trained: Path) -> None:
    model = read_model(trained / "model")
    assert model.labels == LABELS
    assert model.training["folds"] == 2
    assert model.sources[0].cases == STUDIES
    assert len(calibrations(model, 2)) == 2
    assert 0.0 < model.thresholds["cardiomegaly"] < 1.0
    assert "hernia" not in model.thresholds, "there was no study to choose it by"
    assert checked(trained / "model", verify=True).problem == ""
    for fold in ("fold-1", "fold-2"):
        assert (trained / fold / "curves.png").exists()
        assert len((trained / fold / "history.csv").read_text("utf-8").splitlines()) == 3


def test_a_training_that_is_stopped_goes_on_to_the_same_model(
    films: Path, trained: Path, tmp_path: Path
) -> None:
    job = train_classifier(films, tmp_path / "run", ASKED, 2)
    job = train_classifier(films, tmp_path / "run", ASKED, 2)
    stopped_at(job, "Fold 2 of 2: Training, epoch 2")
    assert not (tmp_path / "run" / "model").exists()
    run(train_classifier(films, tmp_path / "run", ASKED, 2))
    one, other = (path / "model" / WEIGHTS for path in (trained, tmp_path / "run"))
    assert one.read_bytes() == other.read_bytes()


def test_no_network_learns_from_what_it_judges(films: Path, trained: Path) -> None:
    model = Installed(trained / "model", read_model(trained / "model"))
    known = Known.of(model)
    chosen = study_set(run(read_collections(films)), {})
    folds = chosen.folds(2, ASKED.seed)
    stored = np.load(trained / "films.npy")
    steering = chosen.steering(ASKED.seed)
    assert steering.any()
    assert {known.fold(owner, []) for owner in chosen.owners} == {0, 1, NONE}, "one is damaged"
    for owner, case, fold in zip(chosen.owners, chosen.cases, folds, strict=True):
        shown = [stored[number] for view in case for number in view]
        if "4.png" not in chosen.paths[case[0][0]]:
            assert known.fold(owner, []) == fold
            assert known.fold("somebody else", shown) == fold, "the films alone tell as well"
    assert known.fold("somebody else", [stored[0][::-1]]) == NONE


def test_the_model_is_judged_beside_its_baselines(
    films: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", "classifier", "--data", str(films), "--model", str(trained / "model")]
    assert main([*words, "-q", "--card", "--json"]) == 3, "one film is damaged"
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["n"] == STUDIES - 1
    assert found["judged_by"] == {"the network of its fold": STUDIES - 1, "all networks": 0}
    assert set(found["labels"]) == set(LABELS)
    assert set(found["labels"]["cardiomegaly"]) >= {"positives", "auroc", "auroc_ci", "auprc"}
    assert found["labels"]["hernia"]["auroc"] is None
    assert found["labels"]["normal"]["auroc"] == found["normal_auroc"]
    assert set(found["baselines"]) == {
        "prevalence", "mean intensity", "nearest neighbours", "frontal film only",
    }  # fmt: skip
    assert found["baselines"]["prevalence"]["normal_auroc"] == 0.5
    assert found["baselines"]["nearest neighbours"]["normal_auroc"] > 0.9
    assert any("hernia cannot be judged in fold 1" in note for note in found["notes"])
    assert "| baseline: nearest neighbours |" in (trained / "model" / CARD).read_text("utf-8")
    low, high = found["ece_band"]
    assert 0.0 <= low <= high


def test_studies_of_others_are_judged_by_all_networks(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders.reports(tmp_path / "others")
    words = ["evaluate", "classifier", "--data", str(tmp_path / "others"), "-q", "--json"]
    assert main([*words, "--model", str(trained / "model")]) == 3
    shown = capsys.readouterr()
    assert shown.err.count("others/reports.csv, row ") == 4, "rows that give no film are named"
    found = json.loads(shown.out)
    # The names of two of its studies are those of studies that were learned from.
    assert sum(found["judged_by"].values()) == found["n"] == 2


def test_films_are_asked_from_the_command_line(
    films: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    model = Installed(trained / "model", read_model(trained / "model"))
    view = tiny_models.view_model(tmp_path / "view", "frontal")
    monkeypatch.setattr(Models, "installed", lambda _=None: Models(model, view))
    pictures = [str(films / "films" / "frontal" / f"{n}.png") for n in (1, 4, 2)]
    words = ["findings", *pictures, "-q", "--out", str(tmp_path)]
    assert main([*words, "--json"]) == 3, "one film is damaged"
    told = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in told["written"]] == ["1.findings.json", "2.findings.json"]
    assert json.loads((tmp_path / "2.findings.json").read_text("utf-8")) == told["studies"][1]
    assert main(words) == 1, "what is there is not replaced"
    assert "--overwrite" in capsys.readouterr().err
    assert main(["findings", *pictures[::2], "-q", "--together"]) == 0
    said = capsys.readouterr().out
    assert said.count("cardiomegaly") == 1
    assert "not for diagnosis" in said


def test_what_cannot_be_learned_from_is_refused(tmp_path: Path) -> None:
    folders.film(tmp_path / "files" / "a.png", 1)
    with pytest.raises(UsageError, match="both labels and a frontal film"):
        run(train_classifier(tmp_path / "files", tmp_path / "run", ASKED, 2))
    rows = ["image,study,projection,mesh,problems"]
    for study in range(8):
        folders.film(tmp_path / "normal" / f"{study}.png", study)
        rows.append(f"{study}.png,{study},frontal,normal,normal")
    (tmp_path / "normal" / "reports.csv").write_text("\n".join(rows), "utf-8")
    with pytest.raises(UsageError, match="no finding is present in 2 studies and absent in 2"):
        run(train_classifier(tmp_path / "normal", tmp_path / "run", ASKED, 2))
    with pytest.raises(UsageError, match="2 to 20 folds"):
        run(train_classifier(tmp_path, tmp_path / "run", ASKED, 1))


def test_no_room_on_the_disk_is_told_before_films_are_read(
    films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_space, raising=False)
    with pytest.raises(WriteError, match="the disk is full"):
        run(train_classifier(films, tmp_path / "run", ASKED, 2))


def test_real_studies_fall_into_folds_that_share_nobody(shared_data: Path) -> None:
    chosen = study_set(run(read_collections(shared_data)), {})
    folds = chosen.folds(FOLDS, 0)
    assert len(chosen.cases) == 3995
    assert int(chosen.judged.sum()) == 3010
    for fold in range(FOLDS):
        inside = {o for o, k in zip(chosen.owners, folds, strict=True) if k == fold}
        outside = {o for o, k in zip(chosen.owners, folds, strict=True) if k != fold}
        assert not inside & outside
        assert len(inside) > 500
    assert np.isnan(chosen.truth[~chosen.judged, LABELS.index("granuloma")]).all()
    assert not np.isnan(chosen.truth[chosen.judged]).any()


def test_a_missing_backbone_is_told_before_films_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_task: str, _named: Path) -> Installed:
        raise UsageError("There is no lite0.")

    monkeypatch.setattr(training, "model_for", missing)
    with pytest.raises(UsageError, match=r"no lite0"):
        run(train_classifier(tmp_path / "nowhere", tmp_path / "out", ASKED))
    assert not (tmp_path / "out").exists()
