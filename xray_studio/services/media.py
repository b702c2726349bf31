"""Sizes of pictures and videos that are no DICOM objects. Runs in worker processes."""

from __future__ import annotations

import time

from xray_studio.core.errors import StudioError

SECONDS_PER_BATCH = 0.2

Size = tuple[int, int, int, float | None]


def read_pictures(paths: list[str]) -> list[Size | str]:
    """Return (frames, rows, columns, None) of pictures, or why one is not opened.

    Stops after a fifth of a second, so the answer can be shorter than `paths`.
    """
    from xray_studio.imaging.stills import read_still_header

    deadline = time.monotonic() + SECONDS_PER_BATCH
    answers: list[Size | str] = []
    for path in paths:
        try:
            frames, rows, columns = read_still_header(path).shape[:3]
            answers.append((frames, rows, columns, None))
        except StudioError as error:
            answers.append(str(error))
        if time.monotonic() > deadline:
            break
    return answers


def read_video(path: str) -> Size:
    """Return (frames, rows, columns, frames per second) of a video."""
    from xray_studio.video.read import read_video_header

    header = read_video_header(path)
    frames, rows, columns = header.shape[:3]
    return frames, rows, columns, float(header.rate) if header.rate else None
