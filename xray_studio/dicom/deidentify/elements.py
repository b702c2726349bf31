"""Single elements of a data set, whatever they say of themselves."""

from __future__ import annotations

from typing import Any

from pydicom.datadict import get_entry, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.values import convert_SQ

_LONGEST = 60  # letters of a value on the screen


def known_vr(tag: int) -> str:
    """Return the VR that PS3.6 gives an attribute, "" for one that it does not know."""
    try:
        vr: str = get_entry(tag)[0]
    except KeyError:
        return ""
    return vr


def vr_of(dataset: Dataset, tag: BaseTag) -> str:
    """Return the VR of an element: as the file says or, where that tells nothing, by PS3.6."""
    raw = dataset.get_item(tag)
    stated = None if raw is None else raw.VR
    return str(stated) if stated not in {None, "UN"} else known_vr(tag).split(" ")[0] or "UN"


def element(dataset: Dataset, tag: BaseTag) -> DataElement | None:
    """Return an element, None for one that cannot be read.

    A sequence that is stored as unknown (UN), or as bytes, is implicit little endian whatever the
    file is (PS3.5 6.2.2).
    """
    raw: Any = dataset.get_item(tag)
    if isinstance(raw, RawDataElement) and raw.VR is None and not known_vr(tag):
        return None
    try:
        hidden = isinstance(raw, RawDataElement) and raw.VR not in {None, "SQ"}
        if hidden and known_vr(tag) == "SQ":
            encoding = getattr(dataset, "_character_set", None)
            value = convert_SQ(
                raw.value or b"", is_implicit_VR=True, is_little_endian=True, encoding=encoding
            )
            dataset[tag] = DataElement(tag, "SQ", value)
        return dataset[tag]
    except Exception:  # noqa: BLE001 - pydicom raises many kinds on values that break their VR
        return None


def items_of(found: DataElement) -> tuple[Dataset, ...]:
    """Return the items of a sequence element."""
    value = found.value
    return tuple(value) if isinstance(value, Sequence) else ()


def texts(found: DataElement) -> list[str]:
    """Return the values of an element as text."""
    value = found.value
    if value is None or isinstance(value, bytes):
        return []
    several = isinstance(value, list | tuple) or type(value).__name__ == "MultiValue"
    return [str(part) for part in (value if several else [value])]


def name_of(tag: BaseTag) -> str:
    """Return the keyword of an attribute, its number where it has none."""
    word = "" if tag.is_private else keyword_for_tag(tag)
    return word or f"({tag.group:04X},{tag.element:04X})"


def shown(found: DataElement | None) -> str:
    """Return the value of an element for the screen."""
    if found is None:
        return "unreadable"
    if found.VR == "SQ":
        count = len(items_of(found))
        return f"{count} item{'' if count == 1 else 's'}"
    if isinstance(found.value, bytes):
        return f"{len(found.value):,} bytes"
    told = "\\".join(texts(found))
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
