"""Encoding of single attributes: VR, number of values, lengths, characters (PS3.5 6, PS3.6 6)."""

from __future__ import annotations

import re
from functools import cache

from pydicom.datadict import dictionary_has_tag, dictionary_is_retired, dictionary_VM, dictionary_VR
from pydicom.tag import BaseTag

from xray_studio.dicom.conformance.item import Element, Item
from xray_studio.dicom.conformance.report import Report

_VALUE = "PS3.5 6.2"
_DICTIONARY = "PS3.6 6"
# Longest value in characters; what it is made of, in words and as a pattern.
_FORMS: dict[str, tuple[int, str, re.Pattern[str]]] = {
    "AE": (16, "an application entity title", re.compile(r"[ -\[\]-~]*")),
    "AS": (4, "an age as 3 digits and D, W, M or Y", re.compile(r"\d{3}[DWMY]")),
    "CS": (16, "capitals, digits, spaces and underscores", re.compile(r"[A-Z0-9 _]*")),
    "DA": (8, "a date as YYYYMMDD", re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")),
    "DS": (16, "a decimal number", re.compile(r" *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *")),
    "DT": (26, "a date and time", re.compile(
        r"\d{4}((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])([0-5]\d([0-5]\d|60)?"
        r"(\.\d{1,6})?)?)?)?)?([+-](0\d|1[0-4])[0-5]\d)? *")),
    "IS": (12, "a whole number", re.compile(r" *[+-]?\d+ *")),
    "TM": (14, "a time as HHMMSS.FFFFFF", re.compile(
        r"([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)? *")),
    "UI": (64, "a UID", re.compile(r"([01](\.[1-3]?\d)|2(\.(0|[1-9]\d*)))(\.(0|[1-9]\d*))*")),
}  # fmt: skip
_LENGTHS = {"LO": 64, "SH": 16, "LT": 10240, "ST": 1024}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")  # not TAB, LF, FF, CR, ESC
_CONTROL_SHORT = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f\\]")
_TEXTS = {"LO", "SH", "LT", "ST", "UT", "UC", "PN"}
_NAME_PARTS, _NAME_LENGTH, _NAME_GROUPS = 5, 64, 3
_MOST_WHOLE = 2**31
_LONG = {"LT", "ST", "UT", "UR"}  # of one value, in which a backslash is a letter
_NOT_TEXT = {
    "OB",
    "OW",
    "OF",
    "OD",
    "OL",
    "OV",
    "UN",
    "SQ",
    "AT",
    "US",
    "SS",
    "UL",
    "SL",
    "FL",
    "FD",
}


def check_encoding(root: Item, report: Report, *, explicit: bool) -> None:
    """Check every attribute of an object, those of items too."""
    default = "SpecificCharacterSet"
    for item, element in root.everything():
        tag = element.tag
        if tag & 0xFFFF == 0:
            continue
        if (tag >> 16) % 2 == 0:
            _check_dictionary(item, element, report, explicit=explicit)
        if element.broken:
            report.error(item.at(tag), "Its value cannot be read as its VR says.", _VALUE)
        elif element.vr not in _NOT_TEXT:
            known = any(outer.text(default) for outer in item.outwards())
            _check_values(item, element, report, extended=known)


def _check_dictionary(item: Item, element: Element, report: Report, *, explicit: bool) -> None:
    path, entry = item.at(element.tag), _entry(element.tag)
    if entry is None:
        report.warning(path, "The standard has no such attribute.", _DICTIONARY)
        return
    vrs, least, most, step, retired = entry
    if explicit and element.vr not in vrs and " or " not in element.vr:
        severity = report.warning if element.vr == "UN" else report.error
        severity(path, f"Its VR is {element.vr}, not {' or '.join(vrs)}.", _DICTIONARY)
    if retired:
        report.note(path, "It is retired.", _DICTIONARY)
    count = len(element.values)
    if element.vr in _NOT_TEXT - {"AT", "US", "SS", "UL", "SL", "FL", "FD"} or element.vr in _LONG:
        return
    if element.is_empty or "SQ" in vrs:
        return
    if count < least or (most is not None and count > most) or (step > 1 and count % step):
        told = _many(least, most, step)
        report.error(path, f"It has {count} value{'s' * (count != 1)}, not {told}.", _DICTIONARY)


def _many(least: int, most: int | None, step: int) -> str:
    if step > 1 and most is None:
        return f"a multiple of {step}"
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


@cache
def _entry(tag: int) -> tuple[tuple[str, ...], int, int | None, int, bool] | None:
    """Return VRs, least and most values, their step and whether it is retired."""
    key = BaseTag(tag)
    if not dictionary_has_tag(key) and not _repeats(tag):
        return None
    try:
        vrs, many = dictionary_VR(key), dictionary_VM(key)
        retired = dictionary_is_retired(key)
    except KeyError:
        return None
    least, _, most = many.partition("-")
    step = int(most[:-1] or 1) if most.endswith("n") else 1
    upper = None if most.endswith("n") else int(most or least)
    return tuple(vrs.split(" or ")), int(least), upper, step, retired


def _repeats(tag: int) -> bool:
    return 0x5000 <= tag >> 16 <= 0x501E or 0x6000 <= tag >> 16 <= 0x601E


def _check_values(item: Item, element: Element, report: Report, *, extended: bool) -> None:
    path, vr = item.at(element.tag), element.vr
    for value in element.values:
        text = value if isinstance(value, str) else str(value)
        wrong = _wrong(vr, text)
        if wrong:
            report.error(path, wrong, _VALUE)
        if vr in _TEXTS:
            _check_text(path, vr, text, report, extended=extended)


def _wrong(vr: str, text: str) -> str:
    """Return what is wrong with one value, "" where nothing is."""
    if vr == "PN":
        return _wrong_name(text)
    if vr in _LENGTHS and len(text) > _LENGTHS[vr]:
        return f"Its value is longer than {_LENGTHS[vr]:,} characters."
    if vr not in _FORMS or not text.strip(" \0"):
        return ""
    longest, what, pattern = _FORMS[vr]
    trimmed = text.rstrip(" \0") if vr in {"DA", "AS", "UI", "TM", "DT"} else text
    if len(trimmed) > longest:
        return f"Its value is longer than {longest} characters."
    if not pattern.fullmatch(trimmed if vr != "CS" else trimmed.strip()):
        return f"Its value is not {what}."
    return _too_large(vr, trimmed)


def _too_large(vr: str, text: str) -> str:
    if vr == "IS" and not -_MOST_WHOLE <= int(text) < _MOST_WHOLE:
        return "Its value needs more than 32 bits."
    return ""


def _wrong_name(text: str) -> str:
    groups = text.split("=")
    if len(groups) > _NAME_GROUPS:
        return "A name has at most three ways to write it."
    if any(len(group) > _NAME_LENGTH for group in groups):
        return "Its value is longer than 64 characters."
    if any(group.count("^") >= _NAME_PARTS for group in groups):
        return "A name has at most five parts."
    return ""


def _check_text(path: str, vr: str, text: str, report: Report, *, extended: bool) -> None:
    short = vr in {"LO", "SH", "PN", "UC"}
    if (_CONTROL_SHORT if short else _CONTROL).search(text.rstrip("\0")):
        report.error(path, "Its value holds control characters.", _VALUE)
    if "\N{REPLACEMENT CHARACTER}" in text:
        report.error(path, "Its value is not in the Specific Character Set.", "PS3.5 6.1")
    elif not extended and not text.isascii():
        told = "Its value needs a Specific Character Set, and none is told."
        report.error(path, told, "PS3.3 C.12.1.1.2")
