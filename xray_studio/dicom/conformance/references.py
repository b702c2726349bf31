"""References that must lead somewhere: evidence, layers, segments, frames of reference."""

from __future__ import annotations

from collections.abc import Iterator

from xray_studio.dicom.conformance.item import Item, numbers
from xray_studio.dicom.conformance.report import Report

_EVIDENCE = (
    "CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence",
)  # fmt: skip
_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")
_INSTANCE = "ReferencedSOPInstanceUID"


def check_references(root: Item, report: Report) -> None:
    """Check an object."""
    if root.get("ContentSequence") is not None:
        _check_evidence(root, report)
    _check_layers(root, report)
    _check_segments(root, report)
    _check_records(root, report)
    _check_self(root, report)
    _check_different(root, report)


def _check_evidence(root: Item, report: Report) -> None:
    """Check that what a report names is listed as evidence (PS3.3 C.17.2.3)."""
    listed = set(_instances(root, _EVIDENCE))
    for item in _content(root):
        for named in item.items("ReferencedSOPSequence"):
            uid = named.text(_INSTANCE)
            if uid and uid not in listed:
                told = "The report names it and does not list it as evidence."
                report.error(named.at(_INSTANCE), told, "PS3.3 C.17.2.3")


def _content(root: Item) -> Iterator[Item]:
    for item in root.items("ContentSequence"):
        yield item
        yield from _content(item)


def _instances(root: Item, keywords: tuple[str, ...]) -> Iterator[str]:
    for keyword in keywords:
        for study in root.items(keyword):
            for item, element in study.everything():
                if element.items or item.text(_INSTANCE) == "":
                    continue
                yield item.text(_INSTANCE)


def _check_layers(root: Item, report: Report) -> None:
    """Check that drawings of a presentation state lie on layers that it has (PS3.3 C.10.7)."""
    layers = {item.text("GraphicLayer") for item in root.items("GraphicLayerSequence")}
    for item in root.items("GraphicAnnotationSequence"):
        layer = item.text("GraphicLayer")
        if layer and layer not in layers:
            told = "It names a layer that the object does not have."
            report.error(item.at("GraphicLayer"), told, "PS3.3 C.10.5")


def _check_segments(root: Item, report: Report) -> None:
    """Check that frames name segments that are there, which count from 1 (PS3.3 C.8.20.2)."""
    segments = root.items("SegmentSequence")
    if not segments or root.get("SegmentationType") is None:
        return
    known = [item.whole("SegmentNumber") for item in segments]
    if sorted(number or 0 for number in known) != list(range(1, len(known) + 1)):
        told = "Segments are not numbered 1, 2, 3 and so on."
        report.error("SegmentSequence", told, "PS3.3 C.8.20.2")
    for item, element in root.everything():
        if element.tag == 0x0062000B and not set(numbers(element)) <= set(known):
            told = "It names a segment that the object does not have."
            report.error(item.at(element.tag), told, "PS3.3 C.8.20.3.1")


def _check_different(root: Item, report: Report) -> None:
    """Check that study, series, instance and frame of reference do not share a UID."""
    taken: dict[str, str] = {}
    for keyword in _UIDS:
        uid = root.text(keyword)
        if uid and taken.setdefault(uid, keyword) != keyword:
            report.error(keyword, f"It is the same as {taken[uid]}.", "PS3.5 9")


def _check_records(root: Item, report: Report) -> None:
    """Check that records of a directory tell no more of a document than its title."""
    for record in root.items("DirectoryRecordSequence"):
        for item in record.items("ContentSequence"):
            if item.text("RelationshipType") != "HAS CONCEPT MOD":
                told = "A record tells of the content only what modifies the title."
                report.error(item.at("RelationshipType"), told, "PS3.3 F.5")


def _check_self(root: Item, report: Report) -> None:
    """Check that an object is not made of itself."""
    own = root.text("SOPInstanceUID")
    for item in (*root.items("SourceImageSequence"), *root.items("ReferencedImageSequence")):
        if own and item.text(_INSTANCE) == own:
            report.error(item.at(_INSTANCE), "The object names itself.", "PS3.3 C.7.6.1.1.3")
