"""Attributes that count frames or point to others: that what they name is there."""

from __future__ import annotations

from xray_studio.dicom.conformance.item import Item, keyword_of, numbers
from xray_studio.dicom.conformance.pixels import frame_count
from xray_studio.dicom.conformance.report import Report

_VECTORS = (
    "FrameTimeVector", "PageNumberVector", "FrameLabelVector", "FramePrimaryAngleVector",
    "FrameSecondaryAngleVector", "SliceLocationVector", "DisplayWindowLabelVector",
)  # fmt: skip
_FRAMES = 0x00280008


def check_frames(root: Item, known: frozenset[int], report: Report) -> None:
    """Check an object of frames; `known` are the attributes of its kind, none where unknown."""
    if root.get("Rows") is None:
        return
    frames = frame_count(root)
    told = root.whole("NumberOfFrames")
    if told is not None and told < 1:
        report.error("NumberOfFrames", "It is less than 1.", "PS3.3 C.7.6.6")
    if frames > 1 and known and _FRAMES not in known:
        rule = "This kind of object has one frame only."
        report.error("NumberOfFrames", rule, "PS3.3 C.7.6.6")
    _check_pointer(root, report)
    for keyword in _VECTORS:
        found = root.filled(keyword)
        if found is not None and len(found.values) != frames:
            report.error(keyword, "It does not have one value for each frame.", "PS3.3 C.7.6.5")
    _check_numbers(root, frames, report)
    _check_dimensions(root, report)
    _check_overlays(root, frames, report)


def _check_pointer(root: Item, report: Report) -> None:
    pointer = root.filled("FrameIncrementPointer")
    if pointer is None:
        return
    inside = {e.tag for group in root.items("PerFrameFunctionalGroupsSequence")[:1]
              for _, e in group.everything()}  # fmt: skip
    for value in pointer.values:
        if isinstance(value, int) and root.filled(value) is None and value not in inside:
            told = "It points to an attribute that is not there or has no value."
            report.error("FrameIncrementPointer", told, "PS3.3 C.7.6.6.1.2")


def _check_numbers(root: Item, frames: int, report: Report) -> None:
    """Check attributes that number frames of this object, from 1."""
    places = [(root, "RepresentativeFrameNumber"), (root, "StartTrim"), (root, "StopTrim")]
    for item in root.items("MaskSubtractionSequence"):
        places += [(item, "MaskFrameNumbers"), (item, "ApplicableFrameRange")]
    for item, keyword in places:
        if any(not 1 <= number <= frames for number in numbers(item.get(keyword))):
            told = "It names a frame that the object does not have."
            report.error(item.at(keyword), told, "PS3.3 C.7.6.10")


def _check_dimensions(root: Item, report: Report) -> None:
    indices = root.items("DimensionIndexSequence")
    known = {uid for item in root.items("DimensionOrganizationSequence")
             if (uid := item.text("DimensionOrganizationUID"))}  # fmt: skip
    for item in indices:
        uid = item.text("DimensionOrganizationUID")
        if uid and known and uid not in known:
            told = "It names a dimension organization that is not there."
            report.error(item.at("DimensionOrganizationUID"), told, "PS3.3 C.7.6.17")
    for group in root.items("PerFrameFunctionalGroupsSequence") if indices else ():
        for content in group.items("FrameContentSequence"):
            values = content.filled("DimensionIndexValues")
            if values is not None and len(values.values) != len(indices):
                path = content.at("DimensionIndexValues")
                report.error(path, "It does not have one value for each dimension.",
                             "PS3.3 C.7.6.16.2.2")  # fmt: skip


def _check_overlays(root: Item, frames: int, report: Report) -> None:
    for group in range(0x6000, 0x6020, 2):
        rows, columns = (numbers(root.get(group << 16 | e)) for e in (0x0010, 0x0011))
        data = root.filled(group << 16 | 0x3000)
        if not rows or not columns or data is None:
            continue
        planes = (numbers(root.get(group << 16 | 0x0015)) or (1.0,))[0]
        origin = (numbers(root.get(group << 16 | 0x0051)) or (1.0,))[0]
        size = sum(len(value) for value in data.values if isinstance(value, bytes))
        wanted = -(-int(rows[0] * columns[0] * planes) // 8)
        if size not in {wanted, wanted + wanted % 2}:
            told = "It does not have as many bytes as its rows, columns and frames make."
            report.error(keyword_of(group << 16 | 0x3000), told, "PS3.3 C.9.2")
        if planes > 1 and origin + planes - 1 > frames:
            path = keyword_of(group << 16 | 0x0051)
            report.error(path, "It names a frame that the object does not have.", "PS3.3 C.9.3")
