"""Objects made beside images that lie in files: what they take from these without the pixels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import InvalidDicomError

from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.version import VERSION
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.write.derived import new_uid
from xray_studio.dicom.write.objects import MAKER, new_object
from xray_studio.dicom.write.parts import PATIENT, STUDY, shared_by
from xray_studio.dicom.write.report import Evidence

_READ = [
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID",
    "FrameOfReferenceUID", "NumberOfFrames", "Rows", "Columns", "PatientOrientation",
    "LossyImageCompression",
    "LossyImageCompressionRatio", "LossyImageCompressionMethod", *PATIENT, *STUDY,
]  # fmt: skip


def read_header(path: str) -> Dataset:
    """Return who and what an image is. Raises UnreadableError."""
    try:
        found = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=_READ)
    except (OSError, InvalidDicomError, ValueError) as error:
        raise UnreadableError(f"{Path(path).name} can no longer be read; open it again.") from error
    if not text(found, "SOPInstanceUID") or not text(found, "SOPClassUID"):
        raise UnreadableError(f"{Path(path).name} does not say which object it is.")
    return found


def one_study(headers: Sequence[Dataset], refusal: str) -> str:
    """Return the Study Instance UID of images. Raises UsageError unless all are of one study."""
    studies = {text(header, "StudyInstanceUID") for header in headers}
    if "" in studies:
        raise UsageError("These files do not say which study they are of.")
    if len(studies) != 1:
        raise UsageError(refusal)
    return studies.pop()


def beside(
    sop_class: str, headers: Sequence[Dataset], modality: str, number: int, title: str
) -> FileDataset:
    """Return a new object of the patient and study of images, in a series of its own."""
    made = new_object(sop_class, new_uid())
    made.update(shared_by(headers, (*PATIENT, *STUDY)))
    made.Modality = modality
    made.SeriesInstanceUID = new_uid()
    made.SeriesNumber, made.InstanceNumber = number, 1
    made.SeriesDescription = title
    made.Manufacturer, made.SoftwareVersions = MAKER, VERSION
    return made


def several_frames(header: Dataset) -> bool:
    """Tell whether an object has several frames, so that references name them."""
    return str(header.get("NumberOfFrames", "1") or "1").strip() not in {"", "0", "1"}


def as_evidence(header: Dataset) -> Evidence:
    """Return an image as what others refer to."""
    return Evidence(
        str(header.SOPClassUID), str(header.SOPInstanceUID), str(header.SeriesInstanceUID)
    )
