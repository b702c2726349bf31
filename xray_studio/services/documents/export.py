"""Saving the document that lies inside a DICOM object as the file it was."""

from __future__ import annotations

from pathlib import Path

from xray_studio.core.document import Document
from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.privacy import Privacy
from xray_studio.core.workers import run_apart
from xray_studio.services.export.picture_place import check_file_place
from xray_studio.services.privacy import log as privacy_log

SUFFIXES = {
    "application/pdf": (".pdf",),
    "text/xml": (".xml", ".cda"),
    "application/xml": (".xml", ".cda"),
    "application/hl7-sda+xml": (".xml", ".cda"),
    "text/plain": (".txt",),
    "text/html": (".html", ".htm"),
}
ALL_SUFFIXES = frozenset(suffix for known in SUFFIXES.values() for suffix in known)
SECONDS = 30.0


def suffixes_for(document: Document) -> tuple[str, ...]:
    """Return the suffixes that fit what is inside a document, none when nothing is."""
    return SUFFIXES.get(document.media_type, ())


def check_inside(document: Document, target: Path) -> None:
    """Raise UsageError where an object holds nothing that a file of this name can be."""
    fitting = suffixes_for(document)
    if not document.media_type:
        raise UsageError(
            f"This {document.kind} holds no document of another kind; read it with info."
        )
    if fitting and target.suffix.lower() not in fitting:
        raise UsageError(f"The document inside is a {fitting[0]} file; name it so.")


def save_inside(
    document: Document, target: Path, *, overwrite: bool = False, privacy: Privacy | None = None
) -> Job[int]:
    """Write the document inside a DICOM object, byte for byte, and return its size in bytes.

    `privacy` is what was found that it tells, for the privacy log. Raises UsageError (nothing
    inside, another suffix), WriteError and what reading raises.
    """
    check_inside(document, target)
    check_file_place(target, (document.path,), overwrite=overwrite)
    yield Progress(0, 1, "Saving the document")
    data = run_apart(inside_apart, document.path, time_limit=SECONDS).result()
    with replacing(target) as temporary:
        temporary.write_bytes(data)
    privacy_log.note_file(target.suffix.lower(), privacy or Privacy(), data)
    return len(data)


def inside_apart(path: str) -> bytes:
    """Return the bytes of the document inside; runs in a worker process."""
    from xray_studio.dicom.documents.encapsulated import read_inside

    return read_inside(path)
