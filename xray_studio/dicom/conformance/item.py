"""A data set as checks read it: values as plain numbers and text, found by tag or keyword.

pydicom's own look-up is too slow for the many questions that a check asks, and converts values each
in its own type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

from xray_studio.dicom.attributes.values import tag_of

Value = str | int | float | bytes


@cache
def keyword_of(tag: int) -> str:
    """Return the keyword of a tag; one without is written as (gggg,eeee)."""
    return keyword_for_tag(BaseTag(tag)) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


@dataclass(slots=True)
class Element:
    """One attribute: its VR, and either values or items. `broken` stands for an unreadable one."""

    tag: int
    vr: str
    values: tuple[Value, ...] = ()
    items: tuple[Item, ...] = ()
    broken: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no value and no item."""
        return (
            not self.items and not self.broken and all(value in ("", b"") for value in self.values)
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as text; a tag as its keyword."""
        return tuple(self._text(value) for value in self.values)

    def _text(self, value: Value) -> str:
        if self.vr == "AT" and isinstance(value, int):
            return keyword_of(value)
        return str(value).strip(" \0")


@dataclass(slots=True)
class Item:
    """A data set with its place: the item it is in and its path."""

    elements: dict[int, Element]
    above: Item | None = None
    path: str = ""
    beside: list[Item] = field(default_factory=list)

    def get(self, tag: int | str) -> Element | None:
        """Return an attribute of this data set."""
        return self.elements.get(tag if isinstance(tag, int) else int(tag_of(tag)))

    def filled(self, tag: int | str) -> Element | None:
        """Return an attribute that has a value."""
        found = self.get(tag)
        return None if found is None or found.is_empty else found

    def text(self, keyword: str) -> str:
        """Return the first value as text, "" when absent."""
        found = self.get(keyword)
        return found.texts[0] if found and found.texts else ""

    def number(self, keyword: str) -> float | None:
        """Return the first value as a number, None when absent or no number."""
        found = numbers(self.get(keyword))
        return found[0] if found else None

    def whole(self, keyword: str) -> int | None:
        """Return the first value as a whole number."""
        found = self.number(keyword)
        return None if found is None else int(found)

    def items(self, keyword: str) -> tuple[Item, ...]:
        """Return the items of a sequence."""
        found = self.get(keyword)
        return found.items if found else ()

    def at(self, tag: int | str) -> str:
        """Return the path of an attribute of this data set."""
        name = keyword_of(tag) if isinstance(tag, int) else tag
        return f"{self.path}.{name}" if self.path else name

    def outwards(self) -> Iterator[Item]:
        """Give this data set and those it is in, the nearest first."""
        here: Item | None = self
        while here is not None:
            yield here
            here = here.above

    def everything(self) -> Iterator[tuple[Item, Element]]:
        """Give every attribute with its data set, those of items too."""
        for element in self.elements.values():
            yield self, element
            for item in element.items:
                yield from item.everything()


def numbers(element: Element | None) -> tuple[float, ...]:
    """Return the values of an attribute that are numbers."""
    if element is None:
        return ()
    found = []
    for value in element.values:
        try:
            found.append(float(value) if not isinstance(value, bytes) else float("nan"))
        except ValueError:
            continue
    return tuple(found)


def item_of(dataset: Dataset, above: Item | None = None, path: str = "") -> Item:
    """Return a data set for checks. Read it within `lenient_pydicom`."""
    made = Item({}, above, path)
    for tag in sorted(dataset.keys()):
        made.elements[int(tag)] = _element(dataset, tag, made)
    return made


def _element(dataset: Dataset, tag: BaseTag, owner: Item) -> Element:
    try:
        found = dataset[tag]
    except Exception:  # noqa: BLE001 - pydicom raises many kinds on values that break their VR
        raw = dataset.get_item(tag)
        return Element(int(tag), str(getattr(raw, "VR", None) or "UN"), broken=True)
    if found.VR == "SQ":
        return _sequence(found, owner)
    return Element(int(tag), str(found.VR), _values(found.value))


def _sequence(found: DataElement, owner: Item) -> Element:
    base = owner.at(int(found.tag))
    items = tuple(
        item_of(item, owner, f"{base}[{number}]") for number, item in enumerate(found.value, 1)
    )
    return Element(int(found.tag), "SQ", items=items)


def _values(value: Any) -> tuple[Value, ...]:
    if value is None:
        return ()
    if isinstance(value, MultiValue | list | tuple):
        return tuple(_plain(part) for part in value)
    return (_plain(value),)


def _plain(value: Any) -> Value:
    if type(value) in {str, int, float, bytes}:
        return value  # type: ignore[no-any-return]  # one of the four
    original = getattr(value, "original_string", None)
    if isinstance(original, str):
        return original
    if isinstance(value, BaseTag):
        return int(value)
    return "" if value is None else str(value)
