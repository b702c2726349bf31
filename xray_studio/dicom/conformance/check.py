"""Checks one object against everything that the standard says of its kind."""

from __future__ import annotations

from pydicom.dataset import Dataset

from xray_studio.core.conformance import Finding, worst_first
from xray_studio.dicom.attributes.dataset import PIXEL_TAGS, lenient_pydicom
from xray_studio.dicom.conformance.content import check_content
from xray_studio.dicom.conformance.directions import check_directions
from xray_studio.dicom.conformance.encoding import check_encoding
from xray_studio.dicom.conformance.frames import check_frames
from xray_studio.dicom.conformance.general import check_general
from xray_studio.dicom.conformance.greys import check_greys
from xray_studio.dicom.conformance.groups import check_groups, place_groups
from xray_studio.dicom.conformance.item import Item, item_of
from xray_studio.dicom.conformance.modules import check_modules, known_tags
from xray_studio.dicom.conformance.pixels import PixelFacts, check_pixels, facts_of
from xray_studio.dicom.conformance.references import check_references
from xray_studio.dicom.conformance.report import Report
from xray_studio.dicom.conformance.tables import ObjectTable, object_table
from xray_studio.dicom.conformance.waveforms import check_waveforms
from xray_studio.dicom.file import syntaxes

DIRECTORY_CLASS = "1.2.840.10008.1.3.10"
_PIXELS = frozenset(int(tag) for tag in PIXEL_TAGS)


def check_dataset(
    dataset: Dataset, syntax: str, facts: PixelFacts | None = None, *, whole: bool = True
) -> tuple[Finding, ...]:
    """Return the findings of a data set, the worst first.

    `syntax` is its transfer syntax, "" where none is told; `facts` tells of pixel data that was not
    read with it. Without `whole` nobody knows about the pixel data, and it is not missed.
    """
    report = Report()
    with lenient_pydicom():
        root = item_of(dataset)
    if facts is None:
        facts = _own_pixels(root, syntax)
    check_root(root, syntax, facts, report, whole=whole)
    return worst_first(report.findings.values())


def _own_pixels(root: Item, syntax: str) -> PixelFacts | None:
    """Return what a data set that holds its pixel data tells of it."""
    for tag in sorted(_PIXELS & root.elements.keys()):
        element = root.elements[tag]
        data = element.values[0] if element.values else b""
        if isinstance(data, bytes):
            return facts_of(data, element.vr, encapsulated=syntax not in {"", *syntaxes.NATIVE})
    return None


def check_root(
    root: Item,
    syntax: str,
    facts: PixelFacts | None,
    report: Report,
    *,
    whole: bool,
    directory: bool = False,
) -> None:
    """Add the findings of a data set to a report; a `directory` does not say itself that it is."""
    place_groups(root)
    check_general(root, report)
    check_encoding(root, report, explicit=syntax not in syntaxes.IMPLICIT)
    sop_class = DIRECTORY_CLASS if directory else root.text("SOPClassUID")
    definition = object_table(sop_class)
    if definition is None:
        _check_unknown(root, sop_class, report)
    else:
        there = bool(_PIXELS & root.elements.keys())
        known = facts is not None and not there
        without = _PIXELS if known or not whole else frozenset[int]()
        _check_kind(definition, sop_class, root, report, without)
    check_pixels(root, syntax, facts, report)
    check_greys(root, report)
    check_directions(root, report)
    check_frames(root, known_tags(sop_class), report)
    check_references(root, report)


def _check_kind(
    definition: ObjectTable, sop_class: str, root: Item, report: Report, without: frozenset[int]
) -> None:
    """Check what the definition of an object asks for."""
    check_modules(definition, sop_class, root, report, without)
    check_groups(definition, root, report)
    check_content(definition.id, root, report)
    check_waveforms(definition.id, root, report)
    known = known_tags(sop_class)
    for tag in root.elements:
        standard = (tag >> 16) % 2 == 0 and tag & 0xFFFF and tag >> 16 < 0x5000
        if standard and tag not in known and tag not in _PIXELS:
            told = "It is no attribute of this kind of object, which it extends."
            report.note(root.at(tag), told, "PS3.2 3.11.3")


def _check_unknown(root: Item, sop_class: str, report: Report) -> None:
    for keyword in ("SOPClassUID", "SOPInstanceUID"):
        if not root.text(keyword):
            report.error(keyword, "It is required and missing.", "PS3.3 C.12.1")
    if sop_class:
        told = "The tables do not know this kind of object; its modules were not checked."
        report.note("SOPClassUID", told, "PS3.4 B.5")
