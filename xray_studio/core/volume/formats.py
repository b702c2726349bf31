"""Which format a volume is in, told by the first bytes of its file. Imports nothing heavy.

`.hdr` is Analyze, NIfTI, ENVI or Interfile: only the content tells.
"""

from __future__ import annotations

import zlib
from enum import Enum
from typing import Final


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
    FLIR = "FLIR radiometric"
    TIFF = "TIFF"


HEAD: Final = 1024  # bytes that tell the format
_NIFTI_1, _NIFTI_2 = 348, 540
_GZIP = b"\x1f\x8b"
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PACKED = (".nii.gz", ".hdr.gz")


def format_of_head(head: bytes, path: str) -> Format | None:
    """Return the kind of a file with the first bytes `head`, unpacked; None where it is none."""
    name = path.casefold()
    little, big = int.from_bytes(head[:4], "little"), int.from_bytes(head[:4], "big")
    if _NIFTI_2 in {little, big} and head[4:8] in {b"n+2\0", b"ni2\0"}:
        return Format.NIFTI_2
    if _NIFTI_1 in {little, big} and len(head) >= _NIFTI_1:
        named = head[344:348] in {b"n+1\0", b"ni1\0"}
        return Format.NIFTI if named else Format.ANALYZE
    if head.startswith((b"FFF\0", b"AFF\0")):
        return Format.FLIR
    if head.startswith(b"NRRD000"):
        return Format.NRRD
    text = head.lstrip().lower()
    first = text.split(b"\n", 1)[0].strip()
    if first == b"envi":
        return Format.ENVI
    if first.startswith((b"!interfile", b"interfile")) and b":=" in first:
        return Format.INTERFILE
    if name.endswith((".mhd", ".mha")) or text.startswith(b"objecttype = image"):
        return Format.META
    if head.startswith((b"CDF\1", b"CDF\2")) and name.endswith((".mnc", ".mnc1")):
        return Format.MINC_1
    if head.startswith(b"\x89HDF\r\n") and name.endswith((".mnc", ".mnc2")):
        return Format.MINC_2
    return Format.TIFF if head.startswith(_TIFF_STARTS) else None


def looks_like_volume(start: bytes, path: str) -> bool:
    """Tell whether a file with the first bytes `start` is a volume, packed or not.

    TIFF files are pictures first. Of packed files the name counts too: one that does not unpack is
    a damaged volume.
    """
    name = path.casefold()
    if start.startswith(_GZIP):
        return name.endswith(_PACKED) or _packed_format(start, name) is not None
    found = format_of_head(start, name)
    if found is Format.ANALYZE:  # a number of 4 bytes alone is no proof
        return name.endswith(".hdr") and len(start) < HEAD
    return found not in {None, Format.TIFF}


def _packed_format(start: bytes, name: str) -> Format | None:
    try:
        head = zlib.decompressobj(31).decompress(start, HEAD)
    except zlib.error:
        return None
    found = format_of_head(head, name)
    return found if found in {Format.NIFTI, Format.NIFTI_2} else None
