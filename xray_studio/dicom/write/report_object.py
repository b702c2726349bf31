"""Reports as DICOM objects beside their films: structured reports and encapsulated PDF documents.

One on pictures that are no DICOM objects stands alone, in a study of its own that all its versions
share: it refers to no image, and names the patient whom a person named, or none (type 2).

Basic Text SR (PS3.3 A.35.1) where there is text alone, Comprehensive SR (A.35.3) where something
is measured, Encapsulated PDF (A.45.1). What is signed is complete, verified and final; every object
of a report is a new one, and names those before it as its predecessors (C.17.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from pydicom.uid import BasicTextSRStorage, ComprehensiveSRStorage, EncapsulatedPDFStorage

from xray_studio.core.clip import Identity
from xray_studio.core.errors import UsageError
from xray_studio.core.report.report import Report, Sent, Signature
from xray_studio.core.report.sentence import Source
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.write.content import as_document, image
from xray_studio.dicom.write.derived import rooted
from xray_studio.dicom.write.headers import (
    as_evidence,
    beside,
    one_study,
    read_header,
    several_frames,
)
from xray_studio.dicom.write.objects import CHARACTER_SET, MAKER, save, uid_from
from xray_studio.dicom.write.pdf import PdfDocument, document_module
from xray_studio.dicom.write.report import Evidence, evidence_of
from xray_studio.dicom.write.report_codes import IMAGING_REPORT
from xray_studio.dicom.write.report_content import observer_uid, person_name, root_of

SERIES_NUMBER, PDF_NUMBER = 9002, 9003  # behind those of the devices
SEVERAL_STUDIES = "A report is of one study; name films of one."
OTHER_STUDY = "These films are of another study than the report; name those that it is about."
NO_ORGANISATION = "Not stated"  # Verifying Organization may not be empty
TITLE = "Report"
_STRUCTURED = frozenset(map(str, (BasicTextSRStorage, ComprehensiveSRStorage)))


@dataclass(frozen=True)
class ReportOrder:
    """A report with the files of its films, when it is written and where.

    With `pdf`, its bytes, it becomes an encapsulated document. Without files the report is on
    pictures that are no DICOM objects, and `identity` tells whose they are.
    """

    report: Report
    files: tuple[str, ...]
    written: datetime
    target: str
    uid_root: str = ""
    pdf: bytes = b""
    identity: Identity = field(default_factory=Identity)


def write_report(order: ReportOrder) -> Sent:
    """Write a report beside its films, and return which object it became.

    Runs in a worker process. Raises UnreadableError, UsageError (films of other studies) or
    WriteError.
    """
    with lenient_pydicom(), rooted(order.uid_root):
        headers = [read_header(path) for path in order.files]
        study = one_study(headers, SEVERAL_STUDIES) if headers else own_study(order.report)
        if order.report.study_instance_uid not in {study, ""}:
            raise UsageError(OTHER_STUDY)
        made = _encapsulated(order, headers) if order.pdf else _structured(order, study, headers)
        sources = [(header, "") for header in headers]
        save(made, Path(order.target), lambda: sources, private=True)
        series = str(made.SeriesInstanceUID)
        return Sent(str(made.SOPClassUID), str(made.SOPInstanceUID), series, study)


def own_study(report: Report) -> str:
    """Return the Study Instance UID of a report on pictures that are no DICOM objects."""
    return uid_from(f"report/{report.identifier}/study")


def _patient_and_study(order: ReportOrder) -> Dataset:
    """Return what films would tell of patient and study, where there are none."""
    who, found = order.identity, Dataset()
    found.SpecificCharacterSet = CHARACTER_SET
    found.PatientName, found.PatientID = who.patient_name, who.patient_id
    found.PatientBirthDate, found.PatientSex = who.birth_date, who.sex
    found.AccessionNumber = who.accession_number
    found.StudyInstanceUID = own_study(order.report)
    return found


def _structured(order: ReportOrder, study: str, headers: list[Dataset]) -> FileDataset:
    report, known = order.report, {str(one.SOPInstanceUID): one for one in headers}

    def named(uid: str, frame: int) -> Dataset | None:
        header = known.get(uid)
        if header is None:
            return None
        frames = (frame,) if several_frames(header) else ()
        return image(str(header.SOPClassUID), uid, frames)

    root = root_of(report, named)
    measured = root.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    sop_class = ComprehensiveSRStorage if measured else BasicTextSRStorage
    whose = headers or [_patient_and_study(order)]
    made = beside(str(sop_class), whose, "SR", SERIES_NUMBER, _title(report))
    made.ReferencedPerformedProcedureStepSequence = Sequence([])
    made.update(_general(order))
    if headers:
        made.CurrentRequestedProcedureEvidenceSequence = evidence_of(
            study, [as_evidence(header) for header in headers]
        )
    made.update(as_document(root))
    return made


def _encapsulated(order: ReportOrder, headers: list[Dataset]) -> FileDataset:
    title = _title(order.report)
    whose = headers or [_patient_and_study(order)]
    made = beside(str(EncapsulatedPDFStorage), whose, "DOC", PDF_NUMBER, title)
    made.ConversionType = "WSD"
    paper = PdfDocument(order.pdf, title, IMAGING_REPORT, order.written)
    made.update(document_module(paper))
    made.VerificationFlag = "VERIFIED" if order.report.is_signed else "UNVERIFIED"
    if headers:
        made.SourceInstanceSequence = Sequence([_source(header) for header in headers])
    return made


def _source(header: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = header.SOPClassUID
    item.ReferencedSOPInstanceUID = header.SOPInstanceUID
    return item


def _title(report: Report) -> str:
    return TITLE if report.is_signed else f"{TITLE} (draft)"


def _general(order: ReportOrder) -> Dataset:
    """Return the SR Document General module, all but evidence (PS3.3 C.17.2)."""
    report, part = order.report, Dataset()
    part.ContentDate = f"{order.written:%Y%m%d}"
    part.ContentTime = f"{order.written:%H%M%S}"
    signed = report.signature is not None
    part.CompletionFlag = "COMPLETE" if signed else "PARTIAL"
    part.VerificationFlag = "VERIFIED" if signed else "UNVERIFIED"
    part.PreliminaryFlag = "FINAL" if signed else "PRELIMINARY"
    if report.signature is not None:
        part.VerifyingObserverSequence = Sequence([_verifying(report.signature)])
    authors = list(_authors(report))
    if authors:
        part.AuthorObserverSequence = Sequence(authors)
    part.PerformedProcedureCodeSequence = Sequence([])
    before = [one for one in report.objects if one.sop_class_uid in _STRUCTURED]
    if before:
        part.PredecessorDocumentsSequence = _predecessor(before[-1])
    return part


def _verifying(signature: Signature) -> Dataset:
    item = Dataset()
    item.VerifyingObserverName = person_name(signature.name)
    item.VerifyingObserverIdentificationCodeSequence = Sequence([])
    item.VerifyingOrganization = (signature.organisation or NO_ORGANISATION)[:64]
    item.VerificationDateTime = f"{signature.time:%Y%m%d%H%M%S%z}"
    return item


def _authors(report: Report) -> list[Dataset]:
    sources = [one.source for _, one in report.each() if one.source is not None]
    devices = [_device_author(source) for source in dict.fromkeys(sources)]
    if report.signature is None:
        return devices
    item = Dataset()
    item.ObserverType = "PSN"
    item.PersonName = person_name(report.signature.name)
    item.PersonIdentificationCodeSequence = Sequence([])
    item.InstitutionName = report.signature.organisation[:64]
    item.InstitutionCodeSequence = Sequence([])
    return [item, *devices]


def _device_author(source: Source) -> Dataset:
    model = source.model
    name = f"{source.engine}: {model.name} {model.version}" if model else source.engine
    return device_author(observer_uid(source), name)


def device_author(known: str, model: str) -> Dataset:
    """Return a device as an author (PS3.3 C.17.2), by its UID and model."""
    item = Dataset()
    item.ObserverType = "DEV"
    item.StationName = ""
    item.DeviceUID = known
    item.Manufacturer = MAKER
    item.ManufacturerModelName = model[:64]
    item.InstitutionName = ""
    item.InstitutionCodeSequence = Sequence([])
    return item


def _predecessor(last: Sent) -> Sequence:
    """Return the report that this one takes the place of, by study and series."""
    one = Evidence(last.sop_class_uid, last.sop_instance_uid, last.series_instance_uid)
    return evidence_of(last.study_instance_uid, [one])
