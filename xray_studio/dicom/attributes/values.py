"""Single values of a data set, read tolerantly: a value that breaks its rules counts as absent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from pydicom.datadict import dictionary_description, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag


@cache
def tag_of(keyword: str | int) -> BaseTag:
    """Return the tag of an attribute of the standard; pydicom's own look-up by name is slow.

    Those of repeating groups have no keyword and are named by their number.
    """
    tag = keyword if isinstance(keyword, int) else tag_for_keyword(keyword)
    assert tag is not None, keyword
    return BaseTag(tag)


def value(dataset: Dataset, keyword: str | int) -> Any:
    """Return a value of any type, None when absent, empty or unreadable."""
    tag = tag_of(keyword)
    if tag not in dataset:
        return None
    try:
        found = dataset[tag].value
    except Exception:  # noqa: BLE001 - pydicom raises many kinds on values that break their VR
        return None
    return None if found is None or (isinstance(found, str) and not found.strip()) else found


def text(dataset: Dataset, keyword: str | int) -> str:
    """Return the text of a value, several values joined with a backslash."""
    found = value(dataset, keyword)
    if found is None or isinstance(found, (bytes, Dataset)):
        return ""
    parts = found if _is_list(found) else [found]
    return "\\".join(str(part) for part in parts).strip(" \0")


def number(dataset: Dataset, keyword: str | int) -> float | None:
    """Return the first finite number of a value."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def integer(dataset: Dataset, keyword: str | int) -> int | None:
    """Return the first whole number of a value."""
    found = number(dataset, keyword)
    return None if found is None else int(found)


def numbers(dataset: Dataset, keyword: str | int) -> tuple[float, ...]:
    """Return every finite number of a value; text that is no number ends the list."""
    found = value(dataset, keyword)
    if found is None or isinstance(found, (bytes, Dataset)):
        return ()
    return tuple(_finite(found if _is_list(found) else [found]))


def no_numbers(dataset: Dataset, *keywords: str) -> list[str]:
    """Return the names of attributes that have a value but no number where one belongs."""
    return [
        dictionary_description(tag_of(keyword))
        for keyword in keywords
        if not numbers(dataset, keyword) and _is_filled(dataset, tag_of(keyword))
    ]


def _is_filled(dataset: Dataset, tag: BaseTag) -> bool:
    if tag not in dataset:
        return False
    stored: Any = dataset.get_item(tag)
    return bool(str(getattr(stored, "value", None) or "").strip("b' \0"))


def items(dataset: Dataset, keyword: str | int) -> tuple[Dataset, ...]:
    """Return the items of a sequence, none when it is no sequence."""
    found = value(dataset, keyword)
    if found is None or isinstance(found, (str, bytes)) or not _is_list(found):
        return ()
    return tuple(item for item in found if isinstance(item, Dataset))


def _is_list(found: Any) -> bool:
    return not isinstance(found, (str, bytes)) and hasattr(found, "__iter__") and not hasattr(
        found, "family_name"
    )  # fmt: skip


def _finite(found: Iterable[Any]) -> Iterable[float]:
    for part in found:
        try:
            converted = float(part)
        except (TypeError, ValueError):
            return
        if not math.isfinite(converted):
            return
        yield converted
