"""`report`: from a draft to a signed report in every form that is sent on."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from tests.cli.test_contract import Captured, answer
from tests.core.report.reports import NOW, drafted
from xray_studio.core.job import run
from xray_studio.core.report.report import KeyPicture
from xray_studio.core.report.stored import to_json
from xray_studio.dicom.write.dx import Radiograph, write_dx
from xray_studio.dicom.write.objects import uid_from
from xray_studio.dicom.write.study import StudyFacts
from xray_studio.imaging.pdf import read_pages
from xray_studio.services.open import open_paths
from xray_studio.services.report.films import film_of
from xray_studio.services.report.store import read_report, versions

STUDY = StudyFacts(
    uid_from("test/report"), "Phantom^Chest", "DEMO-1", date(1961, 4, 12), "F", "Hospital",
    "Chest", NOW,
)  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_film(tmp_path_factory.mktemp("film") / "dx.dcm", 0)


def written_film(path: Path, first: int, series: int = 1) -> Path:
    pixels = np.arange(first, first + 40 * 48, dtype=np.uint16).reshape(40, 48)
    made = Radiograph(pixels, series, "PA", NOW, "PA", 0.18, 1800.0, 1620.0, (900.0, 1800.0))
    write_dx(path, STUDY, made)
    return path


@pytest.fixture
def draft(film: Path, tmp_path: Path) -> Path:
    found = film_of(run(open_paths([str(film)])), 0, "frontal")
    report = replace(
        drafted(), study_instance_uid=STUDY.uid, films=(found,),
        key_pictures=(KeyPicture(found.sop_instance_uid, 0, "The heart"),),
    )  # fmt: skip
    path = tmp_path / "draft.json"
    path.write_text(to_json(report), "utf-8")
    return path


def test_from_draft_to_what_is_sent_on(capsys: Captured, film: Path, draft: Path) -> None:
    status, _, said = answer(capsys, "report", "sign", draft, "--name", "Doe^Jane")
    assert (status, "4 AI sentences are neither" in said) == (2, True)
    sent = answer(capsys, "report", "send", draft, film, "--format", "sr", "-q")
    assert sent[0] == 0
    words = ["--accept", "2", "--change", "1=The heart is normal.", "--remove", "3,4"]
    status, out, _ = answer(capsys, "report", "review", draft, *words)
    assert (status, out.count("AI, ")) == (0, 2)
    signed = draft.with_name("signed.json")
    status, out, _ = answer(
        capsys, "report", "sign", draft, "--name", "Doe^Jane", "--out", signed, "--json"
    )
    assert (status, json.loads(out)["state"]) == (0, "signed")
    assert stat.S_IMODE(signed.stat().st_mode) == 0o600
    assert versions(read_report(signed)) == [read_report(signed)]
    for form in ("text", "json", "pdf", "fhir", "hl7", "sr"):
        status, out, said = answer(
            capsys, "report", "send", signed, film, "--format", form, "-q",
            "--out", draft.with_name(f"out.{form}"),
        )  # fmt: skip
        assert (status, said) == (0, "")
    folder = draft.parent
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("out.*")}
    assert modes == {0o600}, "each of them tells of a patient"
    assert "The heart is normal." in (folder / "out.text").read_text("utf-8")
    assert read_report(folder / "out.json").is_signed
    pages = read_pages((folder / "out.pdf").read_bytes())
    assert "Phantom, Chest" in pages.texts[0]
    assert "The heart" in pages.texts[0]
    told = json.loads((folder / "out.fhir").read_text("utf-8"))
    assert told["contained"][0]["name"][0]["family"] == "Phantom"
    assert "|Phantom^Chest|" in (folder / "out.hl7").read_text("utf-8")
    before, after = dcmread(folder / "draft.report.sr.dcm"), dcmread(folder / "out.sr")
    assert (before.PreliminaryFlag, after.PreliminaryFlag) == ("PRELIMINARY", "FINAL")
    series = after.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0]
    named = series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    assert named == before.SOPInstanceUID


def test_pdf_inside_dicom_and_a_new_version(capsys: Captured, film: Path, draft: Path) -> None:
    answer(capsys, "report", "review", draft, "--accept", "all")
    answer(capsys, "report", "sign", draft, "--name", "Doe^Jane")
    inside = draft.with_name("paper.dcm")
    status, out, _ = answer(
        capsys, "report", "send", draft, film, "--format", "pdf", "--out", inside, "--json", "-q"
    )
    assert (status, json.loads(out)["format"]) == (0, "pdf")
    assert dcmread(inside).EncapsulatedDocument.startswith(b"%PDF-")
    for asked in (("--remove", "1"), ("--accept", "all"), ("--change", "1=Other words.")):
        status, _, said = answer(capsys, "report", "review", draft, *asked)
        assert (status, "signed and stays" in said) == (1, True)
    assert answer(capsys, "report", "review", draft)[0] == 0
    new = draft.with_name("new.json")
    assert answer(capsys, "report", "amend", draft, "--out", new)[0] == 0
    assert read_report(new).version == 2
    assert answer(capsys, "report", "amend", draft, "--out", new)[0] == 2
    status, out, _ = answer(capsys, "report", "feedback", "--json")
    assert (status, json.loads(out)["reports"]) == (0, 1)
    status, out, _ = answer(capsys, "report", "feedback")
    assert "cardiomegaly" in out


def test_what_does_not_fit_is_refused(
    capsys: Captured, film: Path, draft: Path, tmp_path: Path
) -> None:
    other = written_film(tmp_path / "other.dcm", 7)
    refused = {
        "not the pictures": (draft, other, "--format", "pdf"),
        "beside DICOM films": (draft, "--format", "sr"),
        "no form": (draft, "--format", "word"),
        "no release": (draft, "--format", "fhir", "--fhir", "R3"),
        "exists and would be lost": (draft, "--format", "json", "--out", other),
        "names the patient": (draft, film, "--format", "sr", "--anonymous"),
        "is no JSON": (other,),
        "no heat map to show": (draft, film, "--format", "pdf", "--heat"),
        "in a PDF alone": (draft, film, "--format", "text", "--heat"),
        "no sentence 9": None,
    }  # fmt: skip
    for words, arguments in refused.items():
        asked = ("send", *arguments, "-q") if arguments else ("review", draft, "--accept", "9")
        status, _, said = answer(capsys, "report", *asked)
        assert status in {1, 2}
        assert words in said
    assert not list(tmp_path.glob("*.sr.dcm"))


def test_a_film_that_is_missing_is_told(
    capsys: Captured, film: Path, draft: Path, tmp_path: Path
) -> None:
    other = written_film(tmp_path / "other.dcm", 7, 2)
    more = film_of(run(open_paths([str(other)])), 0)
    both = tmp_path / "both.json"
    report = read_report(draft)
    both.write_text(to_json(replace(report, films=(*report.films, more))), "utf-8")
    status, _, said = answer(capsys, "report", "send", both, film, "--format", "pdf", "-q")
    assert status == 2
    assert f"is about 2 films, and film 2 (SOP Instance UID {more.sop_instance_uid})" in said
    assert answer(capsys, "report", "send", both, other, film, "--format", "pdf", "-q")[0] == 0


def test_a_patient_is_named_in_files_alone(capsys: Captured, film: Path) -> None:
    asked = ("report", film, "--engine", "structured", "--patient-id", "P1", "-q")
    status, _, said = answer(capsys, *asked)
    assert (status, "names no patient; write it into a file" in said) == (2, True)


def test_without_a_name(capsys: Captured, film: Path, draft: Path) -> None:
    status, _, _ = answer(
        capsys, "report", "send", draft, film, "--format", "hl7", "--anonymous", "-q"
    )
    assert status == 0
    assert "Phantom" not in draft.with_name("draft.report.hl7").read_text("utf-8")
