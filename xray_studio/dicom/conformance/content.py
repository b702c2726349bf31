"""Content of structured reports (PS3.3 C.17.3): value types and relationships of every item."""

from __future__ import annotations

from collections.abc import Iterator

from xray_studio.dicom.conformance.attributes import MISSING, MISSING_EMPTY, check_rules
from xray_studio.dicom.conformance.item import Item
from xray_studio.dicom.conformance.report import Report
from xray_studio.dicom.conformance.tables import code_rules

_SECTION = "PS3.3 C.17.3"
# What each value type is made of: attribute and its type.
_VALUES: dict[str, tuple[tuple[str, str], ...]] = {
    "TEXT": (("TextValue", "1"),),
    "NUM": (("MeasuredValueSequence", "2"),),
    "CODE": (("ConceptCodeSequence", "1"),),
    "DATETIME": (("DateTime", "1"),),
    "DATE": (("Date", "1"),),
    "TIME": (("Time", "1"),),
    "UIDREF": (("UID", "1"),),
    "PNAME": (("PersonName", "1"),),
    "COMPOSITE": (("ReferencedSOPSequence", "1"),),
    "IMAGE": (("ReferencedSOPSequence", "1"),),
    "WAVEFORM": (("ReferencedSOPSequence", "1"),),
    "SCOORD": (("GraphicType", "1"), ("GraphicData", "1")),
    "SCOORD3D": (
        ("GraphicType", "1"), ("GraphicData", "1"), ("ReferencedFrameOfReferenceUID", "1"),
    ),
    "TCOORD": (("TemporalRangeType", "1"),),
    "CONTAINER": (("ContinuityOfContent", "1"),),
    "TABLE": (("NumberOfTableRows", "1"), ("NumberOfTableColumns", "1")),
}  # fmt: skip
_NAMED = frozenset({"TEXT", "NUM", "CODE", "DATETIME", "DATE", "TIME", "UIDREF", "PNAME"})
_RELATIONS = frozenset(
    {"CONTAINS", "HAS OBS CONTEXT", "HAS CONCEPT MOD", "HAS PROPERTIES", "HAS ACQ CONTEXT",
     "INFERRED FROM", "SELECTED FROM"}
)  # fmt: skip
_BASIC = frozenset(_VALUES) - {"NUM", "SCOORD", "SCOORD3D", "TCOORD", "TABLE"}
_ENHANCED = frozenset(_VALUES) - {"SCOORD3D", "TABLE"}
_KEY_OBJECTS = frozenset({"TEXT", "CODE", "UIDREF", "PNAME", "IMAGE", "WAVEFORM", "COMPOSITE",
                          "CONTAINER"})  # fmt: skip
# Value types of a kind of document (PS3.3 A.35); of others all count.
_ALLOWED = {
    "basic-text-sr": _BASIC,
    "enhanced-sr": _ENHANCED,
    "comprehensive-sr": _ENHANCED,
    "key-object-selection-document": _KEY_OBJECTS,
}
_POINTS = {"POINT": 1, "CIRCLE": 2, "ELLIPSE": 4}


def check_content(kind: str, root: Item, report: Report) -> None:
    """Check the tree of a document; other objects have none."""
    if root.get("ValueType") is None and not kind.endswith("-sr"):
        return
    if root.text("ValueType") != "CONTAINER":
        report.error("ValueType", "The root of a report is a CONTAINER.", _SECTION)
    allowed = _ALLOWED.get(kind, frozenset(_VALUES))
    _check_item(root, allowed, report, root=True)
    for item in _below(root):
        if item.filled("ReferencedContentItemIdentifier") is None:
            _check_item(item, allowed, report, root=False)
        _check_relation(item, report)


def _below(item: Item) -> Iterator[Item]:
    for inner in item.items("ContentSequence"):
        yield inner
        yield from _below(inner)


def _check_relation(item: Item, report: Report) -> None:
    relation, path = item.text("RelationshipType"), item.at("RelationshipType")
    if not relation:
        report.error(path, MISSING, "PS3.3 C.17.3.2.4")
    elif relation not in _RELATIONS:
        report.error(path, "Its value is none of the enumerated values.", "PS3.3 C.17.3.2.4")


def _check_item(item: Item, allowed: frozenset[str], report: Report, *, root: bool) -> None:
    kind, path = item.text("ValueType"), item.at("ValueType")
    if not kind:
        report.error(path, MISSING, "PS3.3 C.17.3.2.1")
        return
    if kind not in _VALUES:
        report.error(path, "Its value is none of the enumerated values.", "PS3.3 C.17.3.2.1")
        return
    if kind not in allowed:
        report.error(path, "This kind of document has no such content.", "PS3.3 A.35")
    _check_name(item, kind, report, root=root)
    for keyword, needed in _VALUES[kind]:
        found = item.get(keyword)
        if found is None or (needed == "1" and found.is_empty):
            told = MISSING if needed == "1" else MISSING_EMPTY
            report.error(item.at(keyword), told, _SECTION)
    _check_parts(item, kind, report)


def _check_name(item: Item, kind: str, report: Report, *, root: bool) -> None:
    names = item.items("ConceptNameCodeSequence")
    if not names and (kind in _NAMED or root):
        report.error(item.at("ConceptNameCodeSequence"), MISSING, "PS3.3 C.17.3.2.2")
    for name in names:
        check_rules(code_rules(), name, report, frozenset())


def _check_parts(item: Item, kind: str, report: Report) -> None:
    for code in item.items("ConceptCodeSequence"):
        check_rules(code_rules(), code, report, frozenset())
    for measured in item.items("MeasuredValueSequence"):
        _check_measured(measured, report)
    for named in item.items("ReferencedSOPSequence"):
        for keyword in ("ReferencedSOPClassUID", "ReferencedSOPInstanceUID"):
            if named.filled(keyword) is None:
                report.error(named.at(keyword), MISSING, "PS3.3 10.8")
    if kind == "SCOORD":
        _check_points(item, report)


def _check_measured(item: Item, report: Report) -> None:
    if item.filled("NumericValue") is None:
        report.error(item.at("NumericValue"), MISSING, "PS3.3 C.18.1")
    units = item.items("MeasurementUnitsCodeSequence")
    if not units:
        report.error(item.at("MeasurementUnitsCodeSequence"), MISSING, "PS3.3 C.18.1")
    for unit in units:
        check_rules(code_rules(), unit, report, frozenset())


def _check_points(item: Item, report: Report) -> None:
    """Check the number of coordinates (PS3.3 C.18.6.1.2)."""
    data, kind = item.filled("GraphicData"), item.text("GraphicType")
    count = len(data.values) if data else 0
    wanted = _POINTS.get(kind)
    if count % 2 or (wanted is not None and count != 2 * wanted):
        told = "It does not have as many coordinates as its Graphic Type asks for."
        report.error(item.at("GraphicData"), told, "PS3.3 C.18.6.1.2")
    if kind not in {"POINT", "MULTIPOINT", "POLYLINE", "CIRCLE", "ELLIPSE"}:
        path = item.at("GraphicType")
        report.error(path, "Its value is none of the enumerated values.", "PS3.3 C.18.6.1.2")
