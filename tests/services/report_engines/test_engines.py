"""Engines draft sentence by sentence, say where each comes from, and abstain with a reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import xray_studio as xs
from tests.dicom.objects import make_object, save
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import Progress, run
from xray_studio.core.learning.assessment import Assessed, Assessment, FindingScore, ModelMark
from xray_studio.core.learning.findings import FINDINGS, NORMAL
from xray_studio.core.report.engine import Asked, Draft
from xray_studio.core.report.report import Measured
from xray_studio.core.reporting.writing import Written
from xray_studio.services.report.engines import ENGINES, engine_called, engines_known
from xray_studio.services.report_engines.files import draft_files
from xray_studio.services.report_engines.findings import untold
from xray_studio.services.report_engines.structured import BLANK

MARK = ModelMark("mine", "1", "ab" * 32)


def film(folder: Path, shape: tuple[int, ...] = (96, 80)) -> Path:
    path = folder / f"{'x'.join(map(str, shape))}.png"
    noise = np.random.default_rng(1).integers(0, 255, shape)
    cv2.imwrite(str(path), noise.astype(np.uint8))
    return path


def told(**chances: float) -> Assessment:
    scores = tuple(FindingScore(name, chances.get(name, 0.02), 0.5, 0.2, 0.05) for name in FINDINGS)
    pictures = (Assessed("a.png", "", 0, "00", "frontal"),)
    return Assessment(pictures, MARK, scores, notes=("For research.",))


def drafted(name: str, asked: Asked) -> tuple[Draft, list[Draft]]:
    steps: list[Progress] = []
    whole = run(engine_called(name).draft(asked), steps.append)
    return whole, [step.partial for step in steps if step.partial is not None]


def test_each_engine_says_whether_it_can_be_used() -> None:
    known = {one["name"]: one for one in engines_known()}
    assert list(known)[:1] == ["findings"]
    assert set(known) == set(ENGINES.entries())
    assert known["structured"]["unavailable"] == ""
    with pytest.raises(UnsupportedError, match="There is no 'gone'"):
        engine_called("gone")


def test_findings_become_sentences_with_their_probability(tmp_path: Path) -> None:
    clip = xs.open(film(tmp_path))
    whole, steps = drafted("findings", Asked(((clip, 0),), told(effusion=0.7, scar=0.25)))
    sentences = [one for section in whole.sections for one in section.sentences]
    assert [len(step.sections) for step in steps] == sorted(len(step.sections) for step in steps)
    assert len(steps) == len(sentences), "it is shown as it is written"
    assert all(one.is_ai and one.source and one.source.model == MARK for one in sentences)
    found = {one.finding: one for one in sentences if one.probability and one.probability > 0.2}
    assert found["effusion"].text in {"There is a pleural effusion.", "Seen: pleural effusion."}
    assert whole.summary is not None
    assert whole.summary.text == (
        "Film of the chest, frontal: seen pleural effusion (70 %), possible scarring (25 %)."
    )
    assert whole.notes[0] == "For research."
    assert not any(word in str(whole) for word in ("left", "right", "XXXX"))


def test_what_counts_as_seen_and_is_not_told_is_named() -> None:
    scores = told(effusion=0.7, scar=0.25, nodule=0.1)
    written = [Written("There is a pleural effusion.", "effusion", 0.7, positive=True)]
    assert untold(scores, written) == (
        "Counts as seen, but is too unsure to be told in the draft; look for it: scar (25 %).",
    )
    assert untold(scores, [*written, Written("", "scar", 0.25, positive=True)]) == ()


def test_an_engine_abstains_as_the_classifier_does(tmp_path: Path) -> None:
    clip = xs.open(film(tmp_path))
    nothing = Assessment((), MARK, abstained="This is no film of the chest.")
    whole, _ = drafted("findings", Asked(((clip, 0),), nothing))
    assert whole.abstained == "This is no film of the chest."
    assert not whole.sections


@pytest.mark.parametrize(
    ("shape", "words"), [((20, 90), "90 x 20 pixels"), ((90, 80, 3), "in colour")]
)
def test_what_is_no_film_is_named(tmp_path: Path, shape: tuple[int, ...], words: str) -> None:
    clip = xs.open(film(tmp_path, shape))
    whole, _ = drafted("findings", Asked(((clip, 0),), told()))
    assert words in whole.abstained
    with pytest.raises(UsageError, match="at least one film"):
        drafted("findings", Asked(()))


def test_a_template_holds_what_is_known(tmp_path: Path) -> None:
    clip = xs.open(film(tmp_path))
    length = Measured("L1", "length", "L1 12.0 px", "", 0)
    asked = Asked(((clip, 0),), told(effusion=0.7), (length,), ("KAP 1 Gy·cm²",), "Cough.")
    whole, _ = drafted("structured", asked)
    by = {section.heading: section.text for section in whole.sections}
    assert by["Indication"] == "Cough."
    assert BLANK in by["Findings"]
    assert "12.0 px" in by["Measurements"]
    assert by["Dose"] == "KAP 1 Gy·cm²"
    ai = [one for section in whole.sections for one in section.sentences if one.is_ai]
    assert [one.finding for one in ai] == ["effusion"]
    assert NORMAL not in str(ai)
    plain, _ = drafted("structured", Asked(((clip, 0),)))
    assert not any(one.is_ai for section in plain.sections for one in section.sentences)


def test_a_template_knows_the_part_of_the_body_and_tells_what_is_cut_short(tmp_path: Path) -> None:
    clip = xs.open(film(tmp_path))
    lost = "The pixel data is cut short: frame 1 of 1 is the last and incomplete."
    acquired = replace(
        clip.acquisition, modality="DX", body_part_examined="CHEST", warnings=("Odd.", lost)
    )
    draft, _ = drafted("structured", Asked(((replace(clip, acquisition=acquired), 0),)))
    assert draft.summary is not None
    bare, _ = drafted("structured", Asked(((clip, 0),)))
    assert bare.summary is not None
    assert bare.summary.text == "1 picture."
    assert draft.summary.text == "Radiograph of the chest, 1 picture."
    assert f"Lungs: {BLANK}." in [one.text for one in draft.sections[2].sentences]
    assert draft.notes == (lost,)


def test_a_folder_is_the_films_of_a_study_and_a_copy_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, uid in (("study/a", "1.2.1"), ("study/b", "1.2.2"), ("copy", "1.2.1")):
        pixels = np.arange(80 * 80, dtype=np.uint16).reshape(80, 80)
        path = tmp_path / f"{name}.dcm"
        path.parent.mkdir(exist_ok=True)
        save(make_object(pixels, Modality="DX", SOPInstanceUID=uid, StudyInstanceUID="1.3",
                         SeriesInstanceUID="1.4"), path)  # fmt: skip
    monkeypatch.chdir(tmp_path)
    made = run(draft_files(["study", "copy.dcm"], "structured"))
    assert made.report.summary is not None
    assert made.report.summary.text == "Radiograph, 2 pictures."
    assert [Path(path).name for path, _ in made.failed] == ["copy.dcm"]
    (tmp_path / "ct").mkdir()
    same = {"Modality": "CT", "StudyInstanceUID": "1.5", "SeriesInstanceUID": "1.6"}
    for z in range(3):
        pixels = np.full((80, 80), z, np.uint16)
        save(make_object(pixels, InstanceNumber=z, **same), tmp_path / "ct" / f"{z}.dcm")
    made = run(draft_files(["ct"], "structured"))
    assert made.report.summary is not None
    assert made.report.summary.text == "CT, 1 series, 3 frames."
    (tmp_path / "many").mkdir()
    for number in range(5):
        film(tmp_path / "many", (70 + number, 80))
    with pytest.raises(UsageError, match="5 pictures here do not tell which they are of"):
        run(draft_files(["many"], "structured"))
