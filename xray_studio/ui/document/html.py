"""Text blocks of a document as the rich text that Qt shows, in the colours of the window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from xray_studio.core.content import Reference
from xray_studio.core.document import Block, Document, Heading, Paragraph, Table
from xray_studio.ui.look.theme import BODY, CAPTION, FAMILY, px
from xray_studio.ui.look.tokens import LIGHT, Tokens

LINK = "object:"
STEP = 20  # pixels that a line stands in for each level
_HEADINGS = (18, 15, 14, 13)


@dataclass(slots=True)
class Writer:
    """Writes rich text; `targets` are what its links point at, by their number."""

    tokens: Tokens
    hidden: bool = False
    scale: float = 1.0
    targets: list[Reference] = field(default_factory=list)

    def page(self, parts: Iterable[str]) -> str:
        """Return a whole page."""
        style = f"font-family:'{FAMILY}';font-size:{self._px(BODY)}px;color:{self.tokens.text}"
        return f'<body style="{style}">{"".join(parts)}</body>'

    def blocks(self, blocks: Iterable[Block]) -> list[str]:
        """Return headings, paragraphs and tables; other blocks are drawn elsewhere."""
        return [text for block in blocks if (text := self._block(block))]

    def _block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return self._heading(block.text, block.level)
        if isinstance(block, Paragraph):
            return "" if self.hidden and block.identity else self._paragraph(block)
        return self.table(block) if isinstance(block, Table) else ""

    def _px(self, size: float) -> int:
        return round(px(size) * self.scale)

    def _heading(self, text: str, level: int) -> str:
        size = self._px(_HEADINGS[min(level, len(_HEADINGS)) - 1])
        above, below = (20, 8) if level == 1 else (12, 4)
        # A heading of Qt has a size of its own, so it is a paragraph.
        words = f'<span style="font-size:{size}px;font-weight:600">{escape(text)}</span>'
        return f'<p style="margin-top:{above}px;margin-bottom:{below}px">{words}</p>'

    def _paragraph(self, block: Paragraph) -> str:
        words = escape(block.text).replace("\n", "<br>")
        if block.target is not None:
            words = self.link(words or "Open", block.target)
        label = f"{escape(block.label)}: " if block.label else ""
        start = self._quiet(f"{block.relation} " if block.relation else "", italic=True)
        left = self._px(STEP) * block.indent
        style = f"margin:0 0 6px {left}px;line-height:140%"
        return f'<p style="{style}">{start}{self._quiet(label)}{words}</p>'

    def _quiet(self, text: str, *, italic: bool = False) -> str:
        if not text:
            return ""
        look = ";font-style:italic" if italic else ""
        return f'<span style="color:{self.tokens.secondary}{look}">{text}</span>'

    def link(self, words: str, target: Reference) -> str:
        """Return words that lead to an object."""
        self.targets.append(target)
        style = f"color:{self.tokens.accent};text-decoration:none"
        return f'<a href="{LINK}{len(self.targets) - 1}" style="{style}">{words}</a>'

    def facts(self, facts: Sequence[tuple[str, str]]) -> str:
        """Return labels and values side by side."""
        rows = "".join(
            f'<tr><td style="padding:2px 20px 2px 0;color:{self.tokens.secondary}">{escape(a)}</td>'
            f'<td style="padding:2px 0">{escape(b)}</td></tr>'
            for a, b in facts
        )
        return f'<table cellspacing="0">{rows}</table>' if rows else ""

    def table(self, block: Table) -> str:
        """Return a table with lines below its rows; columns of numbers are set to the right."""
        right = [_is_number_column(column) for column in zip(*block.rows, strict=True)]
        rows = []
        if any(block.columns):
            rows.append(self._row(block.columns, right, head=True))
        for number, cells in enumerate(block.rows):
            target = block.targets[number] if number < len(block.targets) else None
            rows.append(self._row(cells, right, target=target))
        title = self._heading(block.title, 3) if block.title else ""
        table = 'cellspacing="0" style="border-collapse:collapse;margin:4px 0 12px 0"'
        return f"{title}<table {table}>{''.join(rows)}</table>"

    def _row(
        self,
        cells: Sequence[str],
        right: Sequence[bool],
        *,
        head: bool = False,
        target: Reference | None = None,
    ) -> str:
        made = []
        for place, cell in enumerate(cells):
            words = escape(cell).replace("\n", "<br>")
            if target is not None and place == 0:
                words = self.link(f"Run {words}", target)
            made.append(self._cell(words, right=place < len(right) and right[place], head=head))
        return f"<tr>{''.join(made)}</tr>"

    def _cell(self, words: str, *, right: bool, head: bool) -> str:
        look = f"padding:5px 16px 5px 0;border-bottom:1px solid {self.tokens.border}"
        if head:
            look += f";color:{self.tokens.secondary};font-size:{self._px(CAPTION)}px"
        align = ' align="right"' if right else ""
        return f'<td{align} style="{look}">{words}</td>'


WIDE = 7  # columns from which a table needs the room


def has_wide_table(document: Document) -> bool:
    """Tell whether a table of a document needs much room."""
    return any(map(is_wide, document.blocks))


def is_wide(block: Block) -> bool:
    """Tell whether a block is a table that needs much room."""
    return isinstance(block, Table) and len(block.columns) >= WIDE


def _is_number_column(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell]
    return bool(known) and all(cell.replace(".", "", 1).lstrip("-").isdigit() for cell in known)


def printed(document: Document, who: str, *, hidden: bool) -> str:
    """Return the text of a document for paper: black on white, with the identity unless hidden."""
    writer = Writer(LIGHT, hidden=hidden)
    style = f"font-size:{px(20)}px;font-weight:600"
    head = [f'<p><span style="{style}">{escape(document.title)}</span></p>']
    if who and not hidden:
        head.append(f'<p style="margin-bottom:12px">{escape(who)}</p>')
    head.append(writer.facts(shown_facts(document, hidden=hidden)))
    return writer.page([*head, *writer.blocks(document.blocks)])


def shown_facts(document: Document, *, hidden: bool) -> list[tuple[str, str]]:
    """Return the facts to show: while identity is hidden none that tells who or where."""
    told = [fact for fact in document.facts if not (hidden and fact[0] in WHO_AND_WHERE)]
    return [*told, *(("Note", warning) for warning in document.warnings)]


WHO_AND_WHERE = frozenset(("Institution", "Observer", "Author", "Verified by"))
