"""Turns sentences like "Required if Mask Operation (0028,6101) is TID." into expressions.

The language is that of `xray_studio.dicom.conformance.conditions`. What is not understood gives
None and may be told by hand in corrections.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_BEGIN = re.compile(r"\b(?:Required if:?|Shall be present if)\s+", re.IGNORECASE)
_STOP = re.compile(r"(?<=[^\d\s])\.(?=\s|$)|(?<=\))\s?\.(?=\s|$)|(?<=\d)\.(?=\s+[A-Z]|$)|;")
_REST = re.compile(
    r"(?:,|\.)? (?:Otherwise |otherwise |[Mm]ay be present otherwise|[Ss]hall not be|Note )"
)
_OTHERWISE = re.compile(r"may (?:also )?be present (?:otherwise|if)", re.IGNORECASE)
_TAG = re.compile(r"\(([0-9A-Fa-f]{4}),\s?([0-9A-Fa-f]{4})\)")
_WORDS = {"one": "1", "zero": "0"}
_JOINED = re.compile(
    r",?\s+(and|or)\s+(?:if\s+)?(?=(?:the\s|either\s|both\s|one\s)?(?:value of\s)?@)"
)
_ATTRIBUTE = (
    r"(?:the |a )?(?:value of )?@(\w+)(?:,? Value (\d))?(?: of this frame)?(?: value)?"
    r"(?: is present and| is present with)?"
)
_IS = re.compile(
    rf"^{_ATTRIBUTE}\s*(?:is equal to|equals? to|equals|is EQUAL to|=|points to|has a value of"
    r"|a value of|has the value(?: of)?|has values of|is) (other than |not equal to |not )?(.+)$"
)
_MORE = re.compile(rf"^{_ATTRIBUTE} (?:is|has a value) greater than (\w+)$")
_THERE = re.compile(
    rf"^{_ATTRIBUTE} (?:(?:is|are) (present|not present|absent|empty)(?: and has a value)?|exists)$"
)
_SEVERAL = re.compile(
    r"^(both |either |neither )?(?:the )?(@\w+(?:(?:,? and|,? or|,? nor|,) (?:the )?@\w+)+)"
    r" (?:is|are) (present|not present|absent)$"
)


def expression(text: str, names: Mapping[str, str]) -> str | None:
    """Return the condition of a description as an expression, None where it is not understood.

    `names` gives the keyword of an attribute's name and of its tag in 8 digits.
    """
    clause = condition_of(text)
    return _parsed(_named(clause, names)) if clause else None


def condition_of(text: str) -> str:
    """Return the words of the condition alone, "" where there is none."""
    found = _BEGIN.search(text)
    if found is None:
        return ""
    rest = text[found.end() :]
    stop = _STOP.search(rest)
    rest = rest[: stop.start()] if stop else rest
    return _REST.split(rest)[0].rstrip(" ,.")


def may_otherwise(text: str) -> bool:
    """Tell whether the attribute may be there although its condition is not met."""
    return _OTHERWISE.search(text) is not None


def _named(clause: str, names: Mapping[str, str]) -> str:
    """Write attributes, with or without their tags, as @Keyword."""
    pieces: list[str] = []
    end = 0
    for found in _TAG.finditer(clause):
        keyword = names.get((found[1] + found[2]).lower(), "Unknown")
        pieces += [_without_name(clause[end : found.start()]), f"@{keyword}"]
        end = found.end()
    marked = "".join((*pieces, clause[end:]))
    return re.sub(
        r"(?<!@)\b[A-Z][\w'/]+(?: (?:of|to|per) )?(?: [A-Z][\w'/]+)+\b",
        lambda found: f"@{names[found[0]]}" if found[0] in names else found[0],
        marked,
    )


def _without_name(words: str) -> str:
    """Take the name off that stands before a tag: as many capital words as make one."""
    found = re.search(
        r"(?:(?:\b|(?<=\())[A-Z][\w'\u2019\-/()]*\s+"
        r"(?:(?:[A-Z0-9(][\w'\u2019\-/()]*|of|to|per|from|for|in)\s+)*)?[A-Z(][\w'\u2019\-/()]*\s*$",
        words,
    )
    return words[: found.start()] if found else words


def _parsed(clause: str) -> str | None:
    """Return the expression of clauses joined by and, or."""
    if "@Unknown" in clause:
        return None
    whole = _one(clause)
    if whole is not None:
        return whole
    parts = _JOINED.split(clause)
    ones = [_one(part.strip(" ,")) for part in parts[::2]]
    if len(ones) == 1 or None in ones:
        return None
    words = [f"({one})" if " or " in str(one) else str(one) for one in ones]
    joints = [*parts[1::2], ""]
    return " ".join(f"{one} {joint}" for one, joint in zip(words, joints, strict=True)).strip()


def _one(clause: str) -> str | None:
    return _several(clause) or _simple(clause)


def _several(clause: str) -> str | None:
    """Return the expression of "both A and B are not present" and its like."""
    found = _SEVERAL.match(clause)
    if found is None:
        return None
    names = re.findall(r"@(\w+)", found[2])
    neither = (found[1] or "").strip() == "neither"
    absent = found[3] != "present" or neither
    every = neither or not re.search(r"\bor @", found[2])
    return (" and " if every else " or ").join(f"not {n}" if absent else n for n in names)


def _simple(clause: str) -> str | None:
    """Return the expression of a clause on one attribute."""
    clause = clause.removeprefix("if ")
    if found := _THERE.match(clause):
        there = found[3] in {None, "present"}
        return found[1] if there else f"not {found[1]}"
    if found := _MORE.match(clause):
        number = _WORDS.get(found[3], found[3])
        return f"{found[1]} > {number}" if number.isdigit() else None
    if found := _IS.match(clause):
        values = _values(found[4])
        index = f"[{found[2]}]" if found[2] else ""
        sign = "!=" if found[3] else "="
        return f"{found[1]}{index} {sign} {'|'.join(values)}" if values else None
    return None


def _values(words: str) -> list[str]:
    """Return the values of a list as "RULER, AXIS or CROSSHAIR"; none where they are no list."""
    words = re.sub(r"^(?:either|one of) ", "", words)
    parts = re.split(r",? or (?:of )?|, (?:or )?| nor ", words)
    values = [re.sub(r"^(?:not |equal to |equals )+", "", part.strip()) for part in parts]
    values = [re.sub(r"\s*\([^)]*\)$", "", v).strip().strip('"\u201c\u201d@') for v in values]
    if not all(re.fullmatch(r"[A-Z0-9][A-Z0-9_./\-]*(?: [A-Z]+)*|[A-Z]\w+", v) for v in values):
        return []
    return [f'"{value}"' if " " in value else value for value in values]
