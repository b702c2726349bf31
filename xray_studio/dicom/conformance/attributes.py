"""Types, conditions and permitted values of the attributes that tables name, items included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xray_studio.dicom.conformance.item import Element, Item
from xray_studio.dicom.conformance.report import Report
from xray_studio.dicom.conformance.tables import Choice, Rule, rules_of

MISSING = "It is required and missing."
MISSING_EMPTY = "It is required, empty where unknown, and missing."
EMPTY = "It is required to have a value and has none."
NO_ITEM = "It is required to have an item and has none."
NOT_MET = "Its condition is not met, so it must not be present."
NOT_SEQUENCE = "It is not encoded as a sequence."
MANY = "It may have one item only and has several."
_GROUPS = range(0, 0x20, 2)  # of overlays and curves: 6000 to 601E


def check_rules(rules: Iterable[Rule], item: Item, report: Report, without: frozenset[int]) -> None:
    """Check the attributes of a data set. Those of `without` were not read and count as there."""
    for rule in rules:
        if rule.repeating:
            _check_repeating(rule, item, report)
        elif rule.tag not in without:
            _check(rule, item.elements.get(rule.tag), item, report)


def _check_repeating(rule: Rule, item: Item, report: Report) -> None:
    """Check an attribute in each group that is there at all."""
    for group in {tag >> 16 for tag in item.elements}:
        if group - (rule.tag >> 16) in _GROUPS:
            tag = group << 16 | rule.tag & 0xFFFF
            _check(rule, item.elements.get(tag), item, report, tag)


def _check(rule: Rule, found: Element | None, item: Item, report: Report, tag: int = 0) -> None:
    path = item.at(tag or rule.tag)
    if found is None:
        _missing(rule, item, path, report)
        return
    if found.is_empty:
        _empty(rule, item, path, report, sequence=found.vr == "SQ")
        return
    _unasked(rule, item, path, report)
    _check_choices(rule, found, path, report)
    if rule.below >= 0 or found.items:
        _check_items(rule, found, path, report)


def _missing(rule: Rule, item: Item, path: str, report: Report) -> None:
    if rule.type == "1" or (rule.type == "1C" and _met(rule, item)):
        report.error(path, MISSING, rule.section)
    elif rule.type == "2" or (rule.type == "2C" and _met(rule, item)):
        report.error(path, MISSING_EMPTY, rule.section)


def _empty(rule: Rule, item: Item, path: str, report: Report, *, sequence: bool) -> None:
    if rule.type in {"1", "1C"}:
        report.error(path, NO_ITEM if sequence else EMPTY, rule.section)
    elif rule.type == "2C":
        _unasked(rule, item, path, report)


def _unasked(rule: Rule, item: Item, path: str, report: Report) -> None:
    """Report an attribute that must not be there, since its condition is not met."""
    when = rule.condition
    if when is not None and not when.otherwise and when.test(item) is False:
        report.error(path, NOT_MET, rule.section)


def _met(rule: Rule, item: Item) -> bool:
    return rule.condition is not None and rule.condition.test(item) is True


def _check_items(rule: Rule, found: Element, path: str, report: Report) -> None:
    if not found.items:
        if not found.broken:
            report.error(path, NOT_SEQUENCE, "PS3.6 6")
        return
    if rule.single and len(found.items) > 1:
        report.error(path, MANY, rule.section)
    below = rules_of(rule.below)
    for item in found.items:
        check_rules(below, item, report, frozenset())


def _check_choices(rule: Rule, found: Element, path: str, report: Report) -> None:
    for choice in rule.choices:
        for number, text in _chosen(choice, found):
            if not text or text in choice.values or _number(text) in choice.numbers:
                continue
            which = f"Its value {number}" if len(found.values) > 1 else "Its value"
            if choice.enumerated:
                report.error(path, f"{which} is none of the enumerated values.", rule.section)
            else:
                report.note(path, f"{which} is none of the defined terms.", rule.section)


def _chosen(choice: Choice, found: Element) -> Iterator[tuple[int, str]]:
    """Give the values that a choice is about, counted from 1."""
    for number, text in enumerate(found.texts, 1):
        if choice.at in {0, number}:
            yield number, _tag_as_text(found, number - 1) if found.vr == "AT" else text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _tag_as_text(found: Element, index: int) -> str:
    value = found.values[index]
    return f"{value:08X}" if isinstance(value, int) else str(value)
