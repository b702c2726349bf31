"""Saving the document on screen: the PDF inside it as it is, anything else set as a PDF."""

from __future__ import annotations

from pathlib import Path

from xray_studio.core.document import Document
from xray_studio.core.document_kinds import noun
from xray_studio.core.job import Job
from xray_studio.services.document_export import save_inside, suffixes_for
from xray_studio.ui.document.printing import print_document

PDF = ".pdf"


def name_for(document: Document) -> str:
    """Return a file name to propose, which names nobody."""
    return noun(document.sop_class_uid).replace(" ", "-").lower() + PDF


def save_document(document: Document, target: Path, *, hidden: bool) -> Job[Path]:
    """Write a document as a PDF file. Raises WriteError, and what reading raises.

    A PDF inside is written as it is, whatever its pages say.
    """
    if PDF in suffixes_for(document):
        yield from save_inside(document, target, overwrite=True)
        return target
    result = yield from print_document(document, target, hidden=hidden)
    return result
