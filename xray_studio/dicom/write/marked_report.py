"""What a detector of the unusual found, as a Comprehensive SR (PS3.3 A.35.3; TID 1500, 1501)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ComprehensiveSRStorage

from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.values import text as value_of
from xray_studio.dicom.write import report_codes as codes
from xray_studio.dicom.write.content import (
    as_document,
    concept,
    container,
    image,
    number,
    shape,
    text,
    uid,
)
from xray_studio.dicom.write.derived import new_uid, rooted
from xray_studio.dicom.write.headers import as_evidence, beside, read_header, several_frames
from xray_studio.dicom.write.marked import Detector
from xray_studio.dicom.write.objects import MAKER, Code, save, uid_from
from xray_studio.dicom.write.report import evidence_of
from xray_studio.dicom.write.report_content import CONTEXT, MODIFIER, device_observer
from xray_studio.dicom.write.report_object import device_author
from xray_studio.dicom.write.text_report import ENGLISH, LANGUAGE

SERIES_NUMBER: Final = 9005
# The standard has no word for how unlike other pictures something is.
SCORE: Final[Code] = ("UNUSUAL-SCORE", "99XRAYSTUDIO", "Score of being unusual")
AREA: Final = codes.SIZES["ellipse"]


@dataclass(frozen=True, slots=True)
class MarkedRegion:
    """A region of frame `frame` (from 0): its border, (column, row), closed; area in pixels."""

    frame: int
    border: tuple[tuple[float, float], ...]
    area: int
    score: float
    words: str


@dataclass(frozen=True, slots=True)
class MarkedReport:
    """Scores of the frames of the image at `path`, in order, with regions and notes on them."""

    path: str
    scores: tuple[float, ...]
    outstanding: tuple[int, ...]
    regions: tuple[MarkedRegion, ...]
    notes: tuple[str, ...]
    detector: Detector
    made: datetime
    target: str
    uid_root: str = ""


def write_marked_report(order: MarkedReport) -> str:
    """Write the report for its owner alone, and return its SOP Instance UID.

    Nobody has verified it. Runs in a worker process. Raises UnreadableError or WriteError.
    """
    with lenient_pydicom(), rooted(order.uid_root):
        header = read_header(order.path)
        title = f"Unusual ({order.detector.name}), regions"[:64]
        made = beside(str(ComprehensiveSRStorage), [header], "SR", SERIES_NUMBER, title)
        made.update(_general(order))
        made.CurrentRequestedProcedureEvidenceSequence = evidence_of(
            value_of(header, "StudyInstanceUID"), [as_evidence(header)]
        )
        made.update(as_document(_root(order, header)))
        return save(made, Path(order.target), lambda: [(header, "")], private=True)


def _general(order: MarkedReport) -> Dataset:
    """Return the SR Document General module, all but evidence (PS3.3 C.17.2)."""
    part, asked = Dataset(), order.detector
    part.ReferencedPerformedProcedureStepSequence = Sequence([])
    part.ContentDate, part.ContentTime = f"{order.made:%Y%m%d}", f"{order.made:%H%M%S}"
    part.CompletionFlag, part.VerificationFlag = "PARTIAL", "UNVERIFIED"
    part.PreliminaryFlag = "PRELIMINARY"
    part.PerformedProcedureCodeSequence = Sequence([])
    known = device_author(_known(asked), f"{asked.name} {asked.version}")
    part.AuthorObserverSequence = Sequence([known])
    return part


def _known(asked: Detector) -> str:
    return uid_from(f"detector/{asked.name}/{asked.version}/{asked.sha256}")


def _root(order: MarkedReport, header: Dataset) -> Dataset:
    asked = order.detector
    name = f"{MAKER}, detector {asked.name} {asked.version}"
    return container(
        codes.MEASUREMENT_REPORT,
        concept(LANGUAGE, ENGLISH, relation=MODIFIER),
        *device_observer(_known(asked), name, asked.model, asked.sha256),
        concept(codes.PROCEDURE_REPORTED, codes.IMAGING, relation=MODIFIER),
        *(text(codes.COMMENT, note) for note in order.notes),
        container(codes.MEASUREMENTS, *_frames(order, header), *_regions(order, header)),
        template="1500",
    )


def _frames(order: MarkedReport, header: Dataset) -> Iterator[Dataset]:
    """Yield the score of each frame, and whether it stands out among those beside it."""
    for frame, score in enumerate(order.scores):
        on = _image(header, frame)
        on.RelationshipType = "INFERRED FROM"
        below = [on]
        if frame in order.outstanding:
            below.insert(0, text(codes.COMMENT, "This frame stands out.", "HAS PROPERTIES"))
        yield _group(order, f"Frame {frame + 1}", number(SCORE, score, "1", *below))


def _regions(order: MarkedReport, header: Dataset) -> Iterator[Dataset]:
    for place, one in enumerate(order.regions, start=1):
        told = text(codes.COMMENT, one.words, "HAS PROPERTIES")
        drawn = (shape("POLYLINE", one.border, _image(header, one.frame)) for _ in range(2))
        yield _group(
            order,
            f"Region {place}",
            number(SCORE, one.score, "1", told, next(drawn)),
            number(AREA, one.area, "{pixels2}", next(drawn)),
        )


def _group(order: MarkedReport, name: str, *measured: Dataset) -> Dataset:
    """Return a measurement group (TID 1501) with which detector measured it (TID 4019)."""
    asked = order.detector
    return container(
        codes.GROUP,
        text(codes.TRACKING, name, CONTEXT),
        uid(codes.TRACKING_UID, new_uid(), CONTEXT),
        text(codes.ALGORITHM, asked.name, MODIFIER),
        text(codes.ALGORITHM_VERSION, asked.version, MODIFIER),
        text(codes.ALGORITHM_PARAMETERS, asked.parameters, MODIFIER),
        *measured,
        template="1501",
    )


def _image(header: Dataset, frame: int) -> Dataset:
    frames = (frame,) if several_frames(header) else ()
    return image(str(header.SOPClassUID), str(header.SOPInstanceUID), frames)
