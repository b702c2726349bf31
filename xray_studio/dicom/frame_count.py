"""How many frames uncompressed pixel data holds: one rule for the scan and for opening."""

from __future__ import annotations

SMALLEST = 16  # bits: with less, the byte that makes a length even could pass for a frame


def native_frames(stated: int, available: int, row_bits: int, frame_bits: int) -> int:
    """Return how many frames `available` bytes hold; one that was begun counts once it has a row.

    `stated` is Number of Frames, which is never exceeded; 0 when it is absent: then the data
    decides. 0 frames when not even one row is there.
    """
    whole, rest = divmod(available * 8, frame_bits)
    if stated < 1:
        stated = max(1, whole) if frame_bits >= SMALLEST else 1
    return min(stated, whole + (rest >= row_bits))
