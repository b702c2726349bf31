"""Reading documents: structured reports, dose, key objects, waveforms, PDF and text."""

from __future__ import annotations

import os
from dataclasses import replace

from xray_studio.core.document import Document
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Catalog
from xray_studio.core.workers import run_apart
from xray_studio.core.workers.limits import time_for

PDF = "application/pdf"
SECONDS, BYTES_A_SECOND = 30.0, 1_000_000  # a report is slow for its size


def read_document(path: str | os.PathLike[str]) -> Document:
    """Return the document in a DICOM file, parsed in a worker process.

    Raises UnreadableError (damaged) or UnsupportedError (not a document, encrypted, too large).
    """
    name = os.fspath(path)
    limit = time_for([name], SECONDS, BYTES_A_SECOND)
    return run_apart(document_apart, name, time_limit=limit).result()


def open_document(path: str | os.PathLike[str], catalog: Catalog | None = None) -> Job[Document]:
    """Return what `read_document` does, as a job; a dose report joined with a catalogue's runs."""
    yield Progress(message="Reading a document")
    document = read_document(path)
    if catalog is None or document.dose is None:
        return document
    from xray_studio.services.documents.dose_links import with_runs

    joined = yield from with_runs(document, catalog)
    return joined


def document_apart(path: str) -> Document:
    """Return a document; runs in a worker process."""
    from xray_studio.dicom.documents.read import read_document as read
    from xray_studio.dicom.states.document import reader_of

    document = read(path, reader_of)
    return _with_pages(document) if document.media_type == PDF else document


def _with_pages(document: Document) -> Document:
    """Return a document with the pages of the PDF inside it in front."""
    from xray_studio.dicom.documents.encapsulated import read_inside
    from xray_studio.imaging.pdf import read_pages

    pages = read_pages(read_inside(document.path))
    facts = (("Pages", str(len(pages.sizes))), *document.facts)
    return replace(document, facts=facts, blocks=(pages, *document.blocks))
