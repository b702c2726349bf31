"""What kind of file this is, by its first bytes, and by its suffix where these say nothing."""

from __future__ import annotations

import re

from xray_studio.core.kinds import VOLUME
from xray_studio.core.reasons import UNPACK
from xray_studio.core.volume.formats import HEAD, looks_like_volume

SNIFFED_BYTES = HEAD
NO_OBJECT = (
    "a volume of a research format, which is no DICOM object; volume convert makes one of it"
)

IMAGE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp", ".bmp", ".dib", ".gif",
    ".pgm", ".pnm", ".ppm", ".pbm",
)  # fmt: skip
VIDEO_SUFFIXES = (
    ".mp4", ".m4v", ".mov", ".qt", ".mkv", ".webm", ".avi", ".wmv", ".asf", ".mpg", ".mpeg",
    ".mpe", ".m2v", ".vob", ".ts", ".m2ts", ".mts",
)  # fmt: skip

_IMAGE_STARTS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+",
    b"GIF87a", b"GIF89a",
)  # fmt: skip
_VIDEO_STARTS = (
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF: WMV
    b"\0\0\1\xba", b"\0\0\1\xb3",  # MPEG program and elementary stream
)  # fmt: skip
_QUICKTIME_ATOMS = frozenset((b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
_STILL_BRANDS = frozenset((b"heic", b"heix", b"mif1", b"msf1", b"avif", b"crx "))
_PORTABLE_MAP = re.compile(rb"P[1-6][ \t\r\n]+(#[^\n]*\n\s*)*\d")
_BITMAP_HEADERS = frozenset((12, 16, 40, 52, 56, 64, 108, 124))
_TEXT_BYTES = bytes((9, 10, 12, 13, *range(32, 127), *range(128, 256)))
_ARCHIVE_STARTS = (
    (b"PK\3\4", "a ZIP archive"), (b"PK\5\6", "a ZIP archive"), (b"\x1f\x8b\x08", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"), (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\0", "an XZ archive"), (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
)  # fmt: skip
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)")
_TAR_MARK = slice(257, 262)
_TRANSPORT_PACKETS = ((0, 188), (4, 192))  # MPEG-2 transport stream: MPEG-TS and M2TS


def kind(start: bytes, path: str) -> str:
    """Return "image", "video", "volume" or "" for a file with the first bytes `start`."""
    start = start[:SNIFFED_BYTES]
    if looks_like_volume(start, path):
        return VOLUME
    found = _kind_by_content(start)
    return found if found or _is_text(start) else _kind_by_suffix(path)


def not_opened(start: bytes, path: str = "") -> str:
    """Return why a file of a known other kind is not opened, "" for anything else.

    An archive that stores its files as they are would pass for the first of them.
    """
    if looks_like_volume(start[:SNIFFED_BYTES], path):
        return NO_OBJECT
    archive = _archive(start)
    return f"{archive}; {UNPACK}" if archive else ""


def _archive(start: bytes) -> str:
    for mark, name in _ARCHIVE_STARTS:
        if start.startswith(mark):
            return name
    if start[_TAR_MARK] == b"ustar":
        return "a tar archive"
    return "a bzip2 archive" if _BZIP2.match(start) else ""


def _is_text(start: bytes) -> bool:
    """Tell whether there are no control characters but white space: a `.ts` can be source code."""
    return not start.translate(None, _TEXT_BYTES)


def _kind_by_content(start: bytes) -> str:
    if start.startswith(_IMAGE_STARTS) or _is_bitmap(start) or _PORTABLE_MAP.match(start):
        return "image"
    if start.startswith(b"RIFF"):
        return {b"WEBP": "image", b"AVI ": "video"}.get(start[8:12], "")
    if start.startswith(_VIDEO_STARTS) or _is_quicktime(start) or _is_transport(start):
        return "video"
    return ""


def _is_bitmap(start: bytes) -> bool:
    header = int.from_bytes(start[14:18], "little")
    return start.startswith(b"BM") and start[6:10] == bytes(4) and header in _BITMAP_HEADERS


def _is_quicktime(start: bytes) -> bool:
    if start[4:8] == b"ftyp":
        return start[8:12] not in _STILL_BRANDS
    return start[4:8] in _QUICKTIME_ATOMS


def _is_transport(start: bytes) -> bool:
    return any(
        len(start) > first + 4 * size and all(start[first + i * size] == 0x47 for i in range(5))
        for first, size in _TRANSPORT_PACKETS
    )


def _kind_by_suffix(path: str) -> str:
    name = path.casefold()
    if name.endswith(IMAGE_SUFFIXES):
        return "image"
    return "video" if name.endswith(VIDEO_SUFFIXES) else ""
