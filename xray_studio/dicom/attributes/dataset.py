"""Reading the attributes of a DICOM object with pydicom, up to its pixels and without them."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from pydicom import config
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from xray_studio.core.errors import NoPixelsError, UnreadableError, UnsupportedError
from xray_studio.dicom.attributes.keywords import KEYWORDS
from xray_studio.dicom.attributes.values import tag_of
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.inflate import InflatedFile
from xray_studio.dicom.file.opening import Stamp, open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, Start, find_start

PIXEL_DATA = 0x7FE00010
FLOAT_PIXEL_DATA = 0x7FE00008
DOUBLE_FLOAT_PIXEL_DATA = 0x7FE00009
PIXEL_TAGS = frozenset((PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA))
FIRST_GROUP, LAST_GROUP = 0x6000, 0x60FE  # repeating groups of overlay planes
OVERLAY_ELEMENTS = (
    0x0010, 0x0011, 0x0015, 0x0022, 0x0040, 0x0045, 0x0050, 0x0051, 0x0100, 0x0102, 0x1001, 0x1500,
    0x3000,
)  # fmt: skip
UNDEFINED = 0xFFFFFFFF
HEADER_LIMIT = 64 << 20  # inflated bytes that may stand before the pixel data
CUT_SHORT = "The file is damaged or cut short before its pixel data."


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the pixel data element lies.

    `offset` is the first byte of the value, in the file or in the inflated data set; `length` is
    None for encapsulated frames; `available` is how many bytes the file really has from there.
    `words` stands for OW, whose 8-bit samples are swapped in big-endian files.
    """

    tag: int
    offset: int
    length: int | None
    available: int
    words: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The attributes of an object, its transfer syntax and where its pixels lie in which file."""

    dataset: Dataset
    start: Start
    transfer_syntax: str
    pixels: PixelElement
    stamp: Stamp


def read_header(path: str) -> Header:
    """Return the attributes of the object that display needs, and where its pixels lie.

    Raises UnreadableError (no DICOM, damaged), NoPixelsError, UnsupportedError.
    """
    with open_file(path) as file, lenient_pydicom():
        start = find_start(file.read(HEAD_BYTES))
        stream = data_stream(file, start)
        groups: set[int] = set()
        dataset = _read_attributes(stream, start, [tag_of(word) for word in KEYWORDS], groups)
        stamp = Stamp.of(file)
        size = stamp.size
        reached = stream.reached if isinstance(stream, InflatedFile) else size
        cut = _ends_early(dataset) or stream.tell() > reached
        pixels = pixel_element(stream, start, size)
        if groups:
            tags = group_tags(groups)
            dataset.update(_read_attributes(data_stream(file, start), start, tags, set()))
    if pixels is None:
        raise UnreadableError(CUT_SHORT) if cut else _no_pixels(dataset, start)
    if pixels.length == 0:
        raise NoPixelsError("The object describes a picture but its pixel data is empty.")
    return Header(dataset, start, _transfer_syntax(start, pixels), pixels, stamp)


@contextmanager
def lenient_pydicom() -> Iterator[None]:
    """Let pydicom read values that break the rules: many archives hold some."""
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        yield


def data_stream(file: BinaryIO, start: Start) -> Any:
    """Return the data set as a file-like object that stands at its first element."""
    if start.deflated:
        return InflatedFile(file, start.offset, HEADER_LIMIT)
    file.seek(start.offset)
    return file


def _read_attributes(
    stream: Any, start: Start, tags: Sequence[BaseTag | int], groups: set[int]
) -> Dataset:
    """Return some attributes, those before the pixels; `groups` takes those of overlays passed by.

    Their tags are too many to ask for, unless it is known that there are some.
    """

    def ends(tag: BaseTag, _vr: str | None, _length: int) -> bool:
        if FIRST_GROUP <= tag.group <= LAST_GROUP:
            groups.add(tag.group)
        return tag in PIXEL_TAGS

    return read_dataset(
        stream, start.implicit, start.little_endian, stop_when=ends, specific_tags=[*tags]
    )


def group_tags(groups: Iterable[int]) -> list[int]:
    """Return the tags of groups of overlay planes that display needs (PS3.3 C.9.2)."""
    return [group << 16 | element for group in sorted(groups) for element in OVERLAY_ELEMENTS]


def _ends_early(dataset: Dataset) -> bool:
    """Tell whether a value has fewer bytes than its length says: the file ends within it."""
    raw = (element for element in dataset.values() if isinstance(element, RawDataElement))
    return any(e.length != UNDEFINED and len(e.value or b"") < e.length for e in raw)


def pixel_element(stream: Any, start: Start, size: int) -> PixelElement | None:
    """Return the element that the stream stands at, None at the end of the data set."""
    order = "<" if start.little_endian else ">"
    head = stream.read(12)
    if len(head) < 8:
        return None
    group, element = struct.unpack(f"{order}HH", head[:4])
    value = stream.tell() - len(head)
    if head[4:6] in {b"OB", b"OW", b"OF", b"OD", b"UN"} and len(head) == 12:
        length = struct.unpack(f"{order}I", head[8:12])[0]
        value += 12
    else:
        length = struct.unpack(f"{order}I", head[4:8])[0]
        value += 8
    available = length if start.deflated else max(0, size - value)
    return PixelElement(
        tag=(group << 16) | element,
        offset=value,
        length=None if length == UNDEFINED else length,
        available=available,
        words=head[4:6] == b"OW",
    )


def _transfer_syntax(start: Start, pixels: PixelElement) -> str:
    """Return the transfer syntax, from the encoding itself where the file does not tell one.

    Raises UnsupportedError when frames are encapsulated and nothing says how.
    """
    if start.transfer_syntax:
        return start.transfer_syntax
    if pixels.length is None:
        return ""
    if not start.little_endian:
        return syntaxes.EXPLICIT_BIG
    return syntaxes.IMPLICIT_LITTLE if start.implicit else syntaxes.EXPLICIT_LITTLE


def _no_pixels(dataset: Dataset, start: Start) -> Exception:
    if start.class_uid == "1.2.840.10008.1.3.10" or "DirectoryRecordSequence" in dataset:
        return NoPixelsError("This is a DICOMDIR, a directory of images; open its folder instead.")
    if syntaxes.is_referenced(start.transfer_syntax):
        return UnsupportedError(
            "The pictures of this object lie on a server (JPIP); export it with its pixels first."
        )
    if not len(dataset):
        return UnreadableError("The file holds no readable DICOM data.")
    if "Rows" in dataset:
        return NoPixelsError("The object describes a picture but holds no pixel data.")
    return NoPixelsError("The object holds no pixel data: it is no picture.")
