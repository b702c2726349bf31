"""Any document by its SOP class. Runs in a worker process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from xray_studio.core.document import Document
from xray_studio.core.document_kinds import KEY_OBJECTS, is_document, is_structured, is_waveform
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.documents.dose import is_dose
from xray_studio.dicom.documents.dose_report import read_dose_report
from xray_studio.dicom.documents.encapsulated import read_encapsulated
from xray_studio.dicom.documents.key_objects import read_key_objects
from xray_studio.dicom.documents.source import Source, read_source
from xray_studio.dicom.documents.sr import read_report
from xray_studio.dicom.documents.waveform import read_waveform

Reader: TypeAlias = Callable[[Source], Document]
Readers: TypeAlias = Callable[[str], Reader | None]
DAMAGED = "The document is damaged and cannot be read."
NO_DOCUMENT = "This object is not a document; open it as a picture."


def no_others(_sop_class_uid: str) -> None:
    """Know no other kinds."""


def read_document(path: str, others: Readers = no_others) -> Document:
    """Return the document at `path`; `others` read kinds that are not known here.

    Raises UnreadableError (damaged, cut short), UnsupportedError (not a document, too large).
    """
    try:
        with lenient_pydicom():
            source = read_source(path)
            return (others(source.sop_class_uid) or _reader(source))(source)
    except StudioError:
        raise
    except MemoryError as error:
        raise UnsupportedError("The document is too large for the memory it may take.") from error
    except Exception as error:
        raise UnreadableError(DAMAGED) from error


def _reader(source: Source) -> Reader:
    sop_class = source.sop_class_uid
    if not is_document(sop_class):
        raise UnsupportedError(NO_DOCUMENT)
    if sop_class == KEY_OBJECTS:
        return read_key_objects
    if is_structured(sop_class):
        return _structured
    return read_waveform if is_waveform(sop_class) else read_encapsulated


def _structured(source: Source) -> Document:
    report = read_report(source)
    assert report.content is not None
    return read_dose_report(report) if is_dose(report.content) else report
