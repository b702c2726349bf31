"""Functional groups of multi-frame objects (PS3.3 C.7.6.16): each one shared, or in every frame."""

from __future__ import annotations

from xray_studio.dicom.conformance.attributes import check_rules
from xray_studio.dicom.conformance.item import Item
from xray_studio.dicom.conformance.report import Report
from xray_studio.dicom.conformance.tables import ObjectTable, Rule, Use, rules_of

SHARED, EACH = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"
_SECTION = "PS3.3 C.7.6.16"


def check_groups(definition: ObjectTable, root: Item, report: Report) -> None:
    """Check the functional groups of an object that has some."""
    shared, each = root.items(SHARED), root.items(EACH)
    if not definition.groups or not (shared or each):
        return
    _check_count(root, len(each), report)
    for use in definition.groups:
        for rule in rules_of(use.table.rules):
            _check_group(use, rule, root, report)


def _check_count(root: Item, count: int, report: Report) -> None:
    frames = root.whole("NumberOfFrames")
    if count and frames is not None and count != frames:
        report.error(EACH, "It does not have one item for each frame.", _SECTION)


def place_groups(root: Item) -> None:
    """Let conditions look into groups: those of groups themselves, and in one those beside it."""
    shared, each = root.items(SHARED), root.items(EACH)
    root.beside = [*shared, *each[:1]]
    common = [item for group in shared for e in group.elements.values() for item in e.items]
    for group in shared:
        group.beside = common
    for group in each:
        own = [item for element in group.elements.values() for item in element.items]
        group.beside = [*own, *common]


def _check_group(use: Use, rule: Rule, root: Item, report: Report) -> None:
    """Check one group: where it stands, and what it holds."""
    shared = [group for group in root.items(SHARED) if rule.tag in group.elements]
    each = [group for group in root.items(EACH) if rule.tag in group.elements]
    _check_place(rule, root, bool(shared), len(each), report)
    if not shared and not each:
        _check_missing(use, rule, root, report)
    for group in (*shared, *each):
        check_rules((rule,), group, report, frozenset())


def _check_place(rule: Rule, root: Item, shared: bool, each: int, report: Report) -> None:
    if shared and each:
        told = "It is shared by all frames and told for single frames too."
        report.error(f"{SHARED}[1].{rule.keyword}", told, _SECTION)
    elif each and each != len(root.items(EACH)) and rule.type in {"1", "2"}:
        told = "It is told for some frames and not for others."
        report.error(f"{EACH}.{rule.keyword}", told, _SECTION)


def _check_missing(use: Use, rule: Rule, root: Item, report: Report) -> None:
    met = use.condition is not None and use.condition.test(root) is True
    if use.usage == "M" or (use.usage == "C" and met):
        told = "This functional group is required, shared or in each frame, and missing."
        report.error(f"{SHARED}[1].{rule.keyword}", told, use.table.section)
