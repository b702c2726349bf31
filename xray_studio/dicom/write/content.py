"""Content items of structured reports (PS3.3 C.17.3), as the writers of reports need them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydicom import Dataset
from pydicom.sequence import Sequence

from xray_studio.dicom.write.objects import Code, coded, reference

UNITS = {
    "s": "s", "ms": "ms", "kV": "kV", "mA": "mA", "mm": "mm", "deg": "deg", "Gy": "Gy",
    "Gy.m2": "Gy.m2", "1": "no units", "{pulse}/s": "pulse/s", "mm2": "mm2",
    "{pixels}": "pixels", "{pixels2}": "square pixels",
}  # fmt: skip


def container(name: Code, *children: Dataset, template: str = "") -> Dataset:
    """Container of items; `template` is the TID it follows."""
    item = _item("CONTAINER", name, "CONTAINS")
    item.ContinuityOfContent = "SEPARATE"
    if template:
        which = Dataset()
        which.MappingResource, which.TemplateIdentifier = "DCMR", template
        item.ContentTemplateSequence = Sequence([which])
    item.ContentSequence = Sequence(children)
    return item


def number(name: Code, value: float, unit: str, *children: Dataset) -> Dataset:
    """Give a number with its unit (UCUM)."""
    measured = Dataset()
    measured.NumericValue = f"{value:.7g}"
    measured.MeasurementUnitsCodeSequence = coded((unit, "UCUM", UNITS[unit]))
    item = _item("NUM", name, "CONTAINS")
    item.MeasuredValueSequence = Sequence([measured])
    return _with(item, children)


def concept(name: Code, value: Code, *children: Dataset, relation: str = "CONTAINS") -> Dataset:
    """Give a code."""
    item = _item("CODE", name, relation)
    item.ConceptCodeSequence = coded(value)
    return _with(item, children)


def text(name: Code, value: str, relation: str = "CONTAINS", *children: Dataset) -> Dataset:
    """Give text."""
    item = _item("TEXT", name, relation)
    item.TextValue = value
    return _with(item, children)


def moment(name: Code, value: datetime, relation: str = "CONTAINS") -> Dataset:
    """Give a date and time."""
    item = _item("DATETIME", name, relation)
    item.DateTime = f"{value:%Y%m%d%H%M%S}"
    return item


def uid(name: Code, value: str, relation: str = "CONTAINS") -> Dataset:
    """Give a UID."""
    item = _item("UIDREF", name, relation)
    item.UID = value
    return item


def person(name: Code, value: str, relation: str = "CONTAINS") -> Dataset:
    """Give the name of a person (PN)."""
    item = _item("PNAME", name, relation)
    item.PersonName = value
    return item


def image(
    sop_class: str, instance: str, frames: tuple[int, ...] = (), name: Code | None = None
) -> Dataset:
    """Name an image, or frames of it counted from 0."""
    item = _item("IMAGE", name, "CONTAINS")
    item.ReferencedSOPSequence = Sequence([reference(sop_class, instance, frames)])
    return item


def shape(kind: str, points: Iterable[tuple[float, float]], on: Dataset) -> Dataset:
    """Mark a shape of (column, row) from the corner of the first pixel (PS3.3 C.18.6).

    `on` is the image that it is selected from.
    """
    item = _item("SCOORD", None, "INFERRED FROM")
    item.GraphicType = kind
    item.GraphicData = [float(one) for point in points for one in point]
    on.RelationshipType = "SELECTED FROM"
    return _with(item, (on,))


def _with(item: Dataset, children: Iterable[Dataset]) -> Dataset:
    below = list(children)
    if below:
        item.ContentSequence = Sequence(below)
    return item


def _item(kind: str, name: Code | None, relation: str) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = relation, kind
    if name is not None:
        item.ConceptNameCodeSequence = coded(name)
    return item


def as_document(root: Dataset) -> Dataset:
    """Return the content of an object whose root is a container."""
    del root.RelationshipType
    return root
