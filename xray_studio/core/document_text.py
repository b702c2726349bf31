"""A document as lines of plain text, for terminals and to be copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from xray_studio.core.content import Reference
from xray_studio.core.document import (
    Document,
    Heading,
    Images,
    Pages,
    Paragraph,
    Plot,
    Table,
)
from xray_studio.core.time_words import moment_text, span_text

_STEP = "  "


def document_lines(document: Document, *, hidden: bool = False) -> Iterator[str]:
    """Yield a document from its title to its last line, `hidden` without what tells who."""
    yield document.kind.capitalize() if hidden else document.title
    facts = [("Kind", document.kind), *document.facts]
    facts += [("Warning", warning) for warning in document.warnings]
    width = max(len(label) for label, _ in facts)
    yield from (f"{label:<{width}}  {text}" for label, text in facts)
    tell: dict[type, Callable[[Any], Iterator[str]]] = {
        Heading: lambda block: iter(("", "#" * block.level + " " + block.text)),
        Paragraph: _paragraph,
        Table: _table,
        Images: _images,
        Plot: _plot,
        Pages: _pages,
    }
    if document.blocks and not isinstance(document.blocks[0], Heading):
        yield ""
    for block in document.blocks:
        if hidden and isinstance(block, Paragraph) and block.identity:
            continue
        yield from tell[type(block)](block)


def _paragraph(block: Paragraph) -> Iterator[str]:
    first, *rest = block.text.split("\n")
    start = _STEP * block.indent + (f"{block.relation} " if block.relation else "")
    pointing = _pointing(block.target) if block.target else ""
    label = f"{block.label}: " if block.label else ""
    yield f"{start}{label}{first}{pointing}"
    yield from (_STEP * (block.indent + 1) + line for line in rest)


def _pointing(target: Reference) -> str:
    return f" [{target.sop_instance_uid}]"


def _table(block: Table) -> Iterator[str]:
    yield ""
    if block.title:
        yield block.title
    rows = [block.columns, *block.rows] if any(block.columns) else list(block.rows)
    lines = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True))
        yield _STEP.join(cells).rstrip()


def _images(block: Images) -> Iterator[str]:
    for number, target in enumerate(block.targets, 1):
        text = block.texts[number - 1] if number <= len(block.texts) else ""
        yield f"{number}. {text}{_pointing(target)}"


def _plot(block: Plot) -> Iterator[str]:
    yield ""
    names = ", ".join(trace.label for trace in block.traces)
    length = span_text(block.duration)
    what = f"{len(block.traces)} channels, {length} at {block.rate:.6g} per s"
    yield f"{block.title or 'Recording'}: {what}: {names}"
    for mark in block.marks:
        until = "" if mark.until is None else f" to {moment_text(mark.until, 3)}"
        yield f"{_STEP}{moment_text(mark.seconds, 3)}{until}  {mark.text}".rstrip()


def _pages(block: Pages) -> Iterator[str]:
    for number, _ in enumerate(block.sizes, 1):
        yield ""
        yield f"Page {number} of {len(block.sizes)}"
        text = block.texts[number - 1] if number <= len(block.texts) else ""
        yield from text.split("\n") if text else ()
