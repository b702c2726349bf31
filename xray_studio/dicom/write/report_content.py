"""What a report says as content items: sections, who observed, measurements (TID 2000, 1500)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unicodedata import category

from pydicom import Dataset

from xray_studio.core.report.report import Measured, Report, Section
from xray_studio.core.report.sentence import Review, Sentence, Source
from xray_studio.core.report.words import ai_line
from xray_studio.dicom.write import report_codes as codes
from xray_studio.dicom.write.content import (
    concept,
    container,
    number,
    person,
    shape,
    text,
    uid,
)
from xray_studio.dicom.write.objects import MAKER, Code, uid_from
from xray_studio.dicom.write.text_report import ENGLISH, LANGUAGE, OBSERVER, OBSERVER_KIND, PERSON

NO_OBJECT = "The picture is no DICOM object. SHA-256 of its pixel values"
CONTEXT, MODIFIER = "HAS OBS CONTEXT", "HAS CONCEPT MOD"
# Names an image by SOP Instance UID and frame (from 0), None for one that is not among the files.
Named = Callable[[str, int], Dataset | None]


def root_of(report: Report, named: Named) -> Dataset:
    """Return the content: TID 1500 where something is measured, else TID 2000 (PS3.16)."""
    measured = [group for one in report.measurements for group in _group(report, one, named)]
    title = codes.MEASUREMENT_REPORT if measured else codes.IMAGING_REPORT
    parts = [
        concept(LANGUAGE, _language(report), relation=MODIFIER),
        *_observers(report),
        *_procedure(measured),
        *_told(report),
        *(_section(one) for one in report.sections if one.sentences),
        *([container(codes.MEASUREMENTS, *measured)] if measured else []),
        *_pictures(report, named),
    ]
    return container(title, *parts, template="1500" if measured else "2000")


def observer_uid(source: Source) -> str:
    """Return the UID of an engine with its model as a device (TID 1004)."""
    model = source.model
    return uid_from(f"engine/{source.engine}/{model.sha256 if model else ''}")


def person_name(name: str) -> str:
    """Return a name as a PN value holds it; one without parts counts as a family name."""
    plain = _allowed(" ".join(name.replace("\\", " ").replace("=", " ").split()))[:63]
    return plain if "^" in plain else f"{plain}^"


def _language(report: Report) -> Code:
    """Return English where words of an engine stand, which are; else nobody knows."""
    own = [one for _, one in report.each() if one.source and one.review is not Review.CHANGED]
    return ENGLISH if own else codes.UNDETERMINED


def _observers(report: Report) -> Iterator[Dataset]:
    if report.signature is not None:
        yield concept(OBSERVER_KIND, PERSON, relation=CONTEXT)
        yield person(OBSERVER, person_name(report.signature.name), CONTEXT)
    sources = [one.source for _, one in report.each() if one.source is not None]
    for source in dict.fromkeys(sources):
        yield from _device(source)


def _device(source: Source) -> Iterator[Dataset]:
    """Yield the engine as a device that observes: model, version and hash of its weights."""
    model = source.model
    told = (f"{model.name} {model.version}", model.sha256) if model else ("", "")
    yield from device_observer(observer_uid(source), f"{MAKER}, engine {source.engine}", *told)


def device_observer(known: str, name: str, model: str, serial: str) -> Iterator[Dataset]:
    """Yield a device that observes (TID 1004): its UID, name, model and what tells that apart."""
    yield concept(OBSERVER_KIND, codes.DEVICE, relation=CONTEXT)
    yield uid(codes.DEVICE_UID, known, CONTEXT)
    yield text(codes.DEVICE_NAME, name, CONTEXT)
    yield text(codes.DEVICE_MAKER, MAKER, CONTEXT)
    if model:
        yield text(codes.DEVICE_MODEL, model, CONTEXT)
    if serial:
        yield text(codes.DEVICE_SERIAL, serial, CONTEXT)


def _procedure(measured: list[Dataset]) -> Iterator[Dataset]:
    if measured:
        yield concept(codes.PROCEDURE_REPORTED, codes.IMAGING, relation=MODIFIER)


def _told(report: Report) -> Iterator[Dataset]:
    """Yield what a model has to do with the report, and its summary."""
    notes = [ai_line(report), *(report.provenance.notes if report.provenance else ())]
    yield from (text(codes.COMMENT, note) for note in notes if note)
    for film in report.films:
        if not film.sop_instance_uid:
            yield text(codes.COMMENT, f"{NO_OBJECT}: {film.pixels_sha256}")
    if report.summary is not None:
        yield container(codes.SUMMARY, _sentence(codes.CONCLUSION, report.summary))


def _section(section: Section) -> Dataset:
    element = codes.element_code(section.heading)
    each = (_sentence(element, one) for one in section.sentences)
    return container(codes.heading_code(section.heading), *each)


def _sentence(name: Code, one: Sentence) -> Dataset:
    return text(name, _allowed(one.text), "CONTAINS", *_algorithm(one))


def _allowed(words: str) -> str:
    """Return text without the control characters that UT may not hold (PS3.5 6.2)."""
    return "".join(one for one in words if one in "\n\t" or category(one) != "Cc") or " "


def _algorithm(one: Sentence) -> Iterator[Dataset]:
    """Yield which model wrote a sentence, how sure it is, and what a person made of it (TID 4019).

    Numbers stand in text, since Basic Text has no others.
    """
    if one.source is None or one.source.model is None:
        return
    model = one.source.model
    told = [f"review: {one.review}", f"model SHA-256: {model.sha256}"]
    if one.probability is not None:
        of = f" of {one.finding}" if one.finding else ""
        told.append(f"probability{of}: {one.probability:.3f}")
    yield text(codes.ALGORITHM, f"{one.source.engine} / {model.name}", MODIFIER)
    yield text(codes.ALGORITHM_VERSION, model.version, MODIFIER)
    yield text(codes.ALGORITHM_PARAMETERS, "; ".join(told), MODIFIER)


def _group(report: Report, one: Measured, named: Named) -> Iterator[Dataset]:
    """Yield a measurement with its shape on its image (TID 1501), where there is a number."""
    image = named(one.sop_instance_uid, one.frame)
    unit = codes.UNITS.get(one.unit)
    if image is None or one.size is None or unit is None or one.kind not in codes.SIZES:
        return
    told = text(codes.COMMENT, _allowed(one.words), "HAS PROPERTIES")
    place = shape(*_drawn(one), image)
    tracked = uid_from(f"report/{report.identifier}/{one.name}/{one.points}")
    yield container(
        codes.GROUP,
        text(codes.TRACKING, _allowed(one.name), CONTEXT),
        uid(codes.TRACKING_UID, tracked, CONTEXT),
        number(codes.SIZES[one.kind], one.size, unit, told, place),
        template="1501",
    )


def _drawn(one: Measured) -> tuple[str, list[tuple[float, float]]]:
    """Return the graphic type of a mark and its points: the axes of an ellipse, longer first."""
    if one.kind == "outline":
        return "POLYLINE", [*one.points, one.points[0]]
    if one.kind != "ellipse":
        return "POLYLINE", list(one.points)
    (x0, y0), (x1, y1) = one.points
    across = [(min(x0, x1), (y0 + y1) / 2), (max(x0, x1), (y0 + y1) / 2)]
    down = [((x0 + x1) / 2, min(y0, y1)), ((x0 + x1) / 2, max(y0, y1))]
    axes = across + down if abs(x1 - x0) >= abs(y1 - y0) else down + across
    return "ELLIPSE", axes


def _pictures(report: Report, named: Named) -> Iterator[Dataset]:
    each = list[Dataset]()
    for one in report.key_pictures:
        image = named(one.sop_instance_uid, one.frame)
        if image is None:
            continue
        each.append(image)
        if one.caption:
            each.append(text(codes.DESCRIPTION, _allowed(one.caption)))
    if each:
        yield container(codes.KEY_IMAGES, *each)
