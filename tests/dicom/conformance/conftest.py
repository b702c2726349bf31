"""One small object of every kind that the program writes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from xray_studio.core.content import Reference
from xray_studio.core.drawing import Label, Shape
from xray_studio.core.plain_pdf import plain_pdf
from xray_studio.core.presentation import Window
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import GREY, Annotation, Area, Layer, PresentationState, Scoped
from xray_studio.dicom.write.ct import CT_CLASS, CtSeries, CtSlice, frame_of_reference, write_ct
from xray_studio.dicom.write.dose import Irradiation, write_dose
from xray_studio.dicom.write.dx import Radiograph, write_dx
from xray_studio.dicom.write.ecg import Electrocardiogram, write_ecg
from xray_studio.dicom.write.key_objects import KeyImage, Selection, write_key_objects
from xray_studio.dicom.write.objects import uid_from
from xray_studio.dicom.write.pdf import PdfDocument, write_pdf
from xray_studio.dicom.write.presentation import Making, write_presentation
from xray_studio.dicom.write.report import Evidence
from xray_studio.dicom.write.seg import Geometry, Mask, Subject, write_seg
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts
from xray_studio.dicom.write.text_report import Section, TextReport, write_text_report
from xray_studio.dicom.write.us import UsLoop, write_us
from xray_studio.dicom.write.xa import XA_CLASS, XaGeometry, XaRun, write_xa
from xray_studio.imaging.heartbeat import electrocardiogram

NOW = datetime(2026, 11, 20, 9, 41, 7, tzinfo=UTC)
STUDY = StudyFacts(
    uid=uid_from("test/conformance"),
    patient_name="Phantom^Coronary",
    patient_id="DEMO-0001",
    birth_date=date(1961, 4, 12),
    sex="F",
    institution="Demonstration Hospital",
    description="Everything",
    started=NOW,
)
IMAGE = Evidence(XA_CLASS, "2.25.11", "2.25.12")
TITLE = ("18745-0", "LN", "Cardiac catheterization study")
KINDS = ("xa", "dx", "ct", "us", "seg", "pr", "ko", "dose", "report", "pdf", "ecg")
RNG = np.random.default_rng(3)


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file for each of KINDS."""
    folder = tmp_path_factory.mktemp("kinds")
    _write_images(folder)
    _write_documents(folder)
    return folder


def series(modality: str) -> SeriesFacts:
    return SeriesFacts(modality, 20, "Test", NOW, "HEART" if modality in {"PR", "SEG"} else "")


def _write_images(folder: Path) -> None:
    frames = RNG.integers(0, 4096, (8, 40, 48), dtype=np.uint16)
    turned = ((0.866, -0.5, 0.0), (0.17, 0.30, -0.94))
    geometry = XaGeometry(-30.0, -20.0, 1050.0, 765.0, 0.34, turned, (3, 46, 2, 39))
    run = XaRun(frames, 3, "LCA", NOW, geometry, (1800.0, 3500.0), mask_frames=(1, 2, 3))
    write_xa(folder / "xa.dcm", STUDY, run)
    film = Radiograph(frames[0], 1, "PA", NOW, "PA", 0.18, 1800.0, 1620.0, (2048.0, 4096.0))
    write_dx(folder / "dx.dcm", STUDY, film)
    slices = CtSeries(2, "Chest", NOW, ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), 0.9, 2.5, 0.0)
    values = RNG.integers(-1024, 3000, (24, 32)).astype(np.int16)
    write_ct(folder / "ct.dcm", STUDY, slices, CtSlice(values, 1, (0.0, 0.0, 2.5), 2.5))
    colours = np.zeros((3, 48, 64, 3), np.uint8)
    loop = UsLoop(colours, 1, "A4C", NOW, 33.3, 70, "A4C", (4, 2, 60, 46), 0.04, burnt_in=True)
    write_us(folder / "us.dcm", STUDY, loop)
    places = tuple((0.0, 0.0, 2.5 * number) for number in range(3))
    where = Geometry(frame_of_reference(STUDY), slices.orientation, (0.9, 0.9), 2.5, places)
    images = tuple(slices.series.instance_uid(STUDY, number) for number in (1, 2, 3))
    area = RNG.random((3, 24, 31)) > 0.5
    codes = ("27925004", "SCT", "Nodule"), ("39607008", "SCT", "Lung")
    mask = Mask(
        area, images, CT_CLASS, slices.series.uid(STUDY), (Subject("Nodule", *codes),), where
    )
    write_seg(folder / "seg.dcm", STUDY, series("SEG"), mask)


def _write_documents(folder: Path) -> None:
    note = Annotation("NOTES", (Shape("POLYLINE", ((10.0, 20.0), (30.0, 40.0))),),
                      (Label("LAD", anchor=(31.0, 41.0)),))  # fmt: skip
    state = PresentationState(
        GREY, "", label="LAD", description="Narrowing",
        images=(Reference(IMAGE.instance, XA_CLASS, IMAGE.series, frames=(46,)),),
        voi=(Scoped((Window(1350.0, 2100.0),)),), rotation=90, flip=True,
        areas=(Scoped(Area((0.0, 0.0, 512.0, 512.0))),),
        shutters=(Scoped(Shutter((16, 496, 16, 496))),),
        layers=(Layer("NOTES", 1),), annotations=(Scoped(note),),
    )  # fmt: skip
    write_presentation(folder / "pr.dcm", STUDY, series("PR"), state, Making(NOW, "Phantom^Reader"))
    chosen = Selection((KeyImage(IMAGE, (46,)),), "Narrowing", NOW)
    write_key_objects(folder / "ko.dcm", STUDY, series("KO"), chosen)
    event = Irradiation("2.25.101", NOW, "LCA", "", False, 20.0, 0.03, 60, 66.667, 7.0, 78.0,
                        620.0, -30.0, -20.0, 1050.0, 765.0, IMAGE)  # fmt: skip
    write_dose(folder / "dose.dcm", STUDY, series("SR"), (event,), NOW)
    section = Section(("121070", "DCM", "Findings"), ("121071", "DCM", "Finding"), "Narrow.")
    text = TextReport(TITLE, "Phantom^Reader", NOW, (section,), (KeyImage(IMAGE, (46,)),))
    write_text_report(folder / "report.dcm", STUDY, series("SR"), text)
    page = PdfDocument(plain_pdf(["Heading", "A line"]), "Heading", TITLE, NOW)
    write_pdf(folder / "pdf.dcm", STUDY, series("DOC"), page)
    samples = electrocardiogram(np.array([0.5, 1.35, 2.2]), 3.0, 500.0)
    write_ecg(folder / "ecg.dcm", STUDY, series("ECG"), Electrocardiogram(samples, 500.0, NOW))
