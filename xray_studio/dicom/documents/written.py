"""Clinical documents (HL7 CDA), HTML and plain text as blocks. Nothing in them is ever run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from xray_studio.core.document import Block, Heading, Paragraph, Table
from xray_studio.core.errors import UnreadableError
from xray_studio.dicom.documents.source import plain

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
_ENTITIES = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
DEEPEST = 40


def decoded(data: bytes) -> str:
    """Return text by its byte order mark, its XML declaration, else UTF-8 or Latin-1."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    declared = _DECLARED.match(data)
    for name in (declared[1].decode("ascii") if declared else "utf-8-sig", "latin-1"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def read_written(text: str, kind: str) -> tuple[Block, ...]:
    """Return text of a media type as blocks. Raises UnreadableError for damaged XML."""
    if "html" in kind:
        return _from_html(text)
    if "xml" in kind or text.lstrip().startswith("<?xml"):
        return tuple(_from_xml(text))
    return tuple(Paragraph(part) for part in plain(text).split("\n\n") if part.strip())


def _from_xml(text: str) -> Iterator[Block]:
    if _ENTITIES.search(text):
        raise UnreadableError("The document declares entities of its own, which is not safe.")
    try:
        root = ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314 - see above
    except ET.ParseError as error:
        raise UnreadableError("The document is damaged: it is no valid XML.") from error
    body = _child(root, "component")
    inside = None if body is None else _child(body, "structuredBody", "nonXMLBody")
    if inside is None:
        yield Paragraph(_words(root))
        return
    title = _child(root, "title")
    if title is not None and _words(title):
        yield Heading(_words(title))
    if _name(inside) == "nonXMLBody":
        yield from _other_body(inside)
        return
    yield from _sections(inside, 1)


def _other_body(body: ET.Element) -> Iterator[Block]:
    found = _child(body, "text")
    kind = "" if found is None else found.get("mediaType", "")
    if found is not None and found.get("representation") != "B64" and kind in {"", "text/plain"}:
        yield Paragraph(plain("".join(found.itertext())))
    else:
        yield Paragraph(f"The clinical document holds another one of the kind {kind or 'unknown'}.")


def _sections(element: ET.Element, level: int) -> Iterator[Block]:
    if level > DEEPEST:
        return
    for component in _children(element, "component"):
        for section in _children(component, "section"):
            title, narrative = _child(section, "title"), _child(section, "text")
            if title is not None and _words(title):
                yield Heading(_words(title), level)
            if narrative is not None:
                yield from _narrative(narrative, 0)
            yield from _sections(section, level + 1)


def _narrative(element: ET.Element, indent: int) -> Iterator[Block]:
    """Yield the blocks of a narrative: paragraphs, lists and tables between running text."""
    running = [element.text or ""]
    for child in element:
        name = _name(child)
        if name in {"paragraph", "list", "table", "item", "caption"}:
            yield from _flushed(running, indent)
            yield from _block(child, name, indent)
        elif name == "br":
            running.append("\n")
        else:
            running.append("".join(child.itertext()))
        running.append(child.tail or "")
    yield from _flushed(running, indent)


def _block(element: ET.Element, name: str, indent: int) -> Iterator[Block]:
    if indent > DEEPEST:
        return
    if name == "table":
        yield from _table(element)
    elif name == "list":
        for item in _children(element, "caption", "item"):
            yield from _narrative(item, indent + (_name(item) == "item"))
    else:
        yield from _narrative(element, indent)


def _flushed(running: list[str], indent: int) -> Iterator[Block]:
    lines = [_SPACE.sub(" ", line).strip() for line in "".join(running).split("\n")]
    words = plain("\n".join(line for line in lines if line))
    running.clear()
    if words:
        yield Paragraph(words, indent=indent)


def _table(element: ET.Element) -> Iterator[Block]:
    rows = [
        tuple(_words(cell) for cell in _children(row, "th", "td"))
        for row in element.iter()
        if _name(row) == "tr"
    ]
    width = max(map(len, rows), default=0)
    filled = [row + ("",) * (width - len(row)) for row in rows]
    if not width:
        return
    headed = _has_head(element)
    caption = _child(element, "caption")
    title = "" if caption is None else _words(caption)
    yield Table(filled[0] if headed else ("",) * width, tuple(filled[headed:]), title)


def _has_head(element: ET.Element) -> bool:
    first = next((row for row in element.iter() if _name(row) == "tr"), None)
    return first is not None and all(_name(cell) == "th" for cell in first) and len(first) > 0


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: ET.Element, *names: str) -> list[ET.Element]:
    return [child for child in element if _name(child) in names]


def _child(element: ET.Element, *names: str) -> ET.Element | None:
    return next(iter(_children(element, *names)), None)


def _words(element: ET.Element) -> str:
    return plain(_SPACE.sub(" ", "".join(element.itertext())).strip())


class _Html(HTMLParser):
    """Collects the text of a page and nothing else."""

    blocks = frozenset(("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"))

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line; scripts and styles are no text."""
        del attrs
        self._silent += tag in {"script", "style"}
        self.parts.append("\n" if tag in self.blocks else "")

    def handle_endtag(self, tag: str) -> None:
        """End a script or style."""
        self._silent -= tag in {"script", "style"} and self._silent > 0

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if not self._silent:
            self.parts.append(_SPACE.sub(" ", data))


def _from_html(text: str) -> tuple[Block, ...]:
    parser = _Html()
    parser.feed(text)
    parser.close()
    lines = (plain(line.strip()) for line in "".join(parser.parts).split("\n"))
    return tuple(Paragraph(line) for line in lines if line)
