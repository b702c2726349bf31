"""Private attributes that are known to be safe (PS3.15 E.3.10): numbers and nothing else."""

from __future__ import annotations

import re
import struct
from functools import cache
from typing import Any, Final

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from xray_studio.core.resources import resource
from xray_studio.dicom.attributes.values import items, text, value

_FILE: Final = "deidentify/safe-private.txt"
_SIZES: Final = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "SV": 8, "UV": 8}
_NUMBER: Final = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_FIRST, _LAST = 0x10, 0xFF  # elements that reserve blocks
Key = tuple[int, int, str]


@cache
def _known() -> dict[Key, str]:
    lines = (line for line in resource(_FILE).read_text("utf-8").splitlines() if line[:1] != "#")
    rows = (line.split("\t") for line in lines if line)
    return {(int(group, 16), int(last, 16), maker): vr for group, last, maker, vr in rows}


def safe_private(dataset: Dataset) -> frozenset[BaseTag]:
    """Return the private attributes of a data set that stay, creators of their blocks included.

    Safe is what the standard lists, or what the object itself says identifies nobody (Private Data
    Element Characteristics Sequence), as far as its values are numbers.
    """
    told, kept = _told_safe(dataset), set()
    for tag in [tag for tag in dataset.keys() if tag.group % 2]:  # noqa: SIM118 - not its own iterator
        block = tag.element >> 8
        if not _FIRST <= block <= _LAST:
            continue
        creator = BaseTag(tag.group << 16 | block)
        maker, last = text(dataset, creator), tag.element & 0xFF
        vr = _known().get((tag.group, last, maker), "")
        if not vr and (tag.group, last, maker) in told:
            vr = _stated(dataset, tag)
        if vr and _is_number(dataset.get_item(tag), vr):
            kept |= {tag, creator}
    return frozenset(kept)


def _told_safe(dataset: Dataset) -> frozenset[Key]:
    """Return what Private Data Element Characteristics Sequence (PS3.3 C.12.1.1.7) calls safe."""
    found: set[Key] = set()
    for item in items(dataset, "PrivateDataElementCharacteristicsSequence"):
        group, maker = value(item, "PrivateGroupReference"), text(item, "PrivateCreatorReference")
        if not isinstance(group, int):
            continue
        if text(item, "BlockIdentifyingInformationStatus") == "SAFE":
            found |= {(group, last, maker) for last in range(0x100)}
        named = value(item, "NonidentifyingPrivateElements")
        single = [named] if isinstance(named, int) else named or ()
        found |= {(group, int(last), maker) for last in single}
    return frozenset(found)


def _stated(dataset: Dataset, tag: BaseTag) -> str:
    raw = dataset.get_item(tag)
    vr = "" if raw is None or raw.VR is None else str(raw.VR)
    return vr if vr in _SIZES or vr in {"DS", "IS"} else ""


def _is_number(raw: Any, vr: str) -> bool:
    """Tell whether an element holds numbers of a VR, as it stands in the file."""
    if not isinstance(raw, RawDataElement) or raw.VR not in {None, "UN", vr}:
        return False
    data = raw.value or b""
    if vr in _SIZES:
        return len(data) % _SIZES[vr] == 0 and len(data) <= 64 * struct.calcsize("d")
    parts = data.decode("ascii", "replace").strip("\0 ").split("\\")
    return all(_NUMBER.fullmatch(part) for part in parts)
