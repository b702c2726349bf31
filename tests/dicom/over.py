"""What lies over pictures, made for tests: overlay planes, shutters, and presentation states."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from tests.dicom.objects import make_object

GSPS = "1.2.840.10008.5.1.4.1.1.11.1"


def put_plane(
    dataset: Dataset,
    mask: np.ndarray,
    *,
    group: int = 0x6000,
    origin: tuple[int, int] = (1, 1),
    frames: int | None = None,
    first: int | None = None,
    kind: str = "G",
    label: str = "",
) -> None:
    """Put a packed overlay plane into an object; `mask` is (rows, columns) or (frames, ...)."""
    rows, columns = mask.shape[-2:]
    packed = np.packbits(mask.astype(np.uint8).ravel(), bitorder="little").tobytes()
    for element, vr, value in (
        (0x0010, "US", rows),
        (0x0011, "US", columns),
        (0x0040, "CS", kind),
        (0x0050, "SS", [*origin]),
        (0x0100, "US", 1),
        (0x0102, "US", 0),
        (0x3000, "OW", packed + b"\0" * (len(packed) % 2)),
    ):
        set_element(dataset, group, element, vr, value)
    if frames is not None:
        set_element(dataset, group, 0x0015, "IS", frames)
    if first is not None:
        set_element(dataset, group, 0x0051, "US", first)
    if label:
        set_element(dataset, group, 0x1500, "LO", label)


def put_embedded(dataset: Dataset, position: int, *, group: int = 0x6000, **sizes: int) -> None:
    """Put the description of a plane whose bits lie in the pixel data."""
    for element, vr, value in (
        (0x0010, "US", sizes.get("rows", dataset.Rows)),
        (0x0011, "US", sizes.get("columns", dataset.Columns)),
        (0x0040, "CS", "G"),
        (0x0050, "SS", [1, 1]),
        (0x0100, "US", dataset.BitsAllocated),
        (0x0102, "US", position),
    ):
        set_element(dataset, group, element, vr, value)


def set_element(dataset: Dataset, group: int, element: int, vr: str, value: Any) -> None:
    """Set an attribute of a repeating group."""
    dataset[group << 16 | element] = DataElement(group << 16 | element, vr, value)


def state_for(image: Dataset, **attributes: Any) -> Dataset:
    """Return a grayscale softcopy presentation state of an image, identity but for `attributes`."""
    state = make_object(None, SOPClassUID=GSPS, Modality="PR")
    state.StudyInstanceUID = image.StudyInstanceUID
    state.ContentLabel, state.ContentCreatorName = "TEST", "Test"
    state.PresentationCreationDate, state.PresentationCreationTime = "20260101", "120000"
    state.SeriesNumber = state.InstanceNumber = 1
    state.SeriesInstanceUID = generate_uid()
    referenced, series, area = Dataset(), Dataset(), Dataset()
    referenced.ReferencedSOPClassUID = image.SOPClassUID
    referenced.ReferencedSOPInstanceUID = image.SOPInstanceUID
    series.SeriesInstanceUID = image.SeriesInstanceUID
    series.ReferencedImageSequence = [referenced]
    state.ReferencedSeriesSequence = [series]
    area.DisplayedAreaTopLeftHandCorner = [1, 1]
    area.DisplayedAreaBottomRightHandCorner = [image.Columns, image.Rows]
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    state.DisplayedAreaSelectionSequence = [area]
    state.PresentationLUTShape = "IDENTITY"
    for keyword, value in attributes.items():
        setattr(state, keyword, value)
    return state
