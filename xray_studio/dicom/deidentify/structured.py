"""Content of structured reports (PS3.3 C.17.3): what of it stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from xray_studio.dicom.attributes.values import items, text
from xray_studio.dicom.deidentify.cleaning import Cleaner
from xray_studio.dicom.deidentify.dummies import REMOVED
from xray_studio.dicom.write.objects import Code, coded

_COMMENT: Final[Code] = ("121106", "DCM", "Comment")
_REFERENCES: Final = frozenset(("IMAGE", "COMPOSITE", "WAVEFORM"))
_PLAIN: Final = frozenset(("NUM", "SCOORD", "SCOORD3D", "TCOORD", "CONTAINER", *_REFERENCES))
_POINTER: Final = ("RelationshipType", "ValueType", "ReferencedSOPSequence")


def references_only(found: Iterable[Dataset]) -> list[Dataset]:
    """Return what the Basic Profile leaves of content: references to other objects.

    Key objects and reports go on to point at the images of the set. Where there are none, a text
    that says nothing stands in, since content is needed.
    """
    kept = [_pointer(item) for item in _leaves(found) if text(item, "ValueType") in _REFERENCES]
    return kept or [_nothing()]


def _leaves(found: Iterable[Dataset]) -> list[Dataset]:
    every: list[Dataset] = []
    for item in found:
        every += [item, *_leaves(items(item, "ContentSequence"))]
    return every


def _pointer(item: Dataset) -> Dataset:
    made = Dataset()
    for keyword in _POINTER:
        if keyword in item:
            made[keyword] = item[keyword]
    made.RelationshipType = "CONTAINS"
    return made


def _nothing() -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "TEXT"
    item.ConceptNameCodeSequence = coded(_COMMENT)
    item.TextValue = REMOVED
    return item


def cleaned_content(found: Iterable[Dataset], clean: Cleaner) -> list[Dataset]:
    """Return content items with codes, numbers and places, and without free text (E.3.4).

    Items whose concept is no published code go, with all that they hold.
    """
    return [item for item in found if _clean_item(item, clean)]


def _clean_item(item: Dataset, clean: Cleaner) -> bool:
    if "CodeValue" in item:
        return clean.code(item)
    kind = text(item, "ValueType")
    names = items(item, "ConceptNameCodeSequence")
    if names and not all(clean.code(name) for name in names):
        return False
    if kind and kind not in _PLAIN:
        handle = _KINDS.get(kind)
        if handle is None or not handle(item, clean):
            return False
    elif not kind and not names:
        # Items that point at others by their place would point at wrong ones (PS3.3 C.17.3.2.5).
        return "ReferencedContentItemIdentifier" not in item and _other(item, clean)
    inside = items(item, "ContentSequence")
    if inside:
        item.ContentSequence = Sequence(cleaned_content(inside, clean))
    return True


def _other(item: Dataset, clean: Cleaner) -> bool:
    """Clean an item that holds content deeper down, as that of specimen preparation does."""
    for element in item:
        if element.VR == "SQ":
            element.value = Sequence(cleaned_content(tuple(element.value), clean))
    return True


def _text(item: Dataset, clean: Cleaner) -> bool:
    if not clean.is_safe(text(item, "TextValue")):
        item.TextValue = REMOVED
    return True


def _code(item: Dataset, clean: Cleaner) -> bool:
    return all(clean.code(code) for code in items(item, "ConceptCodeSequence"))


def _person(item: Dataset, clean: Cleaner) -> bool:
    item.PersonName = clean.person(text(item, "PersonName"))
    return True


def _uid(item: Dataset, clean: Cleaner) -> bool:
    item.UID = clean.uid(text(item, "UID"))
    return True


def _moment(keyword: str, vr: str) -> Callable[[Dataset, Cleaner], bool]:
    def clean_moment(item: Dataset, clean: Cleaner) -> bool:
        setattr(item, keyword, clean.moment(vr, text(item, keyword)))
        return True

    return clean_moment


_KINDS: Final[dict[str, Callable[[Dataset, Cleaner], bool]]] = {
    "TEXT": _text,
    "CODE": _code,
    "PNAME": _person,
    "UIDREF": _uid,
    "DATE": _moment("Date", "DA"),
    "TIME": _moment("Time", "TM"),
    "DATETIME": _moment("DateTime", "DT"),
}
