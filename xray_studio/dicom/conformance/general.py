"""What holds for every data set: character sets, private blocks, group lengths, order of tags."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pydicom.charset import python_encoding

from xray_studio.dicom.conformance.item import Item
from xray_studio.dicom.conformance.report import Report

LENGTHS = "It has group lengths, which are retired."
_CREATORS = range(0x10, 0x100)
_SETS = frozenset(python_encoding) - {""}


def check_general(root: Item, report: Report) -> None:
    """Check an object and its items."""
    _check_data_set(root, report)
    for _item, element in root.everything():
        for inner in element.items:
            _check_data_set(inner, report)
    _check_character_set(root, report)


def _check_data_set(item: Item, report: Report) -> None:
    for tag, element in item.elements.items():
        group, number = tag >> 16, tag & 0xFFFF
        if group % 2 == 0 and number == 0 and group > 2:
            report.warning("", LENGTHS, "PS3.5 7.2")
        elif group in {0x0002, 0x0000, 0x0006}:
            report.error(item.at(tag), "It has no place in a data set.", "PS3.5 7.1")
        elif group % 2:
            _check_private(item, tag, element.vr, report)


def _check_private(item: Item, tag: int, vr: str, report: Report) -> None:
    group, number = tag >> 16, tag & 0xFFFF
    if number == 0:
        report.warning("", LENGTHS, "PS3.5 7.2")
    elif number in _CREATORS:
        if vr not in {"LO", "UN"}:
            report.error(item.at(tag), "A private creator is text (LO).", "PS3.5 7.8.1")
        elif item.elements[tag].is_empty:
            report.error(item.at(tag), "A private creator has a name.", "PS3.5 7.8.1")
    elif number >= 0x1000 and item.filled(group << 16 | number >> 8) is None:
        told = "Nobody is named as the creator of this private attribute."
        report.error(item.at(tag), told, "PS3.5 7.8.1")
    elif number < 0x1000:
        report.error(item.at(tag), "Private attributes begin at (gggg,1000).", "PS3.5 7.8.1")


def _check_character_set(root: Item, report: Report) -> None:
    found = root.get("SpecificCharacterSet")
    if found is None:
        return
    names = found.texts
    if any(name and name not in _SETS for name in names):
        told = "It names a character set that the standard does not have."
        report.error("SpecificCharacterSet", told, "PS3.3 C.12.1.1.2")
    alone = {"ISO_IR 192", "GB18030", "GBK"}
    if len(names) > 1 and alone & set(names):
        told = "UTF-8 and GB 18030 stand alone, without others."
        report.error("SpecificCharacterSet", told, "PS3.3 C.12.1.1.2")


def check_order(tags: Sequence[int], report: Report) -> None:
    """Check that attributes follow each other by tag, as they stand in a file."""
    if any(later <= earlier for earlier, later in pairwise(tags)):
        report.error("", "Attributes are not in the order of their tags.", "PS3.5 7.1")
