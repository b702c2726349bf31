"""Structured reports, waveforms and encapsulated documents for tests, built with pydicom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

STORAGE = "1.2.840.10008.5.1.4.1.1."
XA = STORAGE + "12.1"


def empty(sop_class: str, uid: str = "1.2.3.4", **values: Any) -> Dataset:
    """Return a data set with patient, study and series."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.SpecificCharacterSet = "ISO_IR 192"
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = STORAGE + sop_class
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = uid
    data.StudyInstanceUID, data.SeriesInstanceUID = "1.2.3", f"{uid}.9"
    data.PatientID, data.PatientName, data.PatientBirthDate = "D1", "Doe^Jane", "19610412"
    data.StudyDate, data.ContentDate, data.ContentTime = "20261120", "20261120", "094107"
    data.Modality, data.SeriesNumber, data.InstanceNumber = "SR", 9, 1
    for keyword, value in values.items():
        setattr(data, keyword, value)
    return data


def save(data: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write a data set as a DICOM file."""
    data.file_meta.TransferSyntaxUID = syntax
    data.save_as(path, enforce_file_format=True, implicit_vr=None)
    return path


def coded(value: str, meaning: str, scheme: str = "DCM") -> Dataset:
    """Return an item of a code sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def item(
    kind: str,
    name: Dataset | None = None,
    *children: Dataset,
    relation: str = "CONTAINS",
    **values: Any,
) -> Dataset:
    """Return a content item."""
    data = Dataset()
    data.RelationshipType, data.ValueType = relation, kind
    if name is not None:
        data.ConceptNameCodeSequence = Sequence([name])
    for keyword, value in values.items():
        setattr(data, keyword, value)
    if children:
        data.ContentSequence = Sequence(children)
    return data


def num(name: Dataset, value: str, unit: str, *children: Dataset, **values: Any) -> Dataset:
    """Return a NUM item with a UCUM unit."""
    measured = Dataset()
    measured.NumericValue = value
    measured.MeasurementUnitsCodeSequence = Sequence([coded(unit, unit, "UCUM")])
    return item("NUM", name, *children, MeasuredValueSequence=Sequence([measured]), **values)


def image(
    uid: str, *frames: int, name: Dataset | None = None, sop_class: str = XA, **values: Any
) -> Dataset:
    """Return an IMAGE item."""
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = sop_class, uid
    if frames:
        reference.ReferencedFrameNumber = list(frames)
    return item("IMAGE", name, ReferencedSOPSequence=Sequence([reference]), **values)


def evidence(*uids: str, series: str = "1.2.3.1", study: str = "1.2.3") -> Sequence:
    """Return the items of an evidence sequence."""
    objects = []
    for uid in uids:
        reference = Dataset()
        reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = XA, uid
        objects.append(reference)
    of_series, of_study = Dataset(), Dataset()
    of_series.SeriesInstanceUID, of_study.StudyInstanceUID = series, study
    of_series.ReferencedSOPSequence = Sequence(objects)
    of_study.ReferencedSeriesSequence = Sequence([of_series])
    return Sequence([of_study])


def report(
    title: Dataset, *children: Dataset, sop_class: str = "88.33", uid: str = "1.2.3.4", **more: Any
) -> Dataset:
    """Return a structured report."""
    data = empty(sop_class, uid, **more)
    data.ValueType, data.ContinuityOfContent = "CONTAINER", "SEPARATE"
    data.ConceptNameCodeSequence = Sequence([title])
    data.CompletionFlag, data.VerificationFlag = "COMPLETE", "UNVERIFIED"
    data.ContentSequence = Sequence(children)
    return data


def key_objects(*uids: str, uid: str = "1.2.3.5") -> Dataset:
    """Return a Key Object Selection."""
    description = item("TEXT", coded("113012", "Key Object Description"), TextValue="See the LAD")
    images = [image(one, 3) if place == 0 else image(one) for place, one in enumerate(uids)]
    return report(
        coded("113000", "Of Interest"),
        description,
        *images,
        sop_class="88.59",
        uid=uid,
        Modality="KO",
        CurrentRequestedProcedureEvidenceSequence=evidence(*uids),
    )


def totals(plane: str, kap: str, kerma: str, seconds: str) -> Dataset:
    """Return accumulated dose of a plane (TID 10002)."""
    return item(
        "CONTAINER",
        coded("113702", "Accumulated X-Ray Dose Data"),
        item("CODE", coded("113764", "Acquisition Plane"),
             ConceptCodeSequence=Sequence([coded("113620", plane)]), relation="HAS CONCEPT MOD"),
        num(coded("113722", "Dose Area Product Total"), kap, "Gy.m2"),
        num(coded("113725", "Dose (RP) Total"), kerma, "Gy"),
        num(coded("113730", "Total Fluoro Time"), seconds, "s"),
    )  # fmt: skip


def event(uid: str, plane: str, kap: str, *more: Dataset, kind: str = "Fluoroscopy") -> Dataset:
    """Return an irradiation event (TID 10003)."""
    return item(
        "CONTAINER",
        coded("113706", "Irradiation Event X-Ray Data"),
        item("CODE", coded("113764", "Acquisition Plane"),
             ConceptCodeSequence=Sequence([coded("113620", plane)]), relation="HAS CONCEPT MOD"),
        item("UIDREF", coded("113769", "Irradiation Event UID"), UID=uid),
        item("DATETIME", coded("111526", "DateTime Started"), DateTime="20261120094107.5"),
        item("CODE", coded("113721", "Irradiation Event Type"),
             ConceptCodeSequence=Sequence([coded("44491008", kind, "SCT")])),
        num(coded("122130", "Dose Area Product"), kap, "Gy.m2"),
        *more,
    )  # fmt: skip


def dose_report(*children: Dataset, uid: str = "1.2.3.6") -> Dataset:
    """Return an X-Ray Radiation Dose SR."""
    title = coded("113701", "X-Ray Radiation Dose Report")
    return report(title, *children, sop_class="88.67", uid=uid)


def channel(name: str, **values: Any) -> Dataset:
    """Return a channel definition."""
    data = Dataset()
    data.ChannelSourceSequence = Sequence([coded("5.6.3-9-1", name, "SCPECG")])
    for keyword, value in values.items():
        setattr(data, keyword, value)
    return data


def in_unit(sensitivity: str, unit: str) -> dict[str, Any]:
    """Return the attributes of a channel in a unit."""
    return {
        "ChannelSensitivity": sensitivity,
        "ChannelSensitivityUnitsSequence": Sequence([coded(unit, unit, "UCUM")]),
    }


def waveform(
    samples: np.ndarray[Any, Any],
    channels: list[Dataset],
    *,
    sop_class: str = "9.1.1",
    kind: str = "SS",
    rate: float = 500.0,
    syntax: str = ExplicitVRLittleEndian,
    **more: Any,
) -> Dataset:
    """Return a waveform of one multiplex group from samples (samples, channels)."""
    group = Dataset()
    group.NumberOfWaveformSamples, group.NumberOfWaveformChannels = samples.shape
    group.SamplingFrequency = rate
    group.WaveformSampleInterpretation = kind
    group.WaveformBitsAllocated = samples.itemsize * 8
    group.ChannelDefinitionSequence = Sequence(channels)
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    group.WaveformData = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    group["WaveformData"].VR = "OB" if samples.itemsize == 1 else "OW"
    data = empty(sop_class, Modality="ECG", **more)
    data.WaveformSequence = Sequence([group])
    return data


def encapsulated(content: bytes, kind: str, title: str = "Letter", **more: Any) -> Dataset:
    """Return an encapsulated document."""
    pdf = kind == "application/pdf"
    data = empty("104.1" if pdf else "104.2", Modality="DOC", **more)
    data.DocumentTitle, data.MIMETypeOfEncapsulatedDocument = title, kind
    data.EncapsulatedDocument = content + b"\0" * (len(content) % 2)
    data.EncapsulatedDocumentLength = len(content)
    return data
