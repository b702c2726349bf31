"""Written loops, presentation states, reports and ECGs are valid and say what they were given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames

from tests.dicom.write.validator import complaints
from xray_studio.core.content import Reference
from xray_studio.core.drawing import Label, Shape
from xray_studio.core.lut import LookupTable, Rescale
from xray_studio.core.plain_pdf import plain_pdf
from xray_studio.core.presentation import VoiFunction, Window
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import GREY, Annotation, Area, Layer, PresentationState, Scoped
from xray_studio.dicom.states.read import read_state
from xray_studio.dicom.write.dose import Irradiation, write_dose
from xray_studio.dicom.write.ecg import Electrocardiogram, write_ecg
from xray_studio.dicom.write.key_objects import KeyImage, Selection, write_key_objects
from xray_studio.dicom.write.objects import uid_from
from xray_studio.dicom.write.pdf import PdfDocument, write_pdf
from xray_studio.dicom.write.presentation import Making, write_presentation
from xray_studio.dicom.write.report import Evidence
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts
from xray_studio.dicom.write.text_report import Section, TextReport, write_text_report
from xray_studio.dicom.write.us import UsLoop, write_us
from xray_studio.dicom.write.xa import XA_CLASS
from xray_studio.imaging.heartbeat import electrocardiogram

NOW = datetime(2026, 11, 20, 9, 41, 7, tzinfo=UTC)
STUDY = StudyFacts(
    uid=uid_from("test/documents"),
    patient_name="Phantom^Coronary",
    patient_id="DEMO-0001",
    birth_date=date(1961, 4, 12),
    sex="F",
    institution="Demonstration Hospital",
    description="Coronary angiography",
    started=NOW,
)
IMAGE = Evidence(XA_CLASS, "2.25.11", "2.25.12")
TITLE = ("18745-0", "LN", "Cardiac catheterization study")


def series(modality: str) -> SeriesFacts:
    body_part = "HEART" if modality == "PR" else ""  # else it is no attribute of the series
    return SeriesFacts(modality, 20, "Test", NOW, body_part)


def test_ultrasound(tmp_path: Path) -> None:
    path = tmp_path / "loop.dcm"
    frames = np.zeros((3, 48, 64, 3), np.uint8)
    frames[:, 8:40, 16:48] = (200, 120, 40)
    loop = UsLoop(frames, 1, "A4C", NOW, 33.333, 70, "A4C", (4, 2, 60, 46), 0.04, burnt_in=True)
    write_us(path, STUDY, loop)
    dataset = dcmread(path)
    assert dataset.BurnedInAnnotation == "YES"
    assert (dataset.PhotometricInterpretation, dataset.LossyImageCompression) == (
        "YBR_FULL_422",
        "01",
    )
    (region,) = dataset.SequenceOfUltrasoundRegions
    assert (region.RegionLocationMaxX1, region.PhysicalDeltaX) == (59, 0.04)
    first = next(generate_frames(dataset.PixelData, number_of_frames=3))
    assert imagecodecs.jpeg8_decode(first)[24, 32].astype(int) == pytest.approx(
        [200, 120, 40], abs=4
    )
    assert complaints(path) == []


def test_a_presentation_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "state.dcm"
    image = Reference(IMAGE.instance, XA_CLASS, IMAGE.series, STUDY.uid, (47, 48))
    one = (Reference(IMAGE.instance, XA_CLASS, frames=(47,)),)
    shapes = (
        Shape("POLYLINE", ((10.0, 20.0), (30.0, 40.0))),
        Shape("INTERPOLATED", ((1.0, 2.0), (3.5, 4.0), (1.0, 2.0)), filled=True),
        Shape("CIRCLE", ((0.25, 0.5), (0.25, 0.75)), of_display=True),
        Shape("POINT", ((7.0, 8.0),)),
    )
    labels = (
        Label("LAD\n65 %", anchor=(31.0, 41.0), line=True),
        Label("box", box=((1.0, 2.0), (9.0, 8.0)), justified="RIGHT"),
    )
    table = LookupTable(5, 16, np.array([0, 7, 65535], "<u2").tobytes(), "curve")
    state = PresentationState(
        GREY, SeriesFacts("PR", 20, "Test", NOW).instance_uid(STUDY), str(path), "DEMO-0001",
        "LAD", "Narrowing", "Reader^One", "2026-11-20 09:41:07", (image,),
        modality=Rescale(0.1, -1024.0, "HU"),
        voi=(Scoped((Window(1350.5, 2100.0, VoiFunction.SIGMOID),), one), Scoped((table,))),
        inverted=True, rotation=90, flip=True,
        areas=(Scoped(Area((4.0, 3.0, 400.0, 500.0)), one),),
        layers=(Layer("NOTES", 1, (218, 214, 49)), Layer("OVERLAYS", 2)),
        annotations=(Scoped(Annotation("NOTES", shapes, labels), one),),
        activated=((0x6000, "OVERLAYS"),),
        shutters=(Scoped(Shutter((16, 496, 17, 495), (9, 9, 300), ((1, 1), (1, 99), (98, 99)))),),
    )  # fmt: skip
    write_presentation(path, STUDY, series("PR"), state, Making(NOW, "Reader^One", 1.25))
    assert read_state(str(path)) == state
    assert list(dcmread(path).DisplayedAreaSelectionSequence[0].PresentationPixelAspectRatio) == [
        5, 4,
    ]  # fmt: skip
    assert complaints(path) == []


def test_key_objects(tmp_path: Path) -> None:
    path = tmp_path / "keys.dcm"
    chosen = Selection((KeyImage(IMAGE, (46,)),), "Narrowing", NOW)
    write_key_objects(path, STUDY, series("KO"), chosen)
    dataset = dcmread(path)
    assert dataset.ContentSequence[1].ReferencedSOPSequence[0].ReferencedFrameNumber == 47
    (evidence,) = dataset.CurrentRequestedProcedureEvidenceSequence
    named = evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert named.ReferencedSOPInstanceUID == IMAGE.instance
    assert complaints(path) == []


def irradiation(number: int, plane: str, *, fluoroscopy: bool) -> Irradiation:
    return Irradiation(
        f"2.25.10{number}", NOW + timedelta(minutes=number), "LCA", plane, fluoroscopy, 20.0, 0.03,
        60, 66.667, 7.0, 78.0, 620.0, -30.0, -20.0, 1050.0, 765.0, IMAGE,
    )  # fmt: skip


def numbers(item: Dataset, code: str) -> list[float]:
    """All values of a concept below an item."""
    found = []
    for child in item.get("ContentSequence", ()):
        names = child.get("ConceptNameCodeSequence")
        if names and names[0].CodeValue == code and child.ValueType == "NUM":
            found.append(float(child.MeasuredValueSequence[0].NumericValue))
        found += numbers(child, code)
    return found


def test_totals_of_a_dose_report_are_sums_of_its_events(tmp_path: Path) -> None:
    path = tmp_path / "dose.dcm"
    events = tuple(
        irradiation(number, plane, fluoroscopy=number == 3)
        for number, plane in enumerate(("", "A", "B", ""))
    )
    write_dose(path, STUDY, series("SR"), events, NOW)
    dataset = dcmread(path)
    assert numbers(dataset, "122130") == pytest.approx([20e-5] * 4)
    assert numbers(dataset, "113722") == pytest.approx([40e-5, 20e-5, 20e-5])
    assert numbers(dataset, "113730") == pytest.approx([4.00002, 0.0, 0.0])
    assert sum(numbers(dataset, "113725")) == pytest.approx(4 * 0.03)
    assert complaints(path) == []


def test_text_report(tmp_path: Path) -> None:
    path = tmp_path / "report.dcm"
    section = Section(("121070", "DCM", "Findings"), ("121071", "DCM", "Finding"), "One narrowing.")
    report = TextReport(TITLE, "Phantom^Reader", NOW, (section,), (KeyImage(IMAGE, (46,)),))
    write_text_report(path, STUDY, series("SR"), report)
    content = dcmread(path).ContentSequence
    assert content[3].ContentSequence[0].TextValue == "One narrowing."
    assert complaints(path) == []


def test_encapsulated_page(tmp_path: Path) -> None:
    path = tmp_path / "letter.dcm"
    page = plain_pdf(["Heading", "A line (with brackets)"])
    write_pdf(path, STUDY, series("DOC"), PdfDocument(page, "Heading", TITLE, NOW))
    dataset = dcmread(path)
    length = dataset.EncapsulatedDocumentLength
    assert dataset.EncapsulatedDocument[:length] == page
    assert complaints(path) == []


def test_electrocardiogram(tmp_path: Path) -> None:
    path = tmp_path / "ecg.dcm"
    samples = electrocardiogram(np.array([0.5, 1.35, 2.2]), 3.0, 500.0)
    write_ecg(path, STUDY, series("ECG"), Electrocardiogram(samples, 500.0, NOW))
    dataset = dcmread(path)
    (group,) = dataset.WaveformSequence
    assert (group.NumberOfWaveformChannels, group.NumberOfWaveformSamples) == (12, 1500)
    assert dataset.waveform_array(0) == pytest.approx(samples, abs=1.3)
    assert complaints(path) == []
