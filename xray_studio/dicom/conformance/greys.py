"""Windows and tables of grey values: that their parts belong together (PS3.3 C.11)."""

from __future__ import annotations

from xray_studio.dicom.conformance.item import Element, Item, numbers
from xray_studio.dicom.conformance.report import Report

_WINDOW = "PS3.3 C.11.2"
_WIDE = 65_536
_DESCRIPTORS = {
    "LUTDescriptor": "LUTData",
    "RedPaletteColorLookupTableDescriptor": "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableDescriptor": "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableDescriptor": "BluePaletteColorLookupTableData",
}


def check_greys(root: Item, report: Report) -> None:
    """Check windows and tables wherever they stand."""
    for item, element in ((root, None), *root.everything()):
        for inner in element.items if element is not None else (item,):
            _check_window(inner, report)
            _check_rescale(inner, report)
            for descriptor, data in _DESCRIPTORS.items():
                _check_table(inner, descriptor, data, report)


def _check_window(item: Item, report: Report) -> None:
    center, width = item.filled("WindowCenter"), item.filled("WindowWidth")
    if center is None and width is None:
        return
    if center is None or width is None or len(center.values) != len(width.values):
        told = "Window Center and Window Width do not have as many values as each other."
        report.error(item.at("WindowCenter"), told, _WINDOW)
        return
    linear = item.text("VOILUTFunction") in {"", "LINEAR"}
    if any(value < 1 if linear else value <= 0 for value in numbers(width)):
        told = "It is less than 1." if linear else "It is not greater than 0."
        report.error(item.at("WindowWidth"), told, "PS3.3 C.11.2.1.2")
    named = item.filled("WindowCenterWidthExplanation")
    if named is not None and len(named.values) != len(center.values):
        path = item.at("WindowCenterWidthExplanation")
        report.error(path, "It does not have one value for each window.", "PS3.3 C.11.2.1.2")


def _check_rescale(item: Item, report: Report) -> None:
    if item.number("RescaleSlope") == 0:
        report.error(item.at("RescaleSlope"), "It is 0.", "PS3.3 C.11.1")


def _check_table(item: Item, descriptor: str, data: str, report: Report) -> None:
    found = numbers(item.filled(descriptor))
    if len(found) != 3:
        return
    entries, bits = int(found[0]) % _WIDE or _WIDE, int(found[2])
    if not 8 <= bits <= 16:
        report.error(item.at(descriptor), "Its bits are not 8 to 16.", "PS3.3 C.11.1.1")
    size = _length(item.filled(data))
    if size is not None and size not in {entries * 2, entries + entries % 2}:
        path = item.at(data)
        report.error(path, "It does not have as many entries as its descriptor says.",
                     "PS3.3 C.11.1.1")  # fmt: skip


def _length(found: Element | None) -> int | None:
    """Return the bytes of a table."""
    if found is None:
        return None
    if any(isinstance(value, bytes) for value in found.values):
        return sum(len(value) for value in found.values if isinstance(value, bytes))
    return 2 * len(found.values)
