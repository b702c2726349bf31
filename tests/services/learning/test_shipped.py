"""Models that ship: small, whole, described, and the same as their cards say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xray_studio.__main__ import main
from xray_studio.ai.findings import look as finding_look
from xray_studio.ai.reports.writer import written as report_words
from xray_studio.ai.view import look
from xray_studio.core import resources
from xray_studio.core.clip import Acquisition
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.model import CARD, FACTS
from xray_studio.core.learning.parts import groups, published
from xray_studio.core.learning.scores import auroc, dice
from xray_studio.core.reporting.claims import is_unfounded
from xray_studio.core.reporting.labels import Told, labels_of
from xray_studio.core.reporting.vocabulary import written
from xray_studio.imaging.lung_fields import SPEC, lungs
from xray_studio.services.learning.films.reading import squashed_film
from xray_studio.services.learning.models.installed import checked, folders, model_for
from xray_studio.services.learning.readers.layouts import read_collection
from xray_studio.services.learning.tasks.classifier import FOLDS, study_set
from xray_studio.services.learning.tasks.known import Known
from xray_studio.services.learning.tasks.lungs import Lungs, lung_set
from xray_studio.services.learning.tasks.view import HELD_OUT, is_no_film
from xray_studio.services.learning.train.lungs import MASKS
from xray_studio.services.open import open_paths

ROOT = Path(__file__).parents[3]
SHIPPED = sorted(path.parent for path in (ROOT / "resources" / "models").glob(f"*/{FACTS}"))
MOST = 20_000_000  # bytes, of all weights together
# The films and the echocardiogram that docs/models/view.md tells of.
STRANGE = {"3166_IM-1491-1001.webp", "372_IM-1858-0001-0001.webp", "stress_echo_I_000009.dcm"}


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program without the folder of models, nor any that somebody installed."""
    monkeypatch.setattr(resources, "folder", lambda: tmp_path / "resources")
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path / "data"))
    return tmp_path


def test_all_weights_together_are_small() -> None:
    sizes = [checked(folder).size for folder in SHIPPED]
    assert sizes
    assert 0 < sum(sizes) <= MOST


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_each_is_whole_and_described(folder: Path) -> None:
    found = checked(folder, verify=True)
    assert found.problem == ""
    assert found.model is not None
    assert "research and education" in found.model.licence
    assert found.model.sources
    card = (folder / CARD).read_text("utf-8")
    assert found.model.sha256 in card, "the card is of other weights"
    _, results = card.split("## Results")
    page = (ROOT / "docs" / "models" / f"{folder.name}.md").read_text("utf-8")
    missing = [line for line in results.splitlines() if line and line not in page]
    assert missing == [], "docs/models tells other numbers than the card"
    overview = (ROOT / "docs" / "models" / "README.md").read_text("utf-8")
    assert f"({folder.name}.md)" in overview


def test_the_one_that_ships_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XRAY_STUDIO_DATA", str(tmp_path))
    assert model_for("view").folder in folders()
    assert model_for("view").folder.name == "view"


def test_the_program_runs_without_models(
    no_models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["models"] == []
    assert main(["models"]) == 0
    assert main(["models", "verify"]) == 0
    with pytest.raises(UsageError, match="No model for 'view' is installed"):
        model_for("view")
    assert main(["evaluate", "view", "--data", str(no_models), "-q"]) == 2
    assert "train one with" in capsys.readouterr().err


def test_committed_weights_answer_as_the_card_says(shared_data: Path) -> None:
    cases = run(read_collection(shared_data / "iu_xray")).cases
    held_out = published(cases, groups(cases), HELD_OUT, 0).test
    judged = [film for number in held_out[::12] for film in cases[number].films if film.view]
    others = run(read_collection(shared_data / "dicom")).cases
    judged += [film for case in others for film in case.films if film.view == "other"]
    model = model_for("view", SHIPPED[[one.name for one in SHIPPED].index("view")])
    spec = model.model.input
    films = np.stack([squashed_film(film.path, spec) for film in judged])
    seen = look(str(model.folder), model.model.sha256, spec.normalised(films))
    wrong = {
        Path(film.path).name
        for film, answer in zip(judged, seen.answers(), strict=True)
        if answer != film.view
    }
    assert len(judged) > 60
    assert wrong <= STRANGE
    chest = [number for number, film in enumerate(judged) if film.view != "other"]
    lateral = np.array([judged[number].view == "lateral" for number in chest])
    assert np.array_equal(seen.probabilities[chest, :2].argmax(axis=1) == 1, lateral)


def test_what_says_itself_that_it_is_no_film_is_none(shared_data: Path) -> None:
    echo = run(open_paths([str(shared_data / "dicom" / "stress_echo_I_000009.dcm")]))
    assert is_no_film(echo)
    assert not is_no_film(replace(echo, acquisition=Acquisition(modality="DX")))
    assert not is_no_film(replace(echo, acquisition=Acquisition()))


def test_committed_networks_judge_only_what_they_have_not_seen(shared_data: Path) -> None:
    model = model_for("classifier", SHIPPED[[one.name for one in SHIPPED].index("findings")])
    collection = run(read_collection(shared_data / "iu_xray"))
    chosen = study_set([collection], {})
    folds, known = chosen.folds(FOLDS, 0), Known.of(model)
    found = [known.fold(owner, []) for owner in chosen.owners]
    assert found == folds.tolist()
    frontal = [int(n) for n in np.flatnonzero(folds == 1)[:60]]
    spec = model.model.input
    films = np.stack([squashed_film(chosen.paths[chosen.cases[n][0][0]], spec) for n in frontal])
    told = finding_look(str(model.folder), model.model.sha256, 0, spec.normalised(films), 1)
    normal = chosen.truth[frontal, 0] == 1.0
    assert auroc(told.values[0, :, 0], normal)[0] > 0.6


def test_the_report_network_that_ships_writes_sentences_with_a_basis() -> None:
    model = model_for("report", SHIPPED[[one.name for one in SHIPPED].index("report")])
    chance = np.random.default_rng(1)
    films = chance.normal(size=(2, 1, 224, 224)).astype(np.float32)
    odds = np.where(np.arange(len(FINDINGS)) == FINDINGS.index("cardiomegaly"), 2.0, -4.0)
    folder, sha256 = str(model.folder), model.model.sha256
    both = report_words(folder, sha256, (films[0], films[1]), odds)
    assert report_words(folder, sha256, (films[0], films[1]), odds) == both
    text = " ".join(written(both))
    assert labels_of(text)["cardiomegaly"] is Told.PRESENT
    assert not is_unfounded(text)
    assert report_words(folder, sha256, (films[0], films[1][:0]), odds)[-1] == "."


def test_committed_lungs_are_found_by_what_has_not_seen_them(shared_data: Path) -> None:
    model = model_for("lungs", SHIPPED[[one.name for one in SHIPPED].index("lungs")])
    finder = Lungs.of(model)
    chosen = lung_set([run(read_collection(shared_data / "lesion_masks"))])
    found = []
    for path, mask in list(zip(chosen.films, chosen.masks, strict=True))[::6]:
        film, marked = squashed_film(path, SPEC), squashed_film(mask, MASKS)
        assert finder.is_known(film)
        found.append(dice(lungs(finder.chances(film), film.shape), marked > 127))
    assert np.mean(found) > 0.8
