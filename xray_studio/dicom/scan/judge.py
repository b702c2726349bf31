"""Headers that the light parser finds irregular, read again by pydicom, which knows more tricks.

One file per call, in a worker process: damaged data can cost time and memory.
"""

from __future__ import annotations

import os
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from xray_studio.core.document_kinds import is_document
from xray_studio.core.reasons import CUT_SHORT
from xray_studio.dicom.attributes.dataset import data_stream, lenient_pydicom
from xray_studio.dicom.file import raw_values as raw
from xray_studio.dicom.file.encoding import UNDEFINED
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.file.part10 import HEAD_BYTES, Start, find_start
from xray_studio.dicom.scan.fields import PIXEL_TAGS, ROWS_SLOT, SOP_CLASS_SLOT, TAGS
from xray_studio.dicom.scan.headers import Batch, BatchReader
from xray_studio.dicom.scan.pixel_less import no_pixel_data


def judge(path: str, reason: str) -> Batch:
    """Return the header of one file; `reason` says why it is skipped if pydicom fails as well."""
    reader = BatchReader()
    try:
        _read(path, reason, reader)
    except Exception:  # noqa: BLE001 - pydicom raises anything on damaged data
        reader.skip(0, reason)
    batch = reader.batch(1)
    return batch._replace(skipped=batch.skipped + batch.unsure, unsure=[])


def _read(path: str, reason: str, reader: BatchReader) -> None:
    with open_file(path) as file, lenient_pydicom():
        start = find_start(file.read(HEAD_BYTES))
        stream = data_stream(file, start)
        dataset, length = _until_pixels(stream, start)
        left = os.fstat(file.fileno()).st_size - stream.tell() - 12
    values = [_raw_value(dataset, tag) for tag in TAGS]
    if length is None:
        _no_pixels(reader, values, reason, little=start.little_endian)
        return
    native = length != UNDEFINED
    room = min(length, left) if native and not start.deflated else length
    reader.add(0, values, start.little_endian, room, native=native)


def _no_pixels(reader: BatchReader, values: list[bytes], reason: str, *, little: bool) -> None:
    sop_class = raw.text(values[SOP_CLASS_SLOT])
    if reason == CUT_SHORT or values[ROWS_SLOT]:
        reader.skip(0, reason)
    elif is_document(sop_class):
        reader.add_document(0, values, little, "")
    else:
        reader.skip(0, no_pixel_data(sop_class))


def _until_pixels(stream: Any, start: Start) -> tuple[Dataset, int | None]:
    """Return the attributes before the pixel data, and its length, None when there is none."""
    lengths: list[int] = []

    def stop(tag: int, _vr: str | None, length: int) -> bool:
        if tag in PIXEL_TAGS:
            lengths.append(length)
        return tag in PIXEL_TAGS

    dataset = read_dataset(
        stream, start.implicit, start.little_endian, stop_when=stop, specific_tags=[*TAGS]
    )
    return dataset, lengths[-1] if lengths else None


def _raw_value(dataset: Dataset, tag: int) -> bytes:
    element = dataset.get_item(tag, keep_deferred=True)
    return element.value or b"" if isinstance(element, RawDataElement) else b""
