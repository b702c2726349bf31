"""What every written object has: file meta information, identifiers, codes, references."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from xray_studio.core.files import replacing
from xray_studio.core.version import VERSION
from xray_studio.dicom.conformance.before_write import Sources, no_sources, refuse_errors

MAKER = "X-Ray Studio"
CHARACTER_SET = "ISO_IR 192"
_PREAMBLE = b"\0" * 128
Code = tuple[str, str, str]


def uid_from(name: str) -> str:
    """UID under the UUID-derived root 2.25 (PS3.5 B.2), the same for the same name."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, f'xray-studio/{name}').int}"


def file_meta(sop_class: str, instance: str, transfer_syntax: str) -> FileMetaDataset:
    """Return File Meta Information (PS3.10 7.1)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(instance)
    meta.TransferSyntaxUID = UID(transfer_syntax)
    meta.ImplementationClassUID = UID(uid_from("implementation"))
    meta.ImplementationVersionName = f"XRAY_STUDIO_{VERSION}"[:16]
    return meta


def file_head(sop_class: str, instance: str, transfer_syntax: str) -> bytes:
    """Return the beginning of a file up to its data set: preamble and File Meta Information."""
    stream = DicomBytesIO(_PREAMBLE + b"DICM")
    stream.seek(0, 2)
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_file_meta_info(stream, file_meta(sop_class, instance, transfer_syntax))
    return stream.getvalue()


def new_object(
    sop_class: str, instance: str, transfer_syntax: str = ExplicitVRLittleEndian
) -> FileDataset:
    """Return an object with File Meta Information and SOP Common, else empty."""
    meta = file_meta(sop_class, instance, transfer_syntax)
    dataset = FileDataset("", {}, file_meta=meta, preamble=_PREAMBLE)
    dataset.SpecificCharacterSet = CHARACTER_SET
    dataset.SOPClassUID = UID(sop_class)
    dataset.SOPInstanceUID = UID(instance)
    return dataset


def save(
    dataset: FileDataset,
    path: Path,
    sources: Callable[[], Sources] = no_sources,
    *,
    private: bool = False,
) -> str:
    """Write a file whole or not at all, a `private` one for its owner alone.

    Gives its SOP Instance UID. Raises WriteError where nothing can be written, or where the object
    breaks the standard in ways that its sources do not.
    """
    refuse_errors(dataset, str(dataset.file_meta.TransferSyntaxUID), sources)
    with replacing(path, private=private) as temporary:
        dataset.save_as(temporary, enforce_file_format=True)
    return str(dataset.SOPInstanceUID)


def code(value: Code) -> Dataset:
    """Code Sequence item (PS3.3 8.8) of Code Value, Coding Scheme Designator, Code Meaning."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value
    return item


def coded(*values: Code) -> Sequence:
    """Code Sequence of several codes."""
    return Sequence([code(value) for value in values])


def reference(sop_class: str, instance: str, frames: tuple[int, ...] = ()) -> Dataset:
    """Refer to an object (PS3.3 10.8), or to frames of it, counted from 0."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = UID(sop_class), UID(instance)
    if frames:
        item.ReferencedFrameNumber = [frame + 1 for frame in frames]
    return item
