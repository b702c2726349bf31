"""Reading documents: structured reports, dose, key objects, waveforms, PDF and text."""

from __future__ import annotations

import os

from xray_studio.core.document import Document
from xray_studio.core.job import Job, Progress
from xray_studio.core.workers import run_apart
from xray_studio.core.workers.limits import time_for

SECONDS, BYTES_A_SECOND = 20.0, 10_000_000


def read_document(path: str | os.PathLike[str]) -> Document:
    """Return the document in a DICOM file, parsed in a worker process.

    Raises UnreadableError (damaged) or UnsupportedError (not a document, encrypted, too large).
    """
    name = os.fspath(path)
    limit = time_for([name], SECONDS, BYTES_A_SECOND)
    return run_apart(document_apart, name, time_limit=limit).result()


def open_document(path: str | os.PathLike[str]) -> Job[Document]:
    """Return what `read_document` does, as a job."""
    yield Progress(message="Reading a document")
    return read_document(path)


def document_apart(path: str) -> Document:
    """Return a document; runs in a worker process."""
    from xray_studio.dicom.documents.read import read_document as read

    return read(path)
