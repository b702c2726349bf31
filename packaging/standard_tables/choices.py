"""Reads enumerated values and defined terms out of descriptions and the sections they name."""

from __future__ import annotations

import re

from standard_tables.standard import Row, plain

# A list of values under its heading, or a paragraph that says which value the next lists are about.
_LIST = re.compile(
    r"<p>\s*(?:The )?Value (?P<at>\d)(?: \([^)]*\))? shall"
    r"|<strong>\s*(?P<head>[^<]*?)\s*</strong>\s*(?:</p>)?\s*(?:<p>\s*)?<dl>(?P<body>.*?)</dl>",
    re.DOTALL,
)
_TERM = re.compile(r"<dt>(.*?)</dt>", re.DOTALL)
_HEAD = re.compile(
    r"^(?:Retired )?(?:Value (\d) )?(Enumerated Values?|Defined Terms?)"
    r"(?: for Value (\d))?(?: for .*)?:?$",
    re.IGNORECASE,
)
_HEX = re.compile(r"^([0-9A-Fa-f]{2,8})H$")

# (0 for all values, else which one from 1; whether enumerated; the values)
Choice = tuple[int, bool, tuple[str, ...]]


def choices(row: Row, name: str, references: dict[str, str]) -> tuple[Choice, ...]:
    """Return the values that a row permits, those in its own text before those of a section.

    A section counts only when it is about this attribute alone: its title is the attribute's name.
    """
    own = _lists(row["description"])
    if own:
        return own
    for link in row["externalReferences"]:
        text = references.get(link["sourceUrl"], "")
        if _title(text) in {name, f"{name} Attribute"}:
            return _lists(text)
    return ()


def _title(text: str) -> str:
    found = re.search(r"<h\d>(.*?)</h\d>", text, re.DOTALL)
    return plain(found[1]).partition(" ")[2] if found else ""


def _lists(text: str) -> tuple[Choice, ...]:
    """Return the lists of a text; none where several plain ones contradict one another."""
    found: dict[tuple[int, bool], list[str]] = {}
    about = plain_ones = 0
    for part in _LIST.finditer(text):
        if part["at"]:
            about = int(part["at"])
            continue
        words = plain(part["head"])
        match = _HEAD.match(words)
        if match is None or "if " in words or "when " in words:
            return ()  # lists under conditions are told by hand
        index = int(match[1] or match[3] or about)
        plain_ones += not index and not words.startswith("Retired")
        key = index, match[2].lower().startswith("enumerated")
        found.setdefault(key, []).extend(_value(term) for term in _TERM.findall(part["body"]))
    if plain_ones > 1:
        return ()
    return tuple((index, enumerated, tuple(terms)) for (index, enumerated), terms in found.items())


def _value(term: str) -> str:
    """Return a value; numbers are written in base ten, tags in eight digits."""
    words = plain(term)
    number = _HEX.match(words)
    if number is None:
        return words
    return number[1].upper() if len(number[1]) == 8 else str(int(number[1], 16))
