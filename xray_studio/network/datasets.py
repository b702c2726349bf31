"""Identifiers of queries: plain values into encoded data sets, and back as text."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pynetdicom.dsutils import decode, encode

from xray_studio.core.pacs.errors import PeerError
from xray_studio.network.contexts import IMPLICIT

Values = Mapping[str, "str | Values"]
"""Values by keyword; a mapping stands for a sequence of one item."""

UNICODE = "ISO_IR 192"


def identifier(values: Values) -> Dataset:
    """Return a data set of the values that are looked for and those that are wanted back."""
    made = _filled(values)
    if not _plain(values):
        made.SpecificCharacterSet = UNICODE
    return made


def encoded(dataset: Dataset, syntax: str) -> BytesIO:
    """Return a data set in a little endian syntax."""
    made = encode(dataset, syntax == IMPLICIT, is_little_endian=True)
    if made is None:
        raise PeerError("What is looked for cannot be put into a query; use plain letters.")
    return BytesIO(made)


def decoded(answer: BytesIO, syntax: str) -> Dataset:
    """Return the data set of an answer."""
    return decode(answer, syntax == IMPLICIT, is_little_endian=True)


def text(dataset: Dataset, keyword: str) -> str:
    """Return a value as text, several ones joined by a backslash, "" for none."""
    value: Any = dataset.get(keyword)
    if value is None:
        return ""
    if isinstance(value, MultiValue | list | tuple):
        return "\\".join(str(one) for one in value)
    return str(value).strip("\0 ")


def number(dataset: Dataset, keyword: str) -> int | None:
    """Return a whole number, None for none."""
    try:
        return int(text(dataset, keyword))
    except ValueError:
        return None


def _filled(values: Values) -> Dataset:
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value if isinstance(value, str) else [_filled(value)])
    return made


def _plain(values: Values) -> bool:
    return all(
        value.isascii() if isinstance(value, str) else _plain(value) for value in values.values()
    )
