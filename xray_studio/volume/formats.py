"""What kind of volume a file is, by its content: `.hdr` is Analyze, NIfTI, ENVI or Interfile."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from xray_studio.core.archive import is_file, on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.core.jpeg_segments import START, holds_infrared
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.volume.formats import HEAD, Format, format_of_head

__all__ = [
    "Format",
    "damaged_gzip",
    "format_of",
    "header_beside",
    "read_head",
    "volume_format",
    "volume_header_of",
]

_GZIP = b"\x1f\x8b"
_DATA_OF = (
    ".img",
    ".img.gz",
    ".raw",
    ".raw.gz",
    ".zraw",
    ".v",
    ".i33",
    ".dat",
    ".bin",
    ".cube",
    ".bsq",
    ".bil",
    ".bip",
)  # fmt: skip - beside which a header may lie
_HEADERS = (".hdr", ".hdr.gz", ".mhd", ".nhdr", ".hv", ".h33", ".ihdr")


def format_of(path: str) -> Format | None:
    """Return the kind of a file, None where it is none of these. Raises UnreadableError."""
    head = read_head(path)
    if head.startswith(START):
        return Format.FLIR if holds_infrared(path) else None
    return format_of_head(head, path)


def read_head(path: str) -> bytes:
    """Return the first bytes of a file, unpacked. Raises UnreadableError."""
    try:
        with Path(on_disk(path)).open("rb") as file:
            head = file.read(HEAD)
        if not head.startswith(_GZIP):
            return head
        with gzip.open(on_disk(path)) as packed:
            return packed.read(HEAD)
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
                if is_file(str(beside)):
                    return str(beside)
            beside = whole.with_name(f"{name}.hdr")  # ENVI
            return str(beside) if is_file(str(beside)) else path
    return path


def volume_header_of(path: str) -> str:
    """Return the header of a volume whose voxels are in a file, "" for any other file."""
    header = header_beside(path)
    if header == path:
        return ""
    return header if volume_format(header) else ""


def volume_format(path: str) -> Format | None:
    """Return the research format of a file, None for TIFF, other files and those not there."""
    try:
        found = format_of(path)
    except UnreadableError:
        return None
    return None if found is Format.TIFF else found
