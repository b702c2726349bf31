"""Structured reports as text, compared with dsrdump where it is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from tests.dicom.documents.reports import coded, evidence, image, item, num, report, save
from xray_studio.core.document import Document, Heading, Paragraph
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.dicom.documents.read import read_document
from xray_studio.dicom.documents.sr import TOO_LARGE

DSRDUMP = ("dsrdump", "-Er", "-Ev", "-Ec", "-Ee", "+U8", "-Dv", "+Pl")
DRAWN = "line from (10, 20) to (40, 60), 50 pixels long"
FINDING = coded("121071", "Finding")


def lines(document: Document) -> list[str]:
    found = []
    for block in document.blocks:
        if isinstance(block, Heading):
            found.append("#" * block.level + " " + block.text)
        elif isinstance(block, Paragraph):
            words = ": ".join(filter(None, (block.label, block.text)))
            found.append("  " * block.indent + " ".join(filter(None, (block.relation, words))))
    return found


def read(data: Dataset, tmp_path: Path, syntax: str = "1.2.840.10008.1.2.1") -> Document:
    return read_document(str(save(data, tmp_path / "report.dcm", syntax)))


def measured() -> Dataset:
    """A measurement report of the kind of TID 1500: a length on frame 7 of a run."""
    drawn = item(
        "SCOORD",
        coded("121055", "Path"),
        image("1.9", 7, relation="SELECTED FROM"),
        relation="INFERRED FROM",
        GraphicType="POLYLINE",
        GraphicData=[10.0, 20.0, 40.0, 60.0],
    )
    length = num(coded("410668003", "Length", "SCT"), "12.5", "mm", drawn)
    group = item("CONTAINER", coded("125007", "Measurement Group"), length)
    language = item(
        "CODE",
        coded("121049", "Language of Content Item and Descendants"),
        relation="HAS CONCEPT MOD",
        ConceptCodeSequence=Sequence([coded("de", "German", "RFC5646")]),
    )
    observer = item(
        "PNAME", coded("121008", "Person Observer Name"), relation="HAS OBS CONTEXT",
        PersonName="Vermeer^Anna^^Dr.",
    )  # fmt: skip
    subject = item(
        "PNAME", coded("121029", "Subject Name"), relation="HAS OBS CONTEXT", PersonName="Doe^Jane"
    )
    text = item("TEXT", FINDING, TextValue="Stenosis of the LAD.\r\nNo other.", relation="CONTAINS")
    by_reference = Dataset()
    by_reference.RelationshipType = "INFERRED FROM"
    by_reference.ReferencedContentItemIdentifier = [1, 4, 1]
    text.ContentSequence = Sequence([by_reference])
    findings = item("CONTAINER", coded("121070", "Findings"), text)
    return report(
        coded("126000", "Imaging Measurement Report"), language, observer, subject, group, findings,
        CurrentRequestedProcedureEvidenceSequence=evidence("1.9"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "syntax", ["1.2.840.10008.1.2.1", ImplicitVRLittleEndian, ExplicitVRBigEndian]
)
def test_a_measurement_report_reads_as_text_with_links(tmp_path: Path, syntax: str) -> None:
    document = read(measured(), tmp_path, syntax)
    assert document.title == "Imaging Measurement Report"
    assert lines(document) == [
        "Subject Name: Doe, Jane",
        "# Measurement Group",
        "Length: 12.5 mm",
        f"  inferred from Path: {DRAWN}, on X-Ray Angiographic Image, frame 7",
        "# Findings",
        "Finding: Stenosis of the LAD.\nNo other.",
        "  inferred from Length: 12.5 mm",
    ]
    facts = dict(document.facts)
    assert (facts["Language"], facts["Observer"]) == ("German", "Vermeer, Anna")
    assert (facts["Completion"], facts["Written"]) == ("Complete", "2026-11-20 09:41:07")
    (target,) = document.references()
    assert (target.sop_instance_uid, target.frames) == ("1.9", (7,))
    assert (target.series_instance_uid, target.study_instance_uid) == ("1.2.3.1", "1.2.3")


def test_what_names_the_patient_is_marked(tmp_path: Path) -> None:
    document = read(measured(), tmp_path)
    marked = [block.label for block in document.of_kind(Paragraph) if block.identity]
    assert marked == ["Subject Name"]


def test_verification_completion_and_predecessors(tmp_path: Path) -> None:
    data = report(FINDING, item("TEXT", FINDING, TextValue="x"))
    verifier = Dataset()
    verifier.VerifyingObserverName, verifier.VerifyingOrganization = "Roe^Max", "Clinic"
    verifier.VerificationDateTime = "20261121101500+0100"
    data.VerifyingObserverSequence = Sequence([verifier])
    data.VerificationFlag, data.PreliminaryFlag = "VERIFIED", "FINAL"
    data.PredecessorDocumentsSequence = evidence("1.1", "1.2")
    facts = dict(read(data, tmp_path).facts)
    assert facts["Verified by"] == "Roe, Max, Clinic, 2026-11-21 10:15:00 UTC+0100"
    assert (facts["Verification"], facts["State"]) == ("Verified", "Final")
    assert facts["Replaces"] == "2 earlier documents"


def test_a_number_without_value_says_why(tmp_path: Path) -> None:
    why = Sequence([coded("114006", "Measurement failure")])
    nothing = item("NUM", FINDING, NumericValueQualifierCodeSequence=why)
    exact = num(FINDING, "3.14159265", "1")
    exact.MeasuredValueSequence[0].FloatingPointValue = 3.141592653589793
    document = read(report(FINDING, nothing, exact), tmp_path)
    assert lines(document) == ["Finding: Measurement failure", "Finding: 3.14159265"]
    assert document.content is not None
    assert document.content.children[1].number == 3.141592653589793


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("POINT", [3.5, 4], "point (3.5, 4)"),
        ("CIRCLE", [10, 10, 13, 14], "circle around (10, 10), radius 5 pixels"),
        ("ELLIPSE", [0, 5, 20, 5, 10, 0, 10, 10], "ellipse around (10, 5), axes 20 and 10 pixels"),
        ("POLYLINE", [0, 0, 4, 0, 4, 4, 0, 4, 0, 0], "closed outline of 4 points"),
        ("MULTIPOINT", [0, 0, 4, 0], "points (0, 0), (4, 0)"),
        ("POLYLINE", list(range(20)), "line of 10 points"),
        ("CIRCLE", [1], "circle"),
    ],
)
def test_shapes_in_words(tmp_path: Path, kind: str, data: list[float], words: str) -> None:
    drawn = item("SCOORD", FINDING, GraphicType=kind, GraphicData=data)
    assert lines(read(report(FINDING, drawn), tmp_path)) == [f"Finding: {words}"]


def test_a_reference_to_nowhere_is_told(tmp_path: Path) -> None:
    lost = Dataset()
    lost.RelationshipType, lost.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 9]
    text = item("TEXT", FINDING, TextValue="x")
    text.ContentSequence = Sequence([lost])
    assert lines(read(report(FINDING, text), tmp_path))[1] == (
        "  inferred from item 1.9, which is not there"
    )


def test_control_characters_never_reach_the_reader(tmp_path: Path) -> None:
    data = report(FINDING, item("TEXT", FINDING, TextValue="a\x1b[2Jb\x07\u202ec"))
    assert lines(read(data, tmp_path)) == ["Finding: a[2Jbc"]


def test_a_report_without_end_is_cut_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xray_studio.dicom.documents.content.MOST_ITEMS", 5)
    data = report(FINDING, *(item("TEXT", FINDING, TextValue=str(n)) for n in range(9)))
    document = read(data, tmp_path)
    assert (len(document.blocks), document.warnings) == (5, (TOO_LARGE,))


def test_what_is_no_document_or_damaged_is_refused(tmp_path: Path) -> None:
    path = save(measured(), tmp_path / "report.dcm")
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    with pytest.raises(UnreadableError, match="damaged"):
        read_document(str(path))
    with pytest.raises(UnsupportedError, match="not a document"):
        read_document(str(get_testdata_file("rtplan.dcm")))
    with pytest.raises(UnreadableError, match="not a DICOM file"):
        read_document(__file__)


@pytest.mark.skipif(shutil.which("dsrdump") is None, reason="dsrdump (DCMTK) is not installed")
@pytest.mark.parametrize("name", ["test-SR.dcm", "reportsi.dcm"])
def test_every_item_that_dsrdump_lists_is_there(name: str) -> None:
    path = str(get_testdata_file(name))
    listed = subprocess.run([*DSRDUMP, path], capture_output=True, check=True).stdout
    known = ("TEXT", "NUM", "CODE", "UIDREF", "IMAGE", "COMPOSITE", "WAVEFORM", "DATE", "TIME",
             "DATETIME", "PNAME", "SCOORD", "TCOORD", "CONTAINER")  # fmt: skip
    starts = [line.strip() for line in listed.decode().splitlines()]
    counted = {
        kind: sum(f" {kind}:" in s or s.startswith(f"<{kind}:") for s in starts) for kind in known
    }
    content = read_document(path).content
    assert content is not None
    ours = [one.value_type for one in content.walk()]
    assert {kind: ours.count(kind) for kind in known} == counted
