"""Whose object it is and of which study, as plain values."""

from __future__ import annotations

from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from xray_studio.core.errors import UnreadableError
from xray_studio.core.video.identity import Identity
from xray_studio.dicom.attributes.values import items, text

_ATTRIBUTES = {
    "patient_id": "PatientID",
    "patient_name": "PatientName",
    "issuer": "IssuerOfPatientID",
    "birth_date": "PatientBirthDate",
    "sex": "PatientSex",
    "study_uid": "StudyInstanceUID",
    "study_id": "StudyID",
    "study_date": "StudyDate",
    "study_time": "StudyTime",
    "study_description": "StudyDescription",
    "accession": "AccessionNumber",
    "referring": "ReferringPhysicianName",
    "modality": "Modality",
}


def identity_of(path: str) -> Identity:
    """Return the patient and study of an object, and its own UIDs as source.

    Runs in a worker process. Raises UnreadableError when it is no DICOM object.
    """
    wanted = ["SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "AnatomicRegionSequence"]
    try:
        found = pydicom.dcmread(
            path, stop_before_pixels=True, specific_tags=[*wanted, *_ATTRIBUTES.values()]
        )
    except (OSError, InvalidDicomError, ValueError) as error:
        raise UnreadableError(f"{Path(path).name} is no DICOM object that can be read.") from error
    told = {name: text(found, keyword) for name, keyword in _ATTRIBUTES.items()}
    return Identity(
        **told,
        region=_region(found),
        source_class=text(found, "SOPClassUID"),
        source_instance=text(found, "SOPInstanceUID"),
    )


def _region(dataset: Dataset) -> tuple[str, str, str] | None:
    for item in items(dataset, "AnatomicRegionSequence"):
        code = tuple(
            text(item, keyword)
            for keyword in ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")
        )
        if all(code):
            return code[0], code[1], code[2]
    return None
