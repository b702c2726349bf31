"""Table E.1-1 of PS3.15: which attribute is handled how, by the profile and by each option."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from xray_studio.core.deidentify.options import Option, Profile
from xray_studio.core.deidentify.types import Types, read_types
from xray_studio.core.resources import resource

_FILE: Final = "deidentify/table-e1-1.txt"
_COLUMNS: Final = tuple(Option)  # in the order of the columns, as in the standard
_PATTERN: Final = re.compile(r"\(([0-9A-FX]{4}|ODD),([0-9A-FX]{4})\)")


class Action(enum.Enum):
    """What becomes of an attribute (PS3.15 E.1.1, Table E.1-1a)."""

    DUMMY = "D"
    EMPTY = "Z"
    REMOVE = "X"
    KEEP = "K"
    CLEAN = "C"
    UID = "U"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `basic` is as printed, "X/Z/D"; `columns` are K, C or once X by option."""

    tag: str
    name: str
    basic: str
    columns: dict[Option, str]
    origin: str

    def decided(self, profile: Profile) -> tuple[str, Option | None]:
        """Return the letter that holds and the option that it comes from, None for the profile.

        To keep wins over to clean, where two options speak of one attribute.
        """
        chosen = [(self.columns[o], o) for o in _COLUMNS if o in profile and o in self.columns]
        kept = [one for one in chosen if one[0] == "K"]
        first = kept or chosen
        return first[0] if first else (self.basic, None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attribute stands: in an object of a SOP class, in items of a sequence or not."""

    sop_class: str
    sequence: int | None = None


@cache
def rows() -> tuple[Row, ...]:
    """Return every row, as shipped."""
    text = resource(_FILE).read_text("utf-8")
    return tuple(_row(line) for line in text.splitlines() if line and not line.startswith("#"))


def _row(line: str) -> Row:
    tag, name, basic, *columns, origin = line.split("\t")
    told = {o: letter for o, letter in zip(_COLUMNS, columns, strict=True) if letter != "-"}
    return Row(tag, name, basic, told, origin)


@cache
def _by_tag() -> tuple[dict[int, Row], dict[str, Row]]:
    """Return the rows of single attributes, and those of patterns by their text."""
    single: dict[int, Row] = {}
    patterns: dict[str, Row] = {}
    for row in rows():
        found = _PATTERN.fullmatch(row.tag)
        assert found is not None, row.tag
        if "X" in row.tag or found[1] == "ODD":
            patterns[row.tag] = row
        else:
            single[int(found[1] + found[2], 16)] = row
    return single, patterns


def row_of(tag: int) -> Row | None:
    """Return the row that an attribute falls under, None for one that the table does not name."""
    single, patterns = _by_tag()
    if tag in single:
        return single[tag]
    group, element = tag >> 16, tag & 0xFFFF
    if group % 2:
        return patterns["(ODD,XXXX)"]
    if group >> 8 == 0x50:
        return patterns["(50XX,XXXX)"]
    return patterns.get(f"(60XX,{element:04X})") if group >> 8 == 0x60 else None


@cache
def _types() -> Types:
    return read_types()


def basic_action(row: Row, tag: int, place: Place) -> Action:
    """Return what the Basic Profile does with an attribute that the object has.

    Of several actions the type of the attribute decides (PS3.15 E.1.1): 1 wants a dummy, 2 can be
    empty, else it goes; so it does where an object would not be valid any more without. References
    that other objects need are kept with other UIDs (U*).
    """
    if "*" in row.basic:
        return Action.UID
    letters = row.basic.split("/")
    if letters[0] in {"D", "U"}:
        return Action(letters[0])
    strict = _types().type_of(tag, place.sop_class, place.sequence)
    wanted = {1: "DZX", 2: "ZDX"}.get(strict, "XZD")
    allowed = row.basic + {1: "D", 2: "Z"}.get(strict, "") * (len(letters) == 1)
    return Action(next(letter for letter in wanted if letter in allowed))
