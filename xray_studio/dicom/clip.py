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
from xray_studio.dicom.series import describe_all, join


def open_clip(paths: Sequence[str]) -> Clip:
    """Return the object at one path, or the images of several as one clip in the order given.

    A file of a series that fails raises only when its own frame is read; a series with no readable
    file, or a single one that fails, raises UnreadableError, NoPixelsError or UnsupportedError.
    """
    if not paths:
        raise UsageError("There is no file to open; name at least one.")
    if len(paths) == 1:
        name, limit = "xray_studio.dicom.describe:describe", reading_time(paths)
        future: Future[Clip] = run_apart(name, paths[0], time_limit=limit)
        return future.result()
    return join(paths, describe_all(paths))
