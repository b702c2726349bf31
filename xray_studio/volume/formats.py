"""What kind of volume a file is, by its content: `.hdr` is Analyze, NIfTI, ENVI or Interfile."""

from __future__ import annotations

import gzip
import zlib
from enum import Enum
from pathlib import Path
from typing import Final

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.core.reasons import why_not_opened


class Format(Enum):
    """Kinds of files of volumes. The values are their names."""

    NIFTI = "NIfTI"
    NIFTI_2 = "NIfTI-2"
    ANALYZE = "Analyze 7.5"
    MINC_1 = "MINC 1"
    MINC_2 = "MINC 2"
    NRRD = "NRRD"
    META = "MetaImage"
    INTERFILE = "Interfile"
    ENVI = "ENVI"
    TIFF = "TIFF"


_HEAD: Final = 1024
_NIFTI_1, _NIFTI_2 = 348, 540
_GZIP = b"\x1f\x8b"
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_DATA_OF = (".img", ".img.gz", ".raw", ".v", ".i33", ".dat")  # beside which a header may lie
_HEADERS = (".hdr", ".hdr.gz", ".mhd", ".nhdr", ".hv", ".h33", ".ihdr")


def format_of(path: str) -> Format | None:
    """Return the kind of a file, None where it is none of these. Raises UnreadableError."""
    head = read_head(path)
    name = path.casefold()
    size = head[:4]
    little, big = int.from_bytes(size, "little"), int.from_bytes(size, "big")
    if _NIFTI_2 in {little, big} and head[4:8] in {b"n+2\0", b"ni2\0"}:
        return Format.NIFTI_2
    if _NIFTI_1 in {little, big} and len(head) >= _NIFTI_1:
        named = head[344:348] in {b"n+1\0", b"ni1\0"}
        return Format.NIFTI if named else Format.ANALYZE
    if head.startswith(b"NRRD000"):
        return Format.NRRD
    if head.startswith(b"ENVI"):
        return Format.ENVI
    text = head.lstrip().lower()
    if text.startswith((b"!interfile", b"interfile")):
        return Format.INTERFILE
    if name.endswith((".mhd", ".mha")) or text.startswith(b"objecttype = image"):
        return Format.META
    if head.startswith((b"CDF\1", b"CDF\2")) and name.endswith((".mnc", ".mnc1")):
        return Format.MINC_1
    if head.startswith(b"\x89HDF\r\n") and name.endswith((".mnc", ".mnc2")):
        return Format.MINC_2
    return Format.TIFF if head.startswith(_TIFF_STARTS) else None


def read_head(path: str) -> bytes:
    """Return the first bytes of a file, unpacked. Raises UnreadableError."""
    try:
        with Path(on_disk(path)).open("rb") as file:
            head = file.read(_HEAD)
        if not head.startswith(_GZIP):
            return head
        with gzip.open(on_disk(path)) as packed:
            return packed.read(_HEAD)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged_gzip() from error
    except OSError as error:
        raise UnreadableError(f"The file cannot be read: {why_not_opened(error)}.") from error


def damaged_gzip() -> UnreadableError:
    """Return the error of a compressed file that does not unpack."""
    return UnreadableError(
        "The compressed file is damaged or cut short and does not unpack; copy it anew."
    )


def header_beside(path: str) -> str:
    """Return the header that tells of a file of voxels alone, the path itself where there is none.

    A NIfTI or Analyze volume is a pair of .hdr and .img, a MetaImage one of .mhd and .raw.
    """
    whole = Path(path)
    name = whole.name
    for suffix in _DATA_OF:
        if name.casefold().endswith(suffix):
            stem = name[: -len(suffix)]
            for header in _HEADERS:
                beside = whole.with_name(stem + header)
                if beside.is_file():
                    return str(beside)
            beside = whole.with_name(f"{name}.hdr")  # ENVI
            return str(beside) if beside.is_file() else path
    return path
