"""The tables of PS3.3 as `resources/standard` carries them, read when first asked for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from xray_studio.core.resources import resource
from xray_studio.dicom.conformance.conditions import Condition, condition
from xray_studio.dicom.conformance.item import keyword_of

_NAME = "standard/tables.json.gz"


@dataclass(frozen=True, slots=True)
class Choice:
    """The values of an attribute: of all (`at` 0) or one value from 1; enumerated or only terms.

    `numbers` are those of the values that are numbers.
    """

    at: int
    enumerated: bool
    values: frozenset[str]
    numbers: frozenset[float]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: an attribute with its type (1, 1C, 2, 2C or 3) and the rules of its items.

    `tag` of a repeating group ("60xx") is that of its first; `single` permits one item only.
    """

    tag: int
    keyword: str
    type: str
    condition: Condition | None
    choices: tuple[Choice, ...]
    section: str
    below: int
    single: bool
    repeating: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A module or macro: name, section and the number of its list of rules."""

    id: str
    name: str
    section: str
    rules: int


@dataclass(frozen=True, slots=True)
class Use:
    """A module or functional group of an object: mandatory (M), optional (U) or conditional (C)."""

    table: Table
    usage: str
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class ObjectTable:
    """An information object definition."""

    id: str
    name: str
    section: str
    modules: tuple[Use, ...]
    groups: tuple[Use, ...]


@cache
def _tables() -> dict[str, Any]:
    packed = resource(_NAME).read_bytes()
    tables: dict[str, Any] = json.loads(gzip.decompress(packed))
    return tables


def edition() -> str:
    """Return which edition the tables are of."""
    return str(_tables()["edition"])


@cache
def object_table(sop_class: str) -> ObjectTable | None:
    """Return the definition of the objects of a SOP class, None where the tables have none."""
    tables = _tables()
    name = tables["classes"].get(sop_class)
    if name is None:
        return None
    title, section, modules, groups = tables["objects"][name]
    return ObjectTable(
        name,
        title,
        f"PS3.3 {section}",
        tuple(_use("modules", use) for use in modules),
        tuple(_use("macros", use) for use in groups),
    )


def _use(kind: str, use: list[Any]) -> Use:
    name, usage, number = use
    return Use(table(kind, name), usage, _condition(number))


@cache
def table(kind: str, name: str) -> Table:
    """Return a table of "modules" or "macros"."""
    title, section, rules = _tables()[kind][name]
    return Table(name, title, f"PS3.3 {section}", rules)


@cache
def rules_of(number: int) -> tuple[Rule, ...]:
    """Return a list of rules, none for -1."""
    return tuple(map(_rule, _tables()["lists"][number])) if number >= 0 else ()


def code_rules() -> tuple[Rule, ...]:
    """Return the rules of an item that is a code (PS3.3 8.8)."""
    return rules_of(_tables()["code"])


def _rule(row: list[Any]) -> Rule:
    name, kind, when, values, section, below, single = row
    tag = int(name.replace("x", "0"), 16)
    repeating = "x" in name
    return Rule(
        tag,
        keyword_of(tag),
        kind,
        _condition(when),
        _choices(values),
        f"PS3.3 {section}",
        below,
        bool(single),
        repeating,
    )


def _condition(number: int) -> Condition | None:
    return None if number < 0 else condition(_tables()["conditions"][number])


@cache
def _choices(number: int) -> tuple[Choice, ...]:
    if number < 0:
        return ()
    rows = _tables()["values"][number]
    return tuple(
        Choice(at, enumerated, frozenset(values), frozenset(_numbers(values)))
        for at, enumerated, values in rows
    )


def _numbers(values: list[str]) -> Iterator[float]:
    for value in values:
        with suppress(ValueError):
            yield float(value)
