"""A document as plain values, for `info --json` and for programs."""

from __future__ import annotations

import dataclasses
from typing import Any

from xray_studio.core.content import Content, Reference
from xray_studio.core.document import (
    Block,
    Document,
    Heading,
    Images,
    Pages,
    Paragraph,
    Plot,
    Table,
)
from xray_studio.core.dose import Dose, IrradiationEvent


def document_facts(document: Document) -> dict[str, Any]:
    """Return title, facts, blocks, dose and content of a document as values that JSON has.

    Samples of waveforms are left out: `xs.read_document` gives them as arrays.
    """
    return {
        "title": document.title,
        "kind": document.kind,
        "modality": document.modality,
        "sop_class_uid": document.sop_class_uid,
        "sop_instance_uid": document.sop_instance_uid,
        "series_instance_uid": document.series_instance_uid,
        "study_instance_uid": document.study_instance_uid,
        "media_type": document.media_type,
        "facts": dict(document.facts),
        "blocks": [block_facts(block) for block in document.blocks],
        "references": [reference_facts(target) for target in document.references()],
        "dose": dose_facts(document.dose) if document.dose else None,
        "content": content_facts(document.content) if document.content else None,
        "warnings": list(document.warnings),
    }


def block_facts(block: Block) -> dict[str, Any]:
    """Return a block with its kind as "type"."""
    if isinstance(block, Heading):
        return {"type": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return _paragraph(block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Images):
        targets = [reference_facts(target) for target in block.targets]
        return {"type": "images", "targets": targets, "texts": list(block.texts)}
    return _plot(block) if isinstance(block, Plot) else _pages(block)


def _paragraph(block: Paragraph) -> dict[str, Any]:
    return {
        "type": "paragraph",
        "label": block.label,
        "text": block.text,
        "indent": block.indent,
        "relation": block.relation,
        "target": _target(block.target),
    }


def _table(block: Table) -> dict[str, Any]:
    return {
        "type": "table",
        "title": block.title,
        "columns": list(block.columns),
        "rows": [list(row) for row in block.rows],
        "targets": [_target(target) for target in block.targets],
    }


def _plot(block: Plot) -> dict[str, Any]:
    return {
        "type": "plot",
        "title": block.title,
        "samples": block.samples,
        "rate": block.rate,
        "duration": block.duration,
        "start": block.start,
        "channels": [
            {"label": trace.label, "unit": trace.unit, "filters": trace.filters}
            for trace in block.traces
        ],
        "marks": [dataclasses.asdict(mark) for mark in block.marks],
    }


def _pages(block: Pages) -> dict[str, Any]:
    sizes = [list(size) for size in block.sizes]
    return {"type": "pages", "sizes": sizes, "texts": list(block.texts)}


def _target(target: Reference | None) -> dict[str, Any] | None:
    return None if target is None else reference_facts(target)


def reference_facts(target: Reference) -> dict[str, Any]:
    """Return what an object is known by; frames count from 1."""
    return dataclasses.asdict(target) | {"frames": list(target.frames)}


def dose_facts(dose: Dose) -> dict[str, Any]:
    """Return totals and events; units are those of `core.dose`, null where nothing is told."""
    return {
        "procedure": dose.procedure,
        "scope": dose.scope,
        "dlp": dose.dlp,
        "scans": dose.scans,
        "planes": [dataclasses.asdict(plane) for plane in dose.planes],
        "events": [event_facts(event) for event in dose.events],
    }


def event_facts(event: IrradiationEvent) -> dict[str, Any]:
    """Return one irradiation event."""
    targets = [reference_facts(target) for target in event.targets]
    return dataclasses.asdict(event) | {"targets": targets}


def content_facts(item: Content) -> dict[str, Any]:
    """Return an item of a report and what is below it; what it has not is left out."""
    known: dict[str, Any] = {
        "value_type": item.value_type,
        "name": dataclasses.asdict(item.name) if item.name.value or item.name.meaning else None,
        "relationship": item.relationship,
        "text": item.text,
        "number": item.number,
        "unit": item.unit,
        "code": dataclasses.asdict(item.code) if item.code.value else None,
        "target": _target(item.target),
        "refers_to": list(item.refers_to),
        "children": [content_facts(child) for child in item.children],
    }
    return {key: value for key, value in known.items() if value not in (None, "", [])}
