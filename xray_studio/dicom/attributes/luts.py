"""Look-up tables of an object (PS3.3 C.11.1.1.1, C.11.2.1.1, C.11.6), made safe with a warning."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from xray_studio.core.lut import LookupTable
from xray_studio.dicom.attributes.values import numbers, text, value

Entries: TypeAlias = npt.NDArray[np.int64]
UNITS = {"US": "", "BQML": "Bq/ml", "CNTS": "counts", "NONE": ""}
DEEPEST = 16
TELLING = 16  # entries; fewer may run up or down by chance


def lookup_table(
    item: Dataset, what: str, warnings: list[str], *, signed: bool, name: str = ""
) -> LookupTable | None:
    """Return a table of a LUT Sequence item; None, with a warning, when it cannot be followed.

    `what` is what it is called ("VOI LUT"), `name` the keyword that says what comes out ("HU").
    """
    descriptor = words(item, "LUTDescriptor")
    if len(descriptor) < 3:
        warnings.append(f"The {what} does not say how long it is and is left out.")
        return None
    count, stated = descriptor[0] & 0xFFFF or 65_536, descriptor[2] & 0xFFFF
    entries = _table_data(item, count, stated)
    if len(entries) < count:
        warnings.append(
            f"The {what} has {len(entries)} of {count} entries; it is damaged and left out."
        )
        return None
    if (stored := _stored_entries(item)) > count + 1:
        warnings.append(f"The {what} has {stored} entries and says {count}; the rest is left out.")
    entries = _in_order(entries, what, warnings)
    entries, bits = _depth(entries, stated, what, warnings)
    unit = text(item, name) if name else ""
    return LookupTable(
        first=signed_word(descriptor[1], signed),
        bits=bits,
        entries=entries.astype("<u2").tobytes(),
        explanation=text(item, "LUTExplanation"),
        unit=UNITS.get(unit, unit),
    )


def _table_data(item: Dataset, count: int, bits: int) -> Entries:
    """Return at most `count` entries; 8-bit ones may be packed two to a word."""
    data = value(item, "LUTData")
    if not isinstance(data, bytes):
        return np.array(words(item, "LUTData")[:count], dtype=np.int64) & 0xFFFF
    order = "<" if little_endian(item) else ">"
    if bits <= 8 and len(data) < 2 * count:
        # Packed entries are words as well: the first of two is the low byte (PS3.3 C.11.1.1.1).
        low_first = np.frombuffer(data.ljust(len(data) + len(data) % 2, b"\0"), f"{order}u2")
        packed = low_first.astype("<u2").view(np.uint8)[: len(data)]
        return packed[:count].astype(np.int64)
    return np.frombuffer(data[: len(data) // 2 * 2], f"{order}u2")[:count].astype(np.int64)


def _stored_entries(item: Dataset) -> int:
    """Return how many words LUT Data has; packed entries of 8 bits take half of one."""
    data = value(item, "LUTData")
    return len(data) // 2 if isinstance(data, bytes) else len(words(item, "LUTData"))


def _in_order(entries: Entries, what: str, warnings: list[str]) -> Entries:
    """Return entries with their bytes in order: swapped ones run up or down only swapped back."""
    if len(entries) < TELLING or _runs_one_way(entries):
        return entries
    swapped = ((entries & 0xFF) << 8) | entries >> 8
    if int(entries.max()) <= 0xFF:  # packed bytes: the two of a word
        even = len(entries) // 2 * 2
        swapped = np.concatenate((entries[:even].reshape(-1, 2)[:, ::-1].ravel(), entries[even:]))
    if not _runs_one_way(swapped):
        return entries
    warnings.append(f"The bytes of the {what} are swapped; they are put in order.")
    return swapped


def _runs_one_way(entries: Entries) -> bool:
    steps = np.diff(entries)
    return bool((steps >= 0).all() or (steps <= 0).all())


def _depth(entries: Entries, stated: int, what: str, warnings: list[str]) -> tuple[Entries, int]:
    """Return the entries and how many bits they have, which the descriptor may tell wrongly."""
    highest = int(entries.max())
    if 8 <= stated <= DEEPEST and highest < 1 << stated:
        return entries, stated
    if stated == 8 and not (entries & 0xFF).any():
        return entries >> 8, 8  # 8 bits in the upper half of 16
    if stated == 8 and (entries >> 8 == entries & 0xFF).all():
        return entries & 0xFF, 8  # and in both halves
    bits = max(8, highest.bit_length())
    warnings.append(f"The {what} says that it has {stated} bits; it is shown with {bits}.")
    return entries, bits


def little_endian(dataset: Dataset) -> bool:
    """Tell whether an object is stored little endian."""
    return dataset.original_encoding[1] is not False


def words(dataset: Dataset, keyword: str | int) -> list[int]:
    """Return 16-bit numbers of US, SS or OW; pydicom leaves ambiguous ones as bytes."""
    found: Any = value(dataset, keyword)
    if isinstance(found, bytes):
        order = "<" if little_endian(dataset) else ">"
        return [int(v) for v in np.frombuffer(found[: len(found) // 2 * 2], f"{order}u2")]
    return [int(v) for v in numbers(dataset, keyword)]


def word_of(dataset: Dataset, keyword: str | int) -> int | None:
    """Return the first 16-bit number of a value."""
    found = words(dataset, keyword)
    return found[0] if found else None


def signed_word(word: int, signed: bool) -> int:
    """Return a 16-bit word as signed or unsigned, whichever way it was read."""
    if word < -(1 << 15) or word > 0xFFFF:
        return word
    unsigned = word & 0xFFFF
    return unsigned - (1 << 16) if signed and unsigned & 0x8000 else unsigned
