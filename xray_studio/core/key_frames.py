"""Key images: frames that somebody marked as those that matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xray_studio.core.clip import Clip


class KeyFrame(NamedTuple):
    """One frame of a file; `frame` counts from 0 within that file."""

    path: str
    frame: int


def key_frame(clip: Clip, index: int) -> KeyFrame | None:
    """Return which frame of which file frame `index` (from 0) of a clip is; None without a file.

    A clip of several files has one frame of each; of one that was made from files none is.
    """
    if not clip.paths or clip.made:
        return None
    if len(clip.paths) == 1:
        return KeyFrame(clip.paths[0], index)
    return KeyFrame(clip.paths[min(index, len(clip.paths) - 1)], 0)


def by_file(marked: Iterable[KeyFrame]) -> dict[str, tuple[int, ...]]:
    """Return the frames marked in each file, files and frames in order."""
    found: dict[str, list[int]] = {}
    for path, frame in sorted(marked):
        found.setdefault(path, []).append(frame)
    return {path: tuple(frames) for path, frames in found.items()}
