"""Text from files and of file names, made safe to print: a terminal acts on control characters."""

from __future__ import annotations

import unicodedata

_SPACES = "Zs"  # the spaces of other scripts are no control characters


def in_one_line(text: str) -> str:
    """Return text with line ends and whatever else is no printable character escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or _is_space(c) else _escaped(c) for c in text)


def _is_space(character: str) -> bool:
    return unicodedata.category(character) == _SPACES


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
