"""What belongs to the angiography and is no picture: notes, key images, dose, report, ECG."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from xray_studio.core.content import Reference
from xray_studio.core.drawing import Label, Shape
from xray_studio.core.job import Job, Progress
from xray_studio.core.plain_pdf import plain_pdf
from xray_studio.core.presentation import Window
from xray_studio.core.shutter import Shutter
from xray_studio.core.state import GREY, Annotation, Area, Layer, PresentationState, Scoped
from xray_studio.dicom.write.dose import Irradiation, write_dose
from xray_studio.dicom.write.ecg import Electrocardiogram, write_ecg
from xray_studio.dicom.write.key_objects import KeyImage, Selection, write_key_objects
from xray_studio.dicom.write.objects import Code
from xray_studio.dicom.write.pdf import PdfDocument, write_pdf
from xray_studio.dicom.write.presentation import Making, write_presentation
from xray_studio.dicom.write.report import Evidence
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts
from xray_studio.dicom.write.text_report import Section, TextReport, write_text_report
from xray_studio.dicom.write.xa import XA_CLASS, event_uid
from xray_studio.imaging import phantom
from xray_studio.imaging.heartbeat import electrocardiogram
from xray_studio.services.demonstration import angiography
from xray_studio.services.demonstration.angiography import FOLDER, Recipe
from xray_studio.services.demonstration.patient import ANGIOGRAPHY, CARDIOGRAM, SEED

KEY_FRAMES = {3: (46,), 4: (40,), 8: (33,)}  # by run, from 0
SHOWN = 3  # run that has the presentation state
LAYER, YELLOW = "NOTES", (218, 214, 49)
ECG_RATE, ECG_SECONDS = 500.0, 10.0
ECG_FOLDER = "ecg"


def parts() -> list[tuple[float, Callable[[Path, int], Job[None]]]]:
    """Return how to write the documents, with about the seconds it takes."""
    return [(0.5, write_documents)]


def write_documents(folder: Path, size: int) -> Job[None]:
    """Write every document."""
    yield Progress(0, 4, "Making documents")
    for place in (FOLDER, ECG_FOLDER):
        (folder / place).mkdir(exist_ok=True)
    _write_state(folder / FOLDER / "notes.dcm", size)
    yield Progress(1, 4, "Making documents")
    _write_selection(folder / FOLDER / "key-images.dcm")
    yield Progress(2, 4, "Making documents")
    _write_dose(folder / FOLDER / "dose.dcm")
    yield Progress(3, 4, "Making documents")
    _write_report(folder / FOLDER / "report.dcm")
    _write_letter(folder / FOLDER / "letter.dcm")
    _write_ecg(folder / ECG_FOLDER / "resting.dcm")


def _after(minutes: int) -> datetime:
    return ANGIOGRAPHY.started + timedelta(minutes=minutes)


def _recipe(number: int) -> Recipe:
    return next(recipe for recipe in angiography.RECIPES if recipe.number == number)


def _image(number: int) -> Evidence:
    series = SeriesFacts("XA", number, "", ANGIOGRAPHY.started)
    return Evidence(XA_CLASS, series.instance_uid(ANGIOGRAPHY), series.uid(ANGIOGRAPHY))


def _frames(number: int) -> tuple[int, ...]:
    """Key frames of a run, as many as it has."""
    last = _recipe(number).frames - 1
    return tuple(min(frame, last) for frame in KEY_FRAMES[number])


def lesion(size: int) -> tuple[float, float]:
    """Column and row, from 0, of the narrowing in the key frame of the run with the notes."""
    recipe = _recipe(SHOWN)
    duration = (recipe.frames - 1) * recipe.frame_time / 1000.0
    scene = phantom.Scene(recipe.view.beam(size), SEED, recipe.number, duration, phantom.LESION)
    time = _frames(SHOWN)[0] * recipe.frame_time / 1000.0
    place = scene.narrowing(scene.moment(time))
    assert place is not None
    return place


def _write_state(path: Path, size: int) -> None:
    """Narrow window, the middle of the field, an arrow to the narrowing and a ring around it."""
    image, frames = _image(SHOWN), tuple(frame + 1 for frame in _frames(SHOWN))
    edge = max(1, size // 32)
    shutter = Shutter((edge, size - edge, edge, size - edge))
    state = PresentationState(
        GREY,
        "",
        label="LAD",
        description="Narrowing of the LAD",
        images=(Reference(image.instance, image.sop_class, image.series, frames=frames),),
        voi=(Scoped((Window(1350.0, 2100.0),)),),
        areas=(Scoped(Area((edge - 1.0, edge - 1.0, size - edge, size - edge))),),
        shutters=(Scoped(shutter),),
        layers=(Layer(LAYER, 1, YELLOW),),
        annotations=(Scoped(_notes(size)),),
    )
    series = SeriesFacts("PR", 20, "Notes on run 3", _after(26), "HEART")
    making = Making(_after(26), "Phantom^Studio")
    write_presentation(path, ANGIOGRAPHY, series, state, making)


def _notes(size: int) -> Annotation:
    column, row = (value + 0.5 for value in lesion(size))  # from the corner of the first pixel
    step = size / 512.0
    arrow = ((column + 78 * step, row - 66 * step), (column + 17 * step, row - 14 * step))
    ring = (
        (column - 16 * step, row), (column + 16 * step, row),
        (column, row - 16 * step), (column, row + 16 * step),
    )  # fmt: skip
    label = Label("LAD 65 %", anchor=(column + 82 * step, row - 70 * step))
    return Annotation(LAYER, (Shape("POLYLINE", arrow), Shape("ELLIPSE", ring)), (label,))


def _write_selection(path: Path) -> None:
    chosen = Selection(
        _key_images(),
        "Narrowing of the left anterior descending artery",
        _after(27),
    )
    series = SeriesFacts("KO", 21, "Key images", _after(27))
    write_key_objects(path, ANGIOGRAPHY, series, chosen)


def _write_dose(path: Path) -> None:
    events = tuple(_irradiation(recipe) for recipe in angiography.RECIPES)
    series = SeriesFacts("SR", 22, "Radiation dose", _after(30))
    write_dose(path, ANGIOGRAPHY, series, events, _after(30))


def _irradiation(recipe: Recipe) -> Irradiation:
    technique, view = recipe.technique, recipe.view
    return Irradiation(
        uid=event_uid(ANGIOGRAPHY, recipe.number),
        started=recipe.started,
        label=recipe.description,
        plane=recipe.plane,
        fluoroscopy=recipe.fluoroscopy,
        area_product=technique.area_product,
        kerma=recipe.kerma,
        frames=recipe.frames,
        frame_time=recipe.frame_time,
        pulse_width=technique.pulse_width,
        voltage=technique.peak_voltage,
        current=technique.tube_current,
        primary_angle=view.primary_angle,
        secondary_angle=view.secondary_angle,
        source_detector=view.source_detector,
        source_isocentre=view.source_patient,
        image=_image(recipe.number),
    )


TITLE: Code = ("18745-0", "LN", "Cardiac catheterization study")
SECTIONS = (
    Section(("121060", "DCM", "History"), ("121060", "DCM", "History"),
            "Angina on exertion. A phantom: no patient."),
    Section(("121070", "DCM", "Findings"), ("121071", "DCM", "Finding"),
            "Left coronary artery: narrowing of the left anterior descending artery of 65 % of its "
            "diameter, 54 mm beyond the ostium. The circumflex artery is without narrowing."),
    Section(("121076", "DCM", "Conclusions"), ("121077", "DCM", "Conclusion"),
            "One narrowing of the left anterior descending artery."),
)  # fmt: skip


def _key_images() -> tuple[KeyImage, ...]:
    return tuple(KeyImage(_image(number), _frames(number)) for number in KEY_FRAMES)


def _write_report(path: Path) -> None:
    report = TextReport(TITLE, "Phantom^Reader", _after(40), SECTIONS, _key_images())
    write_text_report(path, ANGIOGRAPHY, SeriesFacts("SR", 23, "Report", report.written), report)


def _write_letter(path: Path) -> None:
    """Write the same report as a page."""
    lines = [
        "Cardiac catheterization",
        "",
        f"{ANGIOGRAPHY.patient_name.replace('^', ', ')}, {ANGIOGRAPHY.patient_id}",
        f"{ANGIOGRAPHY.institution}, {ANGIOGRAPHY.started:%Y-%m-%d}",
    ]
    for section in SECTIONS:
        lines += ["", section.heading[2], *textwrap.wrap(section.words, 80)]
    paper = PdfDocument(plain_pdf(lines), "Cardiac catheterization", TITLE, _after(41))
    series = SeriesFacts("DOC", 24, "Letter", paper.written)
    write_pdf(path, ANGIOGRAPHY, series, paper)


def _write_ecg(path: Path) -> None:
    rng = np.random.default_rng([SEED, 61])
    intervals = 0.86 + rng.normal(0.0, 0.014, round(ECG_SECONDS) + 6)
    samples = electrocardiogram(np.cumsum(intervals) - 0.5, ECG_SECONDS, ECG_RATE, SEED)
    study: StudyFacts = CARDIOGRAM
    series = SeriesFacts("ECG", 1, "12 leads at rest", study.started)
    write_ecg(path, study, series, Electrocardiogram(samples, ECG_RATE, study.started))
