"""A segmentation with its pixels (PS3.3 A.51, C.8.20). Runs in a worker process."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from xray_studio.core.clip import Frame, FrameSource
from xray_studio.core.content import Reference
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.segments import (
    COLOURS,
    LABEL_MAP,
    Levels,
    Segment,
    Segmentation,
    SegmentFrame,
    is_segmentation,
    pack_levels,
)
from xray_studio.dicom.attributes.dataset import PIXEL_TAGS, data_stream, lenient_pydicom
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.values import integer, items, text
from xray_studio.dicom.describe import describe
from xray_studio.dicom.documents.source import code, plain
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, find_start
from xray_studio.dicom.places import place_of
from xray_studio.dicom.states.graphics import recommended
from xray_studio.dicom.states.references import reference, references

NO_SEGMENTATION = "This object is not a segmentation."
DAMAGED = "The segmentation is damaged and cannot be read."


def read_segmentation(path: str) -> Segmentation:
    """Return the segmentation at `path`.

    Raises UnreadableError when it is damaged or no segmentation, UnsupportedError.
    """
    try:
        with lenient_pydicom():
            return _segmentation(path, attributes(path))
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(DAMAGED) from error


def attributes(path: str) -> Dataset:
    """Return every attribute of an object before its pixels."""
    with open_file(path) as file:
        start = find_start(file.read(HEAD_BYTES))
        return read_dataset(
            data_stream(file, start),
            start.implicit,
            start.little_endian,
            stop_when=lambda tag, _vr, _length: tag in PIXEL_TAGS,
        )


def _segmentation(path: str, dataset: Dataset) -> Segmentation:
    sop_class = text(dataset, "SOPClassUID")
    if not is_segmentation(sop_class):
        raise UnreadableError(NO_SEGMENTATION)
    clip = describe(path)
    if clip.is_colour and sop_class != LABEL_MAP:
        raise UnsupportedError("The segmentation is in colour, which none can be.")
    segments = tuple(_segments(dataset))
    frames = tuple(_frames(dataset, clip.source, segments))
    return Segmentation(
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        rows=clip.rows,
        columns=clip.columns,
        kind=_kind(dataset),
        segments=segments,
        frames=frames,
        images=_images(dataset, frames),
        series=tuple(dict.fromkeys(_series(dataset))),
        patient=text(dataset, "PatientID"),
        label=plain(text(dataset, "SeriesDescription") or text(dataset, "ContentLabel")),
        path=path,
        warnings=clip.acquisition.warnings,
    )


def _kind(dataset: Dataset) -> str:
    return text(dataset, "SegmentationType").upper() or "BINARY"


def _segments(dataset: Dataset) -> Iterator[Segment]:
    for place, item in enumerate(items(dataset, "SegmentSequence")):
        algorithm = (text(item, "SegmentAlgorithmType").lower(), text(item, "SegmentAlgorithmName"))
        yield Segment(
            number=integer(item, "SegmentNumber") or place + 1,
            label=plain(text(item, "SegmentLabel")),
            category=code(item, "SegmentedPropertyCategoryCodeSequence"),
            kind=code(item, "SegmentedPropertyTypeCodeSequence"),
            algorithm=", ".join(filter(None, algorithm)),
            colour=recommended(item) or COLOURS[place % len(COLOURS)],
        )


def _frames(
    dataset: Dataset, source: FrameSource, segments: tuple[Segment, ...]
) -> Iterator[SegmentFrame]:
    groups, kind = Groups.of(dataset), _kind(dataset)
    for index in range(source.shape[0]):
        stored = source.read(index)
        images, place = _made_from(groups, index), place_of(groups, index)
        marked = (
            _labels(stored, segments)
            if kind == "LABELMAP"
            else [(_number(groups, index), _parts(dataset, stored, kind))]
        )
        for number, levels in marked:
            pixels = int(np.count_nonzero(levels))
            yield SegmentFrame(number, pack_levels(levels), pixels, images, place)


def _labels(stored: Frame, segments: tuple[Segment, ...]) -> Iterator[tuple[int, Levels]]:
    """Yield the segments of a frame whose values are their numbers."""
    for segment in segments:
        marked = stored == segment.number
        if marked.any():
            yield segment.number, marked.astype(np.uint8) * np.uint8(255)


def _number(groups: Groups, index: int) -> int:
    macro = groups.macro("SegmentIdentificationSequence", index)
    number = integer(macro, "ReferencedSegmentNumber")
    if number is None:
        raise UnreadableError("The segmentation does not say which segment a frame is of.")
    return number


def _parts(dataset: Dataset, stored: Frame, kind: str) -> Levels:
    """Return how much of each pixel is marked, 0 to 255."""
    if kind != "FRACTIONAL":
        return np.asarray((stored != 0).astype(np.uint8) * np.uint8(255))
    most = integer(dataset, "MaximumFractionalValue") or 255
    parts = (stored.astype(np.int64) * 255 + most // 2) // most
    return np.asarray(np.clip(parts, 0, 255).astype(np.uint8))


def _made_from(groups: Groups, index: int) -> tuple[Reference, ...]:
    """Return the images that a frame was made from (Derivation Image macro)."""
    return tuple(
        reference(source)
        for item in groups.macro_items("DerivationImageSequence", index)
        for source in items(item, "SourceImageSequence")
    )


def _images(dataset: Dataset, frames: tuple[SegmentFrame, ...]) -> tuple[Reference, ...]:
    own = (image for frame in frames for image in frame.images)
    whole = (
        Reference(image.sop_instance_uid, image.sop_class_uid)
        for image in (*references(dataset), *own)
    )
    return tuple(dict.fromkeys(whole))


def _series(dataset: Dataset) -> Iterator[str]:
    for item in items(dataset, "ReferencedSeriesSequence"):
        yield text(item, "SeriesInstanceUID")
