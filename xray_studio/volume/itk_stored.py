"""Where NRRD and MetaImage keep their voxels, so that they can be mapped instead of read.

What these headers say of it in rarer ways (text, bzip2, a file a plane) is left to ITK.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xray_studio.core.archive import is_file, on_disk
from xray_studio.volume.formats import Format
from xray_studio.volume.header import Stored

_LONGEST: Final = 1 << 16  # bytes of a header
_NRRD_KINDS: Final = {
    "signed char": "i1", "int8": "i1", "int8_t": "i1",
    "uchar": "u1", "unsigned char": "u1", "uint8": "u1", "uint8_t": "u1",
    "short": "i2", "short int": "i2", "signed short": "i2", "int16": "i2", "int16_t": "i2",
    "ushort": "u2", "unsigned short": "u2", "uint16": "u2", "uint16_t": "u2",
    "int": "i4", "signed int": "i4", "int32": "i4", "int32_t": "i4",
    "uint": "u4", "unsigned int": "u4", "uint32": "u4", "uint32_t": "u4",
    "float": "f4", "double": "f8",
}  # fmt: skip
_META_KINDS: Final = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4",
    "MET_UINT": "u4", "MET_FLOAT": "f4", "MET_DOUBLE": "f8",
}  # fmt: skip


def stored_of(path: str, kind: Format, sizes: tuple[int, ...]) -> Stored | None:
    """Return where voxels of these sizes lie, the slowest axis first; None where ITK must read."""
    told, end = header_lines(path, kind)
    if kind is Format.NRRD:
        return _of_nrrd(path, told, end, sizes)
    return _of_meta(path, told, end, sizes) if kind is Format.META else None


def data_files(path: str, kind: Format) -> tuple[str, ...]:
    """Return the file of voxels that a header names beside itself."""
    told, _ = header_lines(path, kind)
    name = told.get("data file") or told.get("datafile") or told.get("elementdatafile", "")
    beside = _beside(path, name)
    return (beside,) if beside else ()


def header_lines(path: str, kind: Format) -> tuple[dict[str, str], int]:
    """Return keys in small letters with their values, and where the header ends in bytes."""
    if kind is Format.MINC_2:
        return {}, 0
    sign = ":" if kind is Format.NRRD else "="
    found: dict[str, str] = {}
    with Path(on_disk(path)).open("rb") as file:
        while (line := file.readline(_LONGEST)) and file.tell() <= _LONGEST:
            text = line.decode("utf-8", "replace").strip()
            if kind is Format.NRRD and not text:
                break
            key, there, value = text.partition(sign)
            if there and not text.startswith("#") and not value.startswith("="):
                found[key.strip().casefold()] = value.strip()
            if key.strip().casefold() == "elementdatafile":
                break
        return found, file.tell()


def _beside(path: str, name: str) -> str:
    """Return the file of that name beside a header, "" where there is none."""
    if not name or name in {"LOCAL", "LIST"}:
        return ""
    beside = Path(path).parent / name
    return str(beside) if is_file(str(beside)) else ""


def _of_nrrd(path: str, told: dict[str, str], end: int, sizes: tuple[int, ...]) -> Stored | None:
    kind = _NRRD_KINDS.get(told.get("type", ""))
    encoding = told.get("encoding", "")
    own = told.get("data file") or told.get("datafile")
    data = _beside(path, own) if own else path
    skips = {told.get(key, "0") for key in ("line skip", "lineskip", "byte skip", "byteskip")}
    if kind is None or not data or skips != {"0"} or encoding not in {"raw", "gzip", "gz"}:
        return None
    order = ">" if told.get("endian", "little") == "big" else "<"
    start = 0 if own else end
    return _checked(
        Stored(data, sizes, order + kind, start=start, packed=encoding != "raw"),
        told.get("sizes", ""),
    )


def _of_meta(path: str, told: dict[str, str], end: int, sizes: tuple[int, ...]) -> Stored | None:
    kind = _META_KINDS.get(told.get("elementtype", ""))
    own = told.get("elementdatafile", "")
    data = path if own == "LOCAL" else _beside(path, own)
    packed = _is_true(told.get("compresseddata", ""))
    plain = told.get("headersize", "0") == "0" and _is_true(told.get("binarydata", "True"))
    if kind is None or not data or not plain or told.get("elementnumberofchannels", "1") != "1":
        return None
    big = told.get("binarydatabyteordermsb") or told.get("elementbyteordermsb", "")
    order = ">" if _is_true(big) else "<"
    start = end if data == path else 0
    return _checked(
        Stored(data, sizes, order + kind, start=start, packed=packed), told.get("dimsize", "")
    )


def _is_true(word: str) -> bool:
    return word.casefold() in {"true", "t", "1"}


def _checked(stored: Stored, told: str) -> Stored | None:
    """Return it where the header tells the sizes that ITK understood, else None."""
    words = [word for word in told.split() if word.isdigit()]
    sizes = [int(word) for word in words if word != "1"][::-1]
    same = sizes == [size for size in stored.shape if size != 1]
    return stored if same else None
