"""`open_clip`: a DICOM object, or the sorted images of a series, as one Clip.

Headers are read in worker processes, so that a damaged file cannot hurt the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.workers import run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.series import Answer, describe_all, join
from xray_studio.dicom.video import Held

_DESCRIBE = "xray_studio.dicom.describe:describe"


def open_clip(paths: Sequence[str]) -> Clip:
    """Return the object at one path, or the images of several as one clip in the order given.

    A file of a series that fails raises only when its own frame is read; a series with no readable
    file, or a single one that fails, raises UnreadableError, NoPixelsError or UnsupportedError.
    """
    return as_one(paths, describe_each(paths))


def describe_each(paths: Sequence[str]) -> list[Answer]:
    """Return every object as a clip, or the reason why it is none.

    A single one that fails raises its reason.
    """
    if not paths:
        raise UsageError("There is no file to open; name at least one.")
    if len(paths) == 1:
        future: Future[Clip] = run_apart(_DESCRIBE, paths[0], time_limit=reading_time(paths))
        return [future.result()]
    return describe_all(paths)


def describe_held(path: str, held: Held) -> Clip:
    """Return an object whose video stream turned out to hold so many frames of that size."""
    future: Future[Clip] = run_apart(_DESCRIBE, path, held, time_limit=reading_time([path]))
    return future.result()


def as_one(paths: Sequence[str], answers: Sequence[Answer]) -> Clip:
    """Return what was described as one clip. Raises the reason where nothing can be opened."""
    if len(answers) == 1 and isinstance(answers[0], Clip):
        return answers[0]
    return join(paths, answers)
