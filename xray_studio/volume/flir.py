"""Radiometric files of FLIR: what the camera counted, inside JPEG files or alone (FFF), as °C.

A JPEG holds an FFF in APP1 segments that begin with "FLIR". An FFF is a list of records; one holds
the counts, bare or as PNG, another the calibration and what the camera was told of the scene. Where
fields stand is known from ExifTool's documentation of FLIR tags.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError, UnsupportedError
from xray_studio.core.jpeg_segments import START, jpeg_segments
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.infrared import CELSIUS, Air, Calibration, Scene, celsius
from xray_studio.core.volume.volume import Voxels
from xray_studio.volume.formats import Format
from xray_studio.volume.header import VolumeHeader

LARGEST: Final = 64 << 20  # bytes of a picture
_APP1: Final = 0xE1
_MARK: Final = b"FLIR\0"
_SEGMENT: Final = 8  # bytes before the content: the mark, a 1, its number, the last number
_COUNTS, _CAMERA = 0x01, 0x20  # kinds of records
_ENTRY: Final = 32
_MOST: Final = 1000  # records
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PIXELS: Final = 32  # bytes before the counts in their record
_SIDE: Final = 1 << 14
_SAID: Final = "Temperatures hold for {}, as the camera was told."
_NO_PLACE: Final = "Infrared pictures tell neither sides of a patient nor millimetres."


def read_fff(path: str) -> bytes:
    """Return the FFF of a file. Raises UnreadableError, UnsupportedError for one too large."""
    place = Path(on_disk(path))
    if place.stat().st_size > LARGEST:
        raise UnsupportedError("The file is larger than infrared pictures are; it is a sequence.")
    with place.open("rb") as file:
        start = file.read(len(START))
        if start != START:
            return start + file.read()
        pieces: dict[int, bytes] = {}
        for marker, at, length in jpeg_segments(file):
            file.seek(at)
            if marker != _APP1 or length < _SEGMENT:
                continue
            head = file.read(_SEGMENT)
            if head.startswith(_MARK):
                pieces[head[6]] = file.read(length - _SEGMENT)
                last = head[7]
    if not pieces or sorted(pieces) != list(range(last + 1)):
        raise UnreadableError(
            "A part of the infrared picture is missing from the file; copy it anew."
        )
    return b"".join(pieces[number] for number in sorted(pieces))


@dataclass(frozen=True, slots=True)
class _Camera:
    """What the record of the camera tells."""

    calibration: Calibration
    scene: Scene
    air: Air

    @classmethod
    def of(cls, record: bytes) -> _Camera:
        """Read a record. Raises UnreadableError for one that is too short."""
        if len(record) < 0x310:
            raise UnreadableError("The record of the camera is cut short; copy the file anew.")
        order = _order(record)

        def number(at: int, kind: str = "f") -> float:
            return float(struct.unpack_from(order + kind, record, at)[0])

        humidity = number(0x3C)
        return cls(
            Calibration(
                number(0x58), number(0x30C), number(0x5C), number(0x60), number(0x308, "i")
            ),
            Scene(
                number(0x20), number(0x24), number(0x28), number(0x2C), number(0x30), number(0x34),
                humidity / 100.0 if humidity > 2.0 else humidity,
            ),
            Air((number(0x70), number(0x74)), (number(0x78), number(0x7C)), number(0x80)),
        )  # fmt: skip


def flir_header(path: str) -> VolumeHeader:
    """Return what a radiometric file tells. Raises UnreadableError, UnsupportedError."""
    records = _records(read_fff(path))
    rows, columns = _size(records[_COUNTS])
    camera = _Camera.of(records[_CAMERA])
    return VolumeHeader(
        path=path,
        format=Format.FLIR,
        shape=(1, rows, columns),
        dtype="<f4",
        geometry=from_axes((1, rows, columns), (0.0, 0.0, 0.0), np.eye(3), np.ones(3)),
        unit=CELSIUS,
        placed=False,
        spaced=False,
        paths=(path,),
        warnings=(_SAID.format(camera.scene.words), _NO_PLACE),
    )


def flir_values(path: str) -> Voxels:
    """Return temperatures in °C, float32 (1, rows, columns). Raises as `flir_header`."""
    records = _records(read_fff(path))
    camera = _Camera.of(records[_CAMERA])
    counts = _counts(records[_COUNTS])
    return celsius(counts, camera.calibration, camera.scene, camera.air)[None]


def flir_fields(path: str) -> Iterator[tuple[str, str]]:
    """Yield names and values of what the camera tells."""
    records = _records(read_fff(path))
    camera = _Camera.of(records[_CAMERA])
    for part in (camera.calibration, camera.scene, camera.air):
        for name in part.__slots__:
            value: Any = getattr(part, name)
            numbers = value if isinstance(value, tuple) else (value,)
            yield f"{type(part).__name__} {name}", " ".join(f"{one:.9g}" for one in numbers)


def _records(data: bytes) -> dict[int, bytes]:
    """Return the first record of each kind. Raises UnreadableError where one is missing."""
    if data[:4] not in {b"FFF\0", b"AFF\0"} or len(data) < 64:
        raise UnreadableError("The infrared picture is damaged: its records cannot be found.")
    order = ">" if 100 <= int.from_bytes(data[0x14:0x18], "big") < 200 else "<"
    start, count = struct.unpack_from(f"{order}2I", data, 0x18)
    found: dict[int, bytes] = {}
    for number in range(min(count, _MOST)):
        entry = data[start + number * _ENTRY : start + (number + 1) * _ENTRY]
        if len(entry) < _ENTRY:
            break
        kind, at, length = struct.unpack_from(f"{order}H10x2I", entry)
        if kind and at + length <= len(data):
            found.setdefault(kind, data[at : at + length])
    if _COUNTS not in found or _CAMERA not in found:
        raise UnreadableError(
            "The file holds no counts of an infrared camera, or is cut short; copy it anew."
        )
    return found


def _order(record: bytes) -> str:
    """Return the order of bytes of a record, whose first number is a small one."""
    return "<" if int.from_bytes(record[:2], "little") < 0x100 else ">"


def _size(record: bytes) -> tuple[int, int]:
    if len(record) <= _PIXELS:
        raise UnreadableError("The record of the counts is cut short; copy the file anew.")
    columns, rows = struct.unpack_from(f"{_order(record)}2H", record, 2)
    if not (0 < rows <= _SIDE and 0 < columns <= _SIDE):
        raise UnreadableError("The infrared picture tells a size that no camera has.")
    return rows, columns


def _counts(record: bytes) -> npt.NDArray[np.uint16]:
    rows, columns = _size(record)
    data = record[_PIXELS:]
    if data.startswith(_PNG):
        return _of_png(data, (rows, columns))
    if len(data) < 2 * rows * columns:
        raise UnsupportedError("The counts are packed in a way that cannot be read.")
    kind = np.dtype(np.uint16).newbyteorder(_order(record))  # type: ignore[arg-type]
    found = np.frombuffer(data, kind, rows * columns)
    return found.reshape(rows, columns).astype(np.uint16)


def _of_png(data: bytes, size: tuple[int, int]) -> npt.NDArray[np.uint16]:
    """Return the counts of a PNG, most of which have their bytes in the wrong order.

    Right is the order in which neighbours are more alike.
    """
    from vtkmodules.vtkIOImage import vtkPNGReader

    from xray_studio.volume.vtk_data import array_of

    reader: Any = vtkPNGReader()
    reader.SetMemoryBuffer(data)
    reader.SetMemoryBufferLength(len(data))
    reader.Update()
    scalars = reader.GetOutput().GetPointData().GetScalars()
    found = None if scalars is None else array_of(scalars)
    if found is None or found.dtype != np.uint16 or found.size != size[0] * size[1]:
        raise UnreadableError("The counts of the infrared picture are damaged; copy the file anew.")
    plain = found.reshape(size)[::-1].copy()  # VTK counts rows from below
    turned = plain.byteswap()
    return plain if _restless(plain) < _restless(turned) else turned


def _restless(counts: npt.NDArray[np.uint16]) -> float:
    return float(np.abs(np.diff(counts.astype(np.float64), axis=1)).sum())
