"""Documents of other kinds inside a DICOM object: PDF, CDA, text (PS3.3 A.45, C.24)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xray_studio.core.content import Reference
from xray_studio.core.document import Block, Document, Paragraph
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.attributes.values import integer, items, text, value
from xray_studio.dicom.documents.content import reference_text
from xray_studio.dicom.documents.source import Source, blank, code, moment_text, plain, read_source
from xray_studio.dicom.documents.written import decoded, read_written

PDF_TYPE = "application/pdf"
NOT_SHOWN = "A document of the kind {} cannot be shown here; export it to open it elsewhere."


def read_encapsulated(source: Source) -> Document:
    """Return a document inside a DICOM object; the pages of a PDF are added by who draws them."""
    dataset, document = source.dataset, blank(source)
    title = plain(text(dataset, "DocumentTitle")) or str(code(dataset, "ConceptNameCodeSequence"))
    kind = media_type(source)
    return replace(
        document,
        title=title or document.title,
        facts=tuple(_facts(source)),
        blocks=(*_written(source, kind), *_sources(source)),
        media_type=kind,
    )


def media_type(source: Source) -> str:
    """Return the media type of what is inside, by its first bytes where nothing tells it."""
    told = text(source.dataset, "MIMETypeOfEncapsulatedDocument").lower()
    return told or (PDF_TYPE if inside(source).startswith(b"%PDF-") else "")


def inside(source: Source) -> bytes:
    """Return the bytes of the document inside, without padding. Raises UnreadableError."""
    data = value(source.dataset, "EncapsulatedDocument")
    if not isinstance(data, bytes) or not data:
        raise UnreadableError("The object is damaged: it holds no document.")
    length = integer(source.dataset, "EncapsulatedDocumentLength")
    if length is not None and 0 < length <= len(data):
        return data[:length]
    return data.removesuffix(b"\0")


def read_inside(path: str) -> bytes:
    """Return the bytes of the document inside the object at `path`. Raises UnreadableError."""
    with lenient_pydicom():
        return inside(read_source(path))


def _facts(source: Source) -> Iterator[tuple[str, str]]:
    dataset = source.dataset
    facts = {
        "Written": moment_text(text(dataset, "ContentDate"), text(dataset, "ContentTime")),
        "Acquired": moment_text(text(dataset, "AcquisitionDateTime")),
        "Verification": text(dataset, "VerificationFlag").capitalize(),
        "Institution": plain(text(dataset, "InstitutionName")),
        "Text burnt in": text(dataset, "BurnedInAnnotation").capitalize(),
    }
    yield from ((label, words) for label, words in facts.items() if words)


def _written(source: Source, kind: str) -> tuple[Block, ...]:
    if kind == PDF_TYPE:
        return ()
    data = inside(source)
    if kind.startswith("text/") or "xml" in kind:
        return read_written(decoded(data), kind)
    return (Paragraph(NOT_SHOWN.format(kind or "unknown")),)


def _sources(source: Source) -> Iterator[Block]:
    """Yield the objects that the document was made from."""
    for item in items(source.dataset, "SourceInstanceSequence"):
        target = Reference(
            text(item, "ReferencedSOPInstanceUID"), text(item, "ReferencedSOPClassUID")
        )
        yield Paragraph(reference_text(target), "Made from", target=target)
