"""What an object in a file is, as those need to know who send it on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.pacs.outgoing import Outgoing
from xray_studio.core.reasons import DAMAGED, as_reason
from xray_studio.dicom.attributes.dataset import (
    PIXEL_TAGS,
    data_stream,
    lenient_pydicom,
    pixel_element,
)
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, Start, find_start
from xray_studio.dicom.file.raw_values import text
from xray_studio.dicom.pixels.encapsulated import walk_items

_SOP_CLASS, _SOP_INSTANCE = 0x00080016, 0x00080018
_STUDY, _SERIES = 0x0020000D, 0x0020000E
_TAGS: Final = (_SOP_CLASS, _SOP_INSTANCE, _STUDY, _SERIES)
_DIRECTORY: Final = "1.2.840.10008.1.3.10"


def read_outgoing(paths: Sequence[str]) -> list[Outgoing | str]:
    """Return what is in each file, or why it cannot be sent. Made for worker processes."""
    return [_read(path) for path in paths]


def _read(path: str) -> Outgoing | str:
    try:
        return outgoing(path)
    except StudioError as error:
        return as_reason(str(error))
    except Exception:  # noqa: BLE001 - damaged data sets end pydicom in many ways
        return DAMAGED


def outgoing(path: str) -> Outgoing:
    """Return what is in a file. Raises StudioError with the reason why it cannot be sent."""
    with open_file(path) as file:
        start = find_start(file.read(HEAD_BYTES))
        _check_start(start)
        found = os.fstat(file.fileno())
        stream = data_stream(file, start)
        with lenient_pydicom():
            dataset = read_dataset(
                stream, start.implicit, start.little_endian, specific_tags=[*_TAGS],
                stop_when=lambda tag, _vr, _length: tag in PIXEL_TAGS,
            )  # fmt: skip
        if not start.deflated and _is_cut(file, start, found.st_size):
            raise UnreadableError("The file is damaged: it is cut short.")
    kind, instance = _uid(dataset, _SOP_CLASS), _uid(dataset, _SOP_INSTANCE)
    if not (kind and instance):
        raise UnreadableError("The object tells no SOP Class or SOP Instance UID.")
    if kind == _DIRECTORY:
        raise UnsupportedError("A DICOMDIR is not sent; send the files that it names.")
    return Outgoing(
        path, kind, instance, _uid(dataset, _STUDY), _uid(dataset, _SERIES),
        start.transfer_syntax, start.offset, found.st_size, found.st_mtime_ns,
    )  # fmt: skip


def _is_cut(file: BinaryIO, start: Start, size: int) -> bool:
    """Tell whether a file ends before its data set does; it stands before the pixels, or behind."""
    if file.tell() > size:  # a value was passed over that is not all there
        return True
    pixels = pixel_element(file, start, size)
    if pixels is None or not pixels.available:
        return pixels is not None and pixels.length != 0
    if pixels.length is not None:
        return pixels.available < pixels.length
    items = walk_items(file, pixels.offset, size)
    return items.cut is not None or not items.ended


def _check_start(start: Start) -> None:
    """Refuse a file whose data set cannot go out as it lies there."""
    if not start.transfer_syntax:
        raise UnsupportedError("The file does not tell its transfer syntax; write it anew first.")


def _uid(dataset: Dataset, tag: int) -> str:
    element: Any = dataset.get_item(tag)
    value = getattr(element, "value", None) or b""
    return text(value) if isinstance(value, bytes) else str(value)
