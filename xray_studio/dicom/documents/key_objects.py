"""Key Object Selection (PS3.3 A.35.4, PS3.16 TID 2010): which images matter, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xray_studio.core.content import Content
from xray_studio.core.document import Block, Document, Images, Paragraph
from xray_studio.dicom.documents.content import reference_text
from xray_studio.dicom.documents.source import Source
from xray_studio.dicom.documents.sr import read_report

MODIFIER, DESCRIPTION = "113011", "113012"


def read_key_objects(source: Source) -> Document:
    """Return a selection of key objects as its description and its images."""
    report = read_report(source)
    assert report.content is not None
    return replace(report, blocks=tuple(_blocks(report.content)))


def _blocks(content: Content) -> Iterator[Block]:
    for item in content.children:
        if item.name.is_one(MODIFIER) and item.text:
            yield Paragraph(item.text, "Reason")
        elif item.value_type == "TEXT" and item.text:
            yield Paragraph(item.text, "" if item.name.is_one(DESCRIPTION) else str(item.name))
    targets = tuple(item.target for item in content.walk() if item.target is not None)
    if targets:
        yield Images(targets, tuple(map(reference_text, targets)))
