"""Saving the document on screen: the PDF inside it as it is, anything else set as a PDF."""

from __future__ import annotations

from pathlib import Path

from xray_studio.core.document import Document
from xray_studio.core.document_kinds import noun
from xray_studio.core.job import Job
from xray_studio.core.privacy import Privacy, PrivacyReport
from xray_studio.services.documents.export import save_inside, suffixes_for
from xray_studio.services.documents.privacy import examine_document, examine_printed
from xray_studio.services.privacy.log import note_file
from xray_studio.ui.document.printing import print_document

PDF = ".pdf"


def name_for(document: Document) -> str:
    """Return a file name to propose, which names nobody."""
    return noun(document.sop_class_uid).replace(" ", "-").lower() + PDF


def examination(document: Document, target: Path, *, hidden: bool) -> Job[PrivacyReport]:
    """Return what a saved document would tell, as a job."""
    if PDF in suffixes_for(document):
        return examine_document(document, target)
    return examine_printed(document, target, hidden=hidden)


def save_document(document: Document, target: Path, *, hidden: bool, privacy: Privacy) -> Job[Path]:
    """Write a document as a PDF file. Raises WriteError, and what reading raises.

    A PDF inside is written as it is, whatever its pages say; `privacy` is what was decided of it.
    """
    if PDF in suffixes_for(document):
        yield from save_inside(document, target, overwrite=True, privacy=privacy)
        return target
    result = yield from print_document(document, target, hidden=hidden)
    note_file(PDF, privacy, target.read_bytes())
    return result
