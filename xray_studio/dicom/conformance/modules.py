"""Which modules of its definition an object uses, and the attributes of each."""

from __future__ import annotations

from collections import Counter
from functools import cache

from xray_studio.dicom.conformance.attributes import check_rules
from xray_studio.dicom.conformance.item import Item
from xray_studio.dicom.conformance.report import Report
from xray_studio.dicom.conformance.tables import ObjectTable, Rule, Use, object_table, rules_of

# Made by the standard for every kind of object, never a reason to say that a module is used.
_ANYWHERE = frozenset({0x00080005, 0x00081140, 0x00082112})


def check_modules(
    definition: ObjectTable, sop_class: str, item: Item, report: Report, without: frozenset[int]
) -> None:
    """Check mandatory modules, conditional ones whose condition is met, and those used.

    Of the others only those attributes count that are there all the same.
    """
    marks = _marks(sop_class)
    used: list[tuple[Rule, ...]] = []
    others: list[tuple[Rule, ...]] = []
    for use in definition.modules:
        there = _is_asked(use, item) or _is_used(marks[use.table.id], item)
        (used if there else others).append(rules_of(use.table.rules))
    covered = {rule.tag for rules in used for rule in rules}
    for rules in used:
        check_rules(rules, item, report, without)
    for rules in others:
        left = [rule for rule in rules if rule.tag not in covered and _has(rule, item)]
        check_rules(left, item, report, without)


def _is_asked(use: Use, item: Item) -> bool:
    """Tell whether a module has to be there."""
    if use.usage == "C":
        return use.condition is not None and use.condition.test(item) is True
    return use.usage == "M"


def _is_used(marks: frozenset[Rule], item: Item) -> bool:
    """Tell whether an optional module is there: an attribute that no other module has is."""
    return any(_has(rule, item) for rule in marks)


def _has(rule: Rule, item: Item) -> bool:
    if not rule.repeating:
        return rule.tag in item.elements
    group, element = rule.tag >> 16, rule.tag & 0xFFFF
    return any(
        tag & 0xFFFF == element and 0 <= (tag >> 16) - group <= 0x1E for tag in item.elements
    )


@cache
def _marks(sop_class: str) -> dict[str, frozenset[Rule]]:
    """Return by which attributes each module of a definition is known."""
    definition = object_table(sop_class)
    assert definition is not None
    lists = {use.table.id: rules_of(use.table.rules) for use in definition.modules}
    times = Counter(rule.tag for rules in lists.values() for rule in rules)
    return {
        name: frozenset(
            rule
            for rule in rules
            if times[rule.tag] == 1 and rule.type != "3" and rule.tag not in _ANYWHERE
        )
        for name, rules in lists.items()
    }


@cache
def known_tags(sop_class: str) -> frozenset[int]:
    """Return the attributes that any module of a definition has."""
    definition = object_table(sop_class)
    if definition is None:
        return frozenset()
    return frozenset(r.tag for use in definition.modules for r in rules_of(use.table.rules))
