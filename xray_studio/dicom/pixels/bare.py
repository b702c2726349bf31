"""Compressed frames without the words that coders and devices write beside the picture."""

from __future__ import annotations

from typing import Final

from xray_studio.dicom.file import syntaxes

_JPEG: Final = frozenset(
    (syntaxes.JPEG_BASELINE, syntaxes.JPEG_EXTENDED, syntaxes.JPEG_LOSSLESS,
     syntaxes.JPEG_LOSSLESS_SV1, syntaxes.JPEG_LS, syntaxes.JPEG_LS_NEAR, *syntaxes.JPEG_RETIRED)
)  # fmt: skip
_JPEG_2000: Final = frozenset(
    (syntaxes.JPEG_2000, syntaxes.JPEG_2000_LOSSLESS, syntaxes.JPEG_2000_PART2,
     syntaxes.JPEG_2000_PART2_LOSSLESS, syntaxes.HTJ2K, syntaxes.HTJ2K_LOSSLESS,
     syntaxes.HTJ2K_LOSSLESS_RPCL)
)  # fmt: skip
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_ALONE: Final = frozenset((0x01, *range(0xD0, 0xD9)))
# Application data that decoders need: JFIF, and how colours were transformed.
_NEEDED: Final = ((0xE0, b"JFIF\0"), (0xEE, b"Adobe"), (0xE8, b"mrfx"))
_SIZES: Final = {0xE0: 16}  # JFIF without its small picture
_CODESTREAM: Final = b"\xff\x4f\xff\x51"
_COM, _SOT, _SOD, _EOC = 0x64, 0x90, 0x93, 0xD9


def without_words(data: bytes, syntax: str) -> bytes:
    """Return a compressed frame without comments and application data; its pixels stay the same.

    A stream that does not keep to its format is returned as it is: decoding tells.
    """
    try:
        if syntax in _JPEG:
            return _jpeg(data)
        return _jpeg_2000(data) if syntax in _JPEG_2000 else data
    except IndexError:
        return data


def _jpeg(data: bytes) -> bytes:
    """Leave out COM and APPn segments (ISO 10918-1 B.2.4.5) and what follows the end."""
    kept, place = bytearray(data[:2]), 2
    if kept != b"\xff\xd8":
        return data
    while place + 1 < len(data):
        if data[place] != 0xFF:
            return data
        marker = data[place + 1]
        if marker == 0xFF:  # fill bytes
            place += 1
        elif marker == _END:
            kept += b"\xff\xd9"
            return bytes(kept)
        elif marker in _ALONE:
            kept += data[place : place + 2]
            place += 2
        else:
            end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
            if marker == _SCAN:
                end = _scan_end(data, end)
            if marker == _SCAN or not _is_words(marker, data[place + 4 : end]):
                kept += data[place:end]
            place = end
    return bytes(kept)


def _is_words(marker: int, content: bytes) -> bool:
    if marker == _COMMENT:
        return True
    if not 0xE0 <= marker <= 0xEF:
        return False
    wanted = any(marker == one and content.startswith(mark) for one, mark in _NEEDED)
    return not wanted or len(content) > _SIZES.get(marker, 16)


def _scan_end(data: bytes, place: int) -> int:
    """Return where the next marker after entropy-coded data is."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            return len(data)
        following = data[place + 1]
        # JPEG-LS stuffs a zero bit after FF, so that values below 80 are data too (ISO 14495-1).
        if following < 0x80 or 0xD0 <= following <= 0xD7:
            place += 2
        elif following == 0xFF:
            place += 1
        else:
            return place


def _jpeg_2000(data: bytes) -> bytes:
    """Blank comments (ISO 15444-1 A.9.2): lengths stay, and with them every pointer.

    Boxes of a file around the stream have no place in a DICOM object and go (PS3.5 8.2.4).
    """
    start = data.find(_CODESTREAM)
    if start < 0:
        return data
    stream = bytearray(data[start:])
    place = _blank(stream, 2)
    while stream[place + 1] == _SOT:
        length = int.from_bytes(stream[place + 6 : place + 10], "big")
        _blank(stream, place + 12)
        if not length:  # up to the end
            break
        place += length
    return bytes(stream)


def _blank(stream: bytearray, place: int) -> int:
    """Blank the comments of one header and return where it ends."""
    while stream[place + 1] not in {_SOT, _SOD, _EOC}:
        length = int.from_bytes(stream[place + 2 : place + 4], "big")
        if stream[place + 1] == _COM:
            stream[place + 6 : place + 2 + length] = b" " * (length - 4)
        place += 2 + length
    return place
