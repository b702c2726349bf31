"""Values of DICOM elements as short text on one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydicom.tag import BaseTag
from pydicom.uid import UID

from xray_studio.dicom.file.raw_values import printable

LONGEST_TEXT = 400
MOST_NUMBERS = 32
SHORT_BINARY = 16
BINARY_VRS = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN", "OB or OW", "US or OW"))
UNDEFINED = 0xFFFFFFFF


def value_text(vr: str, value: Any, length: int) -> str:
    """Return a value as text: long ones shortened, binary ones as their size.

    `value` None stands for one of `length` bytes that was not read.
    """
    if value is None and length == UNDEFINED:
        return "compressed pixels"
    if value is None:
        return size_text(length) if length else ""
    if isinstance(value, bytes):
        return _binary(value)
    if vr == "AT":
        return "\\".join(map(_tag, _several(value)))
    return _short("\\".join(map(_single, _limited(_several(value)))))


def size_text(length: int) -> str:
    """Return "binary, 2,048 bytes"."""
    return "binary, 1 byte" if length == 1 else f"binary, {length:,} bytes"


def _binary(value: bytes) -> str:
    """Return bytes as text if they are some, as hexadecimal numbers if short, else as a size."""
    text = value.rstrip(b"\0 ")
    if text and text.isascii() and text.decode("ascii").isprintable():
        return _short(text.decode("ascii"))
    if len(value) > SHORT_BINARY:
        return size_text(len(value))
    return value.hex(" ").upper()


def _several(value: Any) -> Sequence[Any]:
    """Return the values of an element that may hold several."""
    several = hasattr(value, "__iter__") and not isinstance(value, str | bytes)
    return list(value) if several and not hasattr(value, "family_name") else [value]


def _limited(values: Sequence[Any]) -> list[Any]:
    if len(values) <= MOST_NUMBERS:
        return list(values)
    return [*values[:MOST_NUMBERS], f"… ({len(values):,} values)"]


def _single(value: Any) -> str:
    if isinstance(value, UID):
        return f"{value} ({value.name})" if value.name != value else str(value)
    if isinstance(value, float):
        return f"{value:g}" if type(value) is float else str(value)
    return printable(str(value).replace("\r\n", "\n").replace("\n", " "))


def _tag(value: Any) -> str:
    tag = BaseTag(value)
    return f"({tag.group:04X},{tag.element:04X})"


def _short(text: str) -> str:
    text = text.strip(" \0")
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}… ({len(text):,} characters)"
