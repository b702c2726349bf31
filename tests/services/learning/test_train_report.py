"""A network that writes reports: trained, stopped, judged, asked from the command line, refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.services.learning import folders, tiny_models
from tests.services.learning.stopping import stopped_at
from xray_studio.__main__ import main
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.job import Job, Progress, run
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.learning.model import CARD, FACTS, WEIGHTS, read_model
from xray_studio.core.reporting.templates import TEMPLATES
from xray_studio.core.reporting.writing import Points
from xray_studio.core.workers.process import load
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models
from xray_studio.services.learning.models.installed import Installed, checked
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.reports.studies import report_studies
from xray_studio.services.learning.tasks import report as task
from xray_studio.services.learning.tasks.known import NONE, Known
from xray_studio.services.learning.train import sights, writing
from xray_studio.services.learning.train.asked import Training
from xray_studio.services.learning.train.report import Made, train_report
from xray_studio.services.report_engines import encoder_decoder
from xray_studio.services.report_engines.encoder_decoder import EncoderDecoderEngine, drafted

ASKED = Training(epochs=2, seed=1, threads=1, licences={"films": "CC BY 4.0"})
STUDIES = 48
LARGE = "The heart is mildly enlarged. The left lung is clear. Stable XXXX. No pleural effusion."
CLEAR = "The heart is normal in size. The lungs are clear."


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Studies with reports, every third of a large heart, every fourth held out."""
    rows = ["image,study,projection,split,problems,mesh,findings,impression"]
    folder = tmp_path_factory.mktemp("data") / "films"
    for study in range(STUDIES):
        text, mesh = (LARGE, "Cardiomegaly") if study % 3 == 0 else (CLEAR, "normal")
        for view in ("frontal", "lateral")[: 1 + study % 2]:
            folders.film(folder / view / f"{study}.png", study, (80, 72))
            part = "train" if study % 4 else "val"
            rows.append(f"{view}/{study}.png,{study},{view},{part},{mesh},{mesh},{text},")
    (folder / "reports.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return tiny_models.models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Networks as small as these films, asked in this process."""

    def asked(
        _engine: Engine, function: str, arguments: tuple[Any, ...], *_more: Any, **_others: Any
    ) -> Job[Any]:
        yield Progress()
        return load(function)(*arguments)

    sizes = {"width": 16, "layers": 1, "heads": 2, "left_out": 0.1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "asked", asked)
        patch.setattr(task, "NETWORK", dict.fromkeys(task.DECODERS, sizes))
        patch.setattr(sights, "SPEC", InputSpec(rows=32, columns=32))
        patch.setattr(writing, "POOL", replace(writing.POOL, beams=2, drawn=3))
        yield


@pytest.fixture(scope="module")
def trained(films: Path, models: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training that nothing stopped."""
    out = tmp_path_factory.mktemp("run") / "report"
    made = run(train_report(films, out, ASKED, Made(classifier=models.findings.folder)))
    assert made.unreadable == ()
    return out


def test_a_training_leaves_words_weights_and_how_to_write(trained: Path) -> None:
    folder = trained / "model"
    model, words = read_model(folder), (folder / "vocabulary.txt").read_text("utf-8").split()
    assert checked(folder, verify=True).problem == ""
    assert {"heart", "enlarged", "."} <= set(words)
    assert not {"xxxx", "mildly", "left", "stable"} & set(words), "no film tells these"
    assert model.network["writing"]["beams"] + model.network["writing"]["drawn"] >= 2
    assert model.sources[0].cases == STUDIES * 3 // 4
    assert model.sources[0].licence == "CC BY 4.0"
    assert (trained / "curves.png").exists()


def test_a_training_that_is_stopped_goes_on_to_the_same_model(
    films: Path, models: Models, trained: Path, tmp_path: Path
) -> None:
    made = Made(classifier=models.findings.folder)
    stopped_at(train_report(films, tmp_path / "run", ASKED, made), "Training, epoch 2")
    assert not (tmp_path / "run" / "model").exists()
    run(train_report(films, tmp_path / "run", ASKED, made))
    for name in (WEIGHTS, FACTS, "vocabulary.txt"):
        one, other = (path / "model" / name for path in (trained, tmp_path / "run"))
        assert one.read_bytes() == other.read_bytes()


def test_what_is_held_out_is_not_learned_from(films: Path, trained: Path) -> None:
    chosen = report_studies(run(read_collections(films)))
    known = Known.of(Installed(trained / "model", read_model(trained / "model")))
    learned = [known.fold(owner, []) != NONE for owner in chosen.studies.owners]
    assert learned == [not held for held in chosen.held_out]


@pytest.mark.parametrize(("decoder", "encoder"), [("lstm", "lite0"), ("transformer", "resnet")])
def test_other_parts_learn_as_well(
    films: Path, models: Models, trained: Path, tmp_path: Path, decoder: str, encoder: str
) -> None:
    shutil.copy(trained / "seen.npz", tmp_path)
    made = Made(decoder, encoder, models.findings.folder)
    told = run(train_report(films, tmp_path, replace(ASKED, epochs=1), made))
    assert read_model(told.folder).network["decoder"] == decoder
    assert 0.0 <= told.facts["score"] <= 1.0
    assert checked(told.folder, verify=True).problem == ""


def test_it_is_judged_beside_the_others(
    films: Path, models: Models, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = trained / "model"
    words = ["evaluate", "report", "--data", str(films), "--model", str(models.findings.folder)]
    words += ["--run", str(trained), "--writer", str(folder), "-q", "--json"]
    assert main([*words, "--card"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["engines"]["encoder-decoder"]["seconds_per_report"] > 0.0
    assert 0.0 <= facts["engines"]["encoder-decoder"]["rouge_l"] <= 1.0
    assert "| encoder-decoder |" in (folder / CARD).read_text("utf-8")
    assert main([*words, "--split", "all"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert list(facts["engines"]) == ["findings"]
    assert "has learned from 36 of these 48 studies" in facts["left_out"]["encoder-decoder"]


def test_a_draft_comes_from_the_command_line(
    films: Path, models: Models, trained: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(Models, "installed", lambda _=None: models)
    film = str(films / "frontal" / "4.png")
    words = ["report", film, "--engine", "encoder-decoder", "-q", "--model"]
    assert main([*words, str(trained / "model")]) == 1
    assert "nothing that findings of these films are a basis for" in capsys.readouterr().err
    told = Points(dict.fromkeys(TEMPLATES, 0.0), dict.fromkeys(TEMPLATES, 1.1))
    monkeypatch.setattr(encoder_decoder, "points_of", lambda _told: told)
    assert main([*words, str(trained / "model")]) == 0
    said = capsys.readouterr().out
    assert "[AI]" in said
    assert "learned from reports" in said
    strange = Models(models.findings, tiny_models.view_model(tmp_path / "other", "other"))
    monkeypatch.setattr(Models, "installed", lambda _=None: strange)
    assert main([*words, str(trained / "model")]) == 1
    assert "no film of the chest" in capsys.readouterr().err


def test_what_is_missing_or_others_is_named(
    films: Path, models: Models, trained: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(Models, "installed", lambda _=None: models)
    film = str(films / "frontal" / "4.png")
    whole = (trained / "model" / FACTS).read_text("utf-8")
    spoilt = {
        "has no vocabulary.txt": ("vocabulary.txt", None),
        "is not the list of words": ("vocabulary.txt", b".\nthe\n"),
        "model.safetensors": (WEIGHTS, None),
        "its SHA-256 differs": (WEIGHTS, b"x" * 99),
        "not those of its network": (FACTS, whole.replace("width = 16", "width = 32").encode()),
    }
    for number, (words, (name, data)) in enumerate(spoilt.items()):
        folder = tmp_path / str(number)
        shutil.copytree(trained / "model", folder)
        (folder / name).unlink()
        if data is not None:
            (folder / name).write_bytes(data)
        code = main(["report", film, "--engine", "encoder-decoder", "-q", "--model", str(folder)])
        assert code != 0
        assert words in capsys.readouterr().err
    with pytest.raises(UsageError, match="no encoder 'gone'"):
        run(train_report(films, tmp_path / "run", ASKED, Made(encoder="gone")))
    with pytest.raises(UsageError, match="no decoder 'gone'"):
        run(train_report(films, tmp_path / "run", ASKED, Made("gone")))
    with pytest.raises((UnreadableError, UsageError)):
        run(train_report(tmp_path / "0", tmp_path / "run", ASKED, Made()))


def test_a_draft_claims_nothing_and_tells_what_it_rests_on() -> None:
    words = "the heart is enlarged . left effusion . no pneumothorax . mild scoliosis ."
    told = drafted(words.split(), {"cardiomegaly": 0.7, "pneumothorax": 0.1, "effusion": 0.9})
    assert told.findings == "The heart is enlarged. No pneumothorax."
    assert told.impression == "Seen: cardiomegaly."
    clear = drafted(["no", "pneumothorax", "."], {"pneumothorax": 0.1})
    assert clear.impression == "No abnormal finding is told."
    assert EncoderDecoderEngine(Path("gone")).unavailable()
