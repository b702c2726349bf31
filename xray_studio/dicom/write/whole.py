"""A whole object with every attribute, private ones too, but for its pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.dicom.attributes.dataset import (
    PIXEL_TAGS,
    Header,
    data_stream,
    lenient_pydicom,
    read_header,
)
from xray_studio.dicom.attributes.values import text
from xray_studio.dicom.describe import describe
from xray_studio.dicom.file.inflate import InflatedFile
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.pixels.encapsulated import walk_items
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.native import DeflatedSource, NativeSource
from xray_studio.dicom.pixels.stored import PixelSource
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.video import Held

_DELIMITER = 8  # bytes of Sequence Delimitation Item
_WORDS = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}
_TRAILING_PADDING = 0xFFFCFFFC
OFFSET_TABLES = (0x7FE00001, 0x7FE00002, 0x7FE00003)


@dataclass(slots=True)
class Whole:
    """An object: `dataset` before its pixel data, `tail` behind it, `clip` what it shows."""

    dataset: Dataset
    tail: Dataset
    clip: Clip
    source: PixelSource
    header: Header


@contextmanager
def writable_again(instead: str) -> Iterator[None]:
    """Let pydicom read and write what is not quite as the standard says, for a plan of an object.

    Raises UnreadableError, with what to do `instead`, for attributes that it cannot write.
    """
    try:
        with lenient_pydicom():
            yield
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(
            f"The object holds attributes that cannot be written again; {instead}."
        ) from error


def read_whole(path: str, held: Held | None = None) -> Whole:
    """Return every attribute of an object, little endian, without group lengths and offset tables.

    `held` is what its video stream holds, which counts where the object says otherwise. Runs in a
    worker process, within `lenient_pydicom`. Raises UnreadableError, NoPixelsError or
    UnsupportedError.
    """
    clip, header = describe(path, held), read_header(path)
    source = clip.source
    if not isinstance(source, EncapsulatedSource | NativeSource | DeflatedSource | VideoStream):
        raise UnsupportedError("Objects of this kind cannot be copied.")
    with open_file(path, stamp=header.stamp) as file:
        stream = data_stream(file, header.start)
        dataset = _read(stream, header, stop=True)
        tail = Dataset()
        if not isinstance(source, VideoStream) or source.ended:
            _behind(stream, header)
            tail = _read(stream, header, stop=False)
    if not text(dataset, "SOPClassUID") or not text(dataset, "SOPInstanceUID"):
        raise UnsupportedError(
            "The object does not say what it is (SOP Class and Instance UID), so no copy of it can"
            " be written; export pictures or values instead."
        )
    if not isinstance(source, VideoStream):  # whose items stay as they are
        for tag in OFFSET_TABLES:
            dataset.pop(tag, None)
    tail.pop(_TRAILING_PADDING, None)
    if held is not None:
        dataset.NumberOfFrames, dataset.Rows, dataset.Columns = held
    if not header.start.little_endian:
        _swap(dataset)
        _swap(tail)
    return Whole(dataset, tail, clip, source, header)


def _read(stream: Any, header: Header, *, stop: bool) -> Dataset:
    start = header.start

    def ends(tag: int, _vr: object, _length: object) -> bool:
        return stop and tag in PIXEL_TAGS

    return read_dataset(stream, start.implicit, start.little_endian, stop_when=ends)


def _behind(stream: Any, header: Header) -> None:
    """Go to the first byte behind the pixel data."""
    pixels = header.pixels
    if pixels.length is not None:
        # A deflated header is read up to a limit, which ends before large pixel data.
        if isinstance(stream, InflatedFile):
            stream.set_limit(None)
        stream.seek(pixels.offset + pixels.length)
        return
    items = walk_items(stream, pixels.offset, header.stamp.size)
    last, length = items.fragments[-1]
    stream.seek(last + length + _DELIMITER)


def _swap(dataset: Dataset) -> None:
    """Turn words of big-endian binary values round: pydicom keeps them as bytes."""
    for element in dataset.iterall():
        size = _WORDS.get(element.VR)
        if size and isinstance(element.value, bytes):
            whole = element.value[: len(element.value) // size * size]
            element.value = np.frombuffer(whole, f">u{size}").astype(f"<u{size}").tobytes()
