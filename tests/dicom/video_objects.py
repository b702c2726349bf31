"""DICOM objects around video streams, as devices write them, and worse ones."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from tests.dicom.objects import make_object, save
from tests.video.streams import COLUMNS, FRAMES, ROWS, USUAL

ENDOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.1.1"
ITEM, END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0\0\0\0\0"


def items(stream: bytes, fragments: int = 1, table: str = "empty") -> bytes:
    """Return a stream as the items of pixel data; the offset table is empty or filled."""
    size = -(-max(1, len(stream)) // fragments)
    size += size % 2
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    pieces = [piece + b"\0" * (len(piece) % 2) for piece in pieces]
    told = struct.pack("<I", 0) if table == "filled" else b""
    return b"".join(map(_item, [told, *pieces]))


def _item(data: bytes) -> bytes:
    return ITEM + struct.pack("<I", len(data)) + data


def video_object(**attributes: Any) -> Dataset:
    """Return what an endoscope tells of a video, without its pixel data."""
    dataset = make_object(SOPClassUID=ENDOSCOPIC, Modality="ES")
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = ROWS, COLUMNS, FRAMES
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 3, "YBR_PARTIAL_420"
    dataset.PlanarConfiguration = dataset.PixelRepresentation = 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.CineRate, dataset.FrameTime = 25, 40.0
    dataset.FrameIncrementPointer = 0x00181063
    dataset.LossyImageCompression = "01"
    for keyword, value in attributes.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    return dataset


def save_video(
    path: Path,
    stream: bytes,
    syntax: str = USUAL.syntax,
    fragments: int = 1,
    table: str = "empty",
    **attributes: Any,
) -> str:
    """Write a stream as an object and return its path; an attribute that is None is left out."""
    dataset = video_object(**attributes)
    dataset.PixelData = items(stream, fragments, table)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return save(dataset, path, syntax)
