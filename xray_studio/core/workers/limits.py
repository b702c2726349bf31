"""How long a worker may take where that depends on the size of files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xray_studio.core.archive import on_disk

VIDEO_SECONDS = 15.0  # decoding may start far before the frame
VIDEO_BYTES_A_SECOND = 20e6  # of a slow disk
DECODED_BYTES_A_SECOND = 2e6  # of a stream of few bits on a busy core


def time_for(paths: Sequence[str], least: float, bytes_a_second: float) -> float:
    """Return `least` seconds and what reading the files through takes; missing ones take none."""
    return least + sum(_size(path) for path in paths) / bytes_a_second


def video_time(path: str) -> float:
    """Return the seconds for a video: its index can need the whole file."""
    return time_for((path,), VIDEO_SECONDS, VIDEO_BYTES_A_SECOND)


def video_index_time(path: str) -> float:
    """Return the seconds for the index of a video, which may need every frame decoded."""
    return time_for((path,), VIDEO_SECONDS, DECODED_BYTES_A_SECOND)


def _size(path: str) -> int:
    try:
        return Path(on_disk(path)).stat().st_size
    except OSError:
        return 0
