"""What a JPEG XL frame says about its size (ISO 18181-1 and -2), read before it is decoded."""

from __future__ import annotations

from xray_studio.core.errors import UnreadableError

CODESTREAM = b"\xff\x0a"
CONTAINER = b"\0\0\0\x0cJXL \r\n\x87\n"
# Bits of the four ways to write a size, and width by height for the seven ratios.
_SIZE_BITS = (9, 13, 18, 30)
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


class _Bits:
    """Bits of a codestream, lowest first."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        """Return the next `count` bits as a number."""
        value = self._left & ((1 << count) - 1)
        self._left >>= count
        return value


def read_size(data: bytes) -> tuple[int, int]:
    """Return (rows, columns) of a JPEG XL frame.

    Raises UnreadableError when it is none.
    """
    start = _codestream(data)
    bits = _Bits(data[start + 2 : start + 14])
    small = bits.take(1)
    rows = _length(bits, small)
    ratio = bits.take(3)
    if ratio == 0:
        return rows, _length(bits, small)
    wide, high = _RATIOS[ratio - 1]
    return rows, rows * wide // high


def _length(bits: _Bits, small: int) -> int:
    if small:
        return (bits.take(5) + 1) * 8
    return bits.take(_SIZE_BITS[bits.take(2)]) + 1


def _codestream(data: bytes) -> int:
    """Return where the codestream begins, in a container of boxes or bare."""
    if data[:2] == CODESTREAM:
        return 0
    position = len(CONTAINER) if data[: len(CONTAINER)] == CONTAINER else len(data)
    while position + 12 <= len(data):
        length, kind = (
            int.from_bytes(data[position : position + 4], "big"),
            data[position + 4 :][:4],
        )
        start = position + (12 if kind == b"jxlp" else 8)
        if kind in {b"jxlc", b"jxlp"} and data[start : start + 2] == CODESTREAM:
            return start
        position += max(8, length) if length else len(data)
    raise UnreadableError("A compressed frame does not start as JPEG XL; the file is damaged.")
