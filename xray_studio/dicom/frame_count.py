"""How many frames uncompressed pixel data holds: one rule for the scan and for opening."""

from __future__ import annotations

LARGE = 128 << 20  # bits of a frame of which at least half must be there
SMALLEST = 16  # bits: with less, the byte that makes a length even could pass for a frame


def native_frames(stated: int, available: int, row_bits: int, frame_bits: int) -> int:
    """Return how many frames `available` bytes hold; one that was begun counts once it has a row.

    Of a large one half must be there: a small file must not claim memory for pixels it lacks.
    `stated` is Number of Frames, which is never exceeded; 0 when it is absent: then the data
    decides. 0 frames when too little is there.
    """
    whole, rest = divmod(available * 8, frame_bits)
    if stated < 1:
        stated = max(1, whole) if frame_bits >= SMALLEST else 1
    begun = rest >= (row_bits if frame_bits < LARGE else frame_bits // 2)
    return min(stated, whole + begun)
