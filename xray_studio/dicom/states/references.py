"""The images and frames that a presentation state or a part of it is about."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataset import Dataset

from xray_studio.core.content import Reference
from xray_studio.dicom.attributes.values import items, numbers, text


def references(dataset: Dataset) -> tuple[Reference, ...]:
    """Return every image of Referenced Series Sequence, those of the blended sets as well."""
    holders = (dataset, *items(dataset, "BlendingSequence"))
    study = text(dataset, "StudyInstanceUID")
    found = (
        one
        for holder in holders
        for series in items(holder, "ReferencedSeriesSequence")
        for one in _of_series(series, text(holder, "StudyInstanceUID") or study)
    )
    return tuple(dict.fromkeys(found))


def _of_series(series: Dataset, study: str) -> Iterator[Reference]:
    uid = text(series, "SeriesInstanceUID")
    for keyword in ("ReferencedImageSequence", "ReferencedInstanceSequence"):
        for item in items(series, keyword):
            yield reference(item, uid, study)


def referenced(item: Dataset) -> tuple[Reference, ...]:
    """Return the images that a part of a state holds for, none for all of them."""
    return tuple(reference(one) for one in items(item, "ReferencedImageSequence"))


def reference(item: Dataset, series: str = "", study: str = "") -> Reference:
    """Return what one item of a reference sequence names."""
    return Reference(
        sop_instance_uid=text(item, "ReferencedSOPInstanceUID"),
        sop_class_uid=text(item, "ReferencedSOPClassUID"),
        series_instance_uid=series,
        study_instance_uid=study,
        frames=tuple(int(number) for number in numbers(item, "ReferencedFrameNumber")),
    )
