"""Reports as objects: judged by dciodvfy and DCMTK, read again by this program, in any script."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread

from tests.core.report.reports import NOW, drafted
from tests.dicom.write.validator import complaints
from xray_studio.core.clip import Identity
from xray_studio.core.conformance import Severity
from xray_studio.core.document import Paragraph
from xray_studio.core.errors import UsageError
from xray_studio.core.plain_pdf import plain_pdf
from xray_studio.core.report.edit import accept_all, change
from xray_studio.core.report.report import (
    SUMMARY,
    Film,
    KeyPicture,
    Measured,
    Report,
    Section,
    Where,
)
from xray_studio.core.report.sentence import Sentence, Source
from xray_studio.core.report.signing import amended, sign
from xray_studio.dicom.conformance.read import check_file
from xray_studio.dicom.write.dx import Radiograph, write_dx
from xray_studio.dicom.write.objects import uid_from
from xray_studio.dicom.write.report_object import ReportOrder, write_report
from xray_studio.dicom.write.study import StudyFacts
from xray_studio.services.documents.reading import read_document

STUDY = StudyFacts(
    uid_from("test/reports"), "Phantom^Chest=幻影^胸", "DEMO-1", date(1961, 4, 12), "F",
    "Demonstration Hospital", "Chest", NOW,
)  # fmt: skip
PNG = Film("", 0, "cd" * 32, "frontal")
SCRIPTS = (
    "Das Herz ist vergrößert.", "Сердце увеличено.", "αύξηση της καρδιάς.",
    "القلب متضخم قليلا.", "הלב מוגדל.", "हृदय बढ़ा हुआ है।", "心臓が拡大しています。",
    "심장이 커졌습니다.",
    "A line\nand another \\ with & < > ^ | ~ and 😀.",
)  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "dx.dcm"
    pixels = np.arange(40 * 48, dtype=np.uint16).reshape(40, 48)
    write_dx(path, STUDY, Radiograph(pixels, 1, "PA", NOW, "PA", 0.18, 1800.0, 1620.0, (0.0, 9.0)))
    return path


def report_on(film: Path) -> Report:
    header = dcmread(film)
    uid = str(header.SOPInstanceUID)
    return replace(drafted(), study_instance_uid=STUDY.uid, films=(Film(uid, 0, "ab" * 32),))


def measured(report: Report) -> Report:
    uid = report.films[0].sop_instance_uid
    each = (
        Measured("Heart", "length", "5.4 mm", uid, 0, 5.4, "mm", "", ((2.0, 3.0), (32.0, 3.0))),
        Measured("Angle 2", "angle", "90.0°", uid, 0, 90.0, "°", "", ((2, 3), (2, 9), (9, 9))),
        Measured("Area", "ellipse", "80 mm²", uid, 0, 80.0, "mm²", "", ((2, 3), (12, 30))),
        Measured("Shape", "outline", "9 mm²", uid, 0, 9.0, "mm²", "", ((2, 3), (12, 3), (7, 20))),
        Measured("Elsewhere", "length", "1 px", "2.25.9", 0, 1.0, "px", "", ((0, 0), (1, 0))),
    )
    return replace(report, measurements=each, key_pictures=(KeyPicture(uid, 0, "The heart"),))


def written(report: Report, film: Path, target: Path, pdf: bytes = b"") -> Dataset:
    write_report(ReportOrder(report, (str(film),), NOW, str(target), "", pdf))
    checked = check_file(str(target))
    serious = [one.words() for one in checked.findings if one.severity is not Severity.NOTE]
    assert (checked.problem, serious) == ("", [])
    assert [one for one in complaints(target) if "<99XRAYSTUDIO>" not in one] == []  # our own codes
    return dcmread(target)


def test_a_draft_says_that_it_is_one(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.dcm"
    found = written(report_on(film), film, path)
    assert found.SOPClassUID.name == "Basic Text SR Storage"
    assert (found.CompletionFlag, found.VerificationFlag) == ("PARTIAL", "UNVERIFIED")
    assert found.PreliminaryFlag == "PRELIMINARY"
    assert "VerifyingObserverSequence" not in found
    assert found.AuthorObserverSequence[0].ObserverType == "DEV"
    assert str(found.PatientName) == "Phantom^Chest=幻影^胸"
    told = read_document(path)
    words = "\n".join(one.text for one in told.of_kind(Paragraph))
    assert "AI draft, not for diagnosis." in words
    assert "review: untouched; model SHA-256: " + "ab" * 32 in words
    assert "probability of cardiomegaly: 0.810" in words


def test_signed_and_amended(film: Path, tmp_path: Path) -> None:
    report = report_on(film)
    order = ReportOrder(report, (str(film),), NOW, str(tmp_path / "1.dcm"))
    first = write_report(order)
    report = replace(accept_all(change(report, Where(0, 0), "Normal.")), objects=(first,))
    signed = sign(report, "Doe^Jane", NOW, "Clinic")
    found = written(signed, film, tmp_path / "2.dcm")
    assert (found.CompletionFlag, found.VerificationFlag) == ("COMPLETE", "VERIFIED")
    assert found.PreliminaryFlag == "FINAL"
    observer = found.VerifyingObserverSequence[0]
    assert (str(observer.VerifyingObserverName), observer.VerifyingOrganization) == (
        "Doe^Jane", "Clinic",
    )  # fmt: skip
    assert observer.VerificationDateTime == "20261121140506+0000"
    before = found.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0]
    assert before.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == first.sop_instance_uid
    assert found.SOPInstanceUID != first.sop_instance_uid
    second = amended(signed, NOW)
    again = written(sign(second, "Roe^Ann", NOW), film, tmp_path / "3.dcm")
    assert again.VerifyingObserverSequence[0].VerifyingOrganization == "Not stated"


def test_measurements_stand_on_their_image(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "measured.dcm"
    found = written(measured(report_on(film)), film, path)
    assert found.SOPClassUID.name == "Comprehensive SR Storage"
    assert found.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    told = read_document(path)
    assert told.content is not None
    numbers = [one for one in told.content.walk() if one.value_type == "NUM"]
    assert [(one.number, one.unit) for one in numbers] == [
        (5.4, "mm"), (90.0, "deg"), (80.0, "mm2"), (9.0, "mm2"),
    ]  # fmt: skip
    shapes = [one for one in told.content.walk() if one.value_type == "SCOORD"]
    assert all(one.target is not None for one in shapes)


def test_text_in_any_script_survives(film: Path, tmp_path: Path) -> None:
    sections = (
        Section("Findings", tuple(Sentence(text) for text in SCRIPTS)),
        Section("자유 heading\\x", (Sentence("Own."),)),
    )
    report = change(replace(report_on(film), sections=sections), SUMMARY, SCRIPTS[6])
    path = tmp_path / "scripts.dcm"
    found = written(sign(report, "山田^太郎", NOW), film, path)
    assert str(found.VerifyingObserverSequence[0].VerifyingObserverName) == "山田^太郎"
    told = read_document(path)
    assert told.content is not None
    texts = [one.text for one in told.content.walk() if one.value_type == "TEXT"]
    assert set(SCRIPTS) <= set(texts)
    if shutil.which("dsrdump"):
        ran = subprocess.run(["dsrdump", "-q", "+Pl", path], capture_output=True, check=True)
        said = ran.stdout.decode("utf-8")
        assert all(text in said for text in SCRIPTS[:8])
        assert ran.stderr == b""


@pytest.mark.parametrize("of", [report_on, lambda film: measured(report_on(film))])
def test_dcmtk_reads_them(of: object, film: Path, tmp_path: Path) -> None:
    if shutil.which("dsrdump") is None:
        pytest.skip("dsrdump is not installed (Debian: dcmtk)")
    report = of(film)  # type: ignore[operator] - either of the functions above
    path = tmp_path / "report.dcm"
    written(sign(accept_all(report), "Doe^Jane", NOW), film, path)
    ran = subprocess.run(["dsrdump", "-q", "+Pl", path], capture_output=True, check=True)
    assert b"The heart is enlarged." in ran.stdout
    assert ran.stderr == b""


def test_what_people_type_becomes_what_dicom_allows(film: Path, tmp_path: Path) -> None:
    typed = Section("H\x01" + "e" * 90, (Sentence("x\x00y\x1b z\r\nnext"),))
    template = Section("Findings", (Sentence("By a template.", Source("structured")),))
    report = replace(report_on(film), sections=(typed, template), summary=None)
    found = written(sign(report, "Jane Doe, MD", NOW), film, tmp_path / "typed.dcm")
    assert str(found.VerifyingObserverSequence[0].VerifyingObserverName) == "Jane Doe, MD^"
    assert found.ContentSequence[-2].ContentSequence[0].TextValue == "xy z\nnext"
    assert found.AuthorObserverSequence[1].ManufacturerModelName == "structured"


def test_pdf_inside(film: Path, tmp_path: Path) -> None:
    pdf = plain_pdf(["Report"])
    found = written(report_on(film), film, tmp_path / "pdf.dcm", pdf)
    assert found.EncapsulatedDocument[: found.EncapsulatedDocumentLength] == pdf
    assert found.VerificationFlag == "UNVERIFIED"
    assert found.SourceInstanceSequence[0].ReferencedSOPInstanceUID


def test_films_of_another_study_are_refused(film: Path, tmp_path: Path) -> None:
    report = replace(report_on(film), study_instance_uid="1.2.9")
    with pytest.raises(UsageError, match="another study"):
        write_report(ReportOrder(report, (str(film),), NOW, str(tmp_path / "x.dcm")))
    assert list(tmp_path.iterdir()) == []


def test_a_report_on_a_picture_that_is_no_object_stands_alone(tmp_path: Path) -> None:
    report = sign(
        accept_all(replace(drafted(), study_instance_uid="", films=(PNG,))), "Doe^Jane", NOW
    )
    who = Identity("Müller^Änne", "X1", "19700203", "F")
    made, studies = list[Dataset](), set[str]()
    for name, identity, pdf in (
        ("sr.dcm", who, b""), ("nobody.dcm", Identity(), b""), ("pdf.dcm", who, plain_pdf("A"))
    ):  # fmt: skip
        path = tmp_path / name
        write_report(ReportOrder(report, (), NOW, str(path), "", pdf, identity))
        checked = check_file(str(path))
        assert [one for one in checked.findings if one.severity is Severity.ERROR] == []
        assert [one for one in complaints(path) if "DICOMDIR" not in one] == []
        made.append(dcmread(path))
        studies.add(str(made[-1].StudyInstanceUID))
    assert len(studies) == 1
    assert str(made[0].PatientName) == "Müller^Änne"
    assert (made[0].PatientBirthDate, made[1].PatientID) == ("19700203", "")
    assert "CurrentRequestedProcedureEvidenceSequence" not in made[0]
    assert "SourceInstanceSequence" not in made[2]
    said = "\n".join(one.text for one in read_document(tmp_path / "sr.dcm").of_kind(Paragraph))
    assert f"SHA-256 of its pixel values: {'cd' * 32}" in said
    with pytest.raises(UsageError, match="another study"):
        write_report(ReportOrder(drafted(), (), NOW, str(tmp_path / "no.dcm")))
