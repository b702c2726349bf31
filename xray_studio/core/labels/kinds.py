"""What segments can be of, in the words of the standard (PS3.16 CID 7150, SNOMED CT). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xray_studio.core.content import Code
from xray_studio.core.errors import UsageError
from xray_studio.core.shutter import Colour

TISSUE: Final = Code("85756007", "SCT", "Tissue")
ANATOMY: Final = Code("123037004", "SCT", "Anatomical Structure")
ALTERED: Final = Code("49755003", "SCT", "Morphologically Altered Structure")


@dataclass(frozen=True, slots=True)
class SegmentKind:
    """A choice of a list: its name, its codes and the colour that it usually has."""

    name: str
    category: Code
    code: Code
    colour: Colour


def _kind(name: str, category: Code, value: str, meaning: str, colour: Colour) -> SegmentKind:
    return SegmentKind(name, category, Code(value, "SCT", meaning), colour)


KINDS: Final[dict[str, SegmentKind]] = {
    one.name: one
    for one in (
        _kind("tissue", TISSUE, "85756007", "Tissue", (0x5E, 0xC8, 0x6E)),
        _kind("bone", ANATOMY, "272673000", "Bone", (0xF1, 0xD6, 0x91)),
        _kind("skull", ANATOMY, "89546000", "Skull", (0xF1, 0xD6, 0x91)),
        _kind("lung", ANATOMY, "39607008", "Lung", (0x5E, 0x9C, 0xE9)),
        _kind("trachea", ANATOMY, "44567001", "Trachea", (0x5E, 0xDC, 0xD2)),
        _kind("heart", ANATOMY, "80891009", "Heart", (0xCE, 0x6E, 0x54)),
        _kind("aorta", ANATOMY, "15825003", "Aorta", (0xE0, 0x61, 0x4C)),
        _kind("vessel", ANATOMY, "59820001", "Blood Vessel", (0xE9, 0x5E, 0x5E)),
        _kind("liver", ANATOMY, "10200004", "Liver", (0xDD, 0x82, 0x65)),
        _kind("spleen", ANATOMY, "78961009", "Spleen", (0x9D, 0x6C, 0xA2)),
        _kind("kidney", ANATOMY, "64033007", "Kidney", (0xB9, 0x66, 0x53)),
        _kind("brain", ANATOMY, "12738006", "Brain", (0xFA, 0xFA, 0xE1)),
        _kind("skin", ANATOMY, "39937001", "Skin", (0xD8, 0xA5, 0x88)),
        _kind("muscle", TISSUE, "91727004", "Muscle", (0xC0, 0x68, 0x58)),
        _kind("fat", TISSUE, "55603005", "Fat", (0xE6, 0xDC, 0x46)),
        _kind("neoplasm", ALTERED, "108369006", "Neoplasm", (0x90, 0xEE, 0x90)),
        _kind("mass", ALTERED, "4147007", "Mass", (0xC8, 0x6E, 0xE9)),
        _kind("nodule", ALTERED, "27925004", "Nodule", (0xF0, 0x96, 0x5A)),
        _kind("lesion", ALTERED, "52988006", "Lesion", (0xE9, 0xC8, 0x5E)),
        _kind("edema", ALTERED, "79654002", "Edema", (0x8C, 0xE0, 0xE4)),
        _kind("necrosis", ALTERED, "6574001", "Necrosis", (0xD8, 0xBF, 0xD8)),
    )
}


def kind_of(name: str) -> SegmentKind:
    """Return what segments of a name are. Raises UsageError for a name that is not there."""
    found = KINDS.get(name)
    if found is None:
        raise UsageError(
            f"There is no kind {name!r} of segment; choose one of: {', '.join(KINDS)}."
        )
    return found
