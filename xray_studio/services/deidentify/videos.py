"""Objects with a video stream, whose de-identified copies keep the stream bit for bit."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import Job, Progress
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import video_time
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.services.decoding import awaited
from xray_studio.services.streams import playable
from xray_studio.video.beside import read_beside

_READING: Final = Progress(message="Reading the video stream")


def pictures_alone(clip: Clip, stream: VideoStream) -> Job[Clip]:
    """Return the clip of an object whose stream holds pictures and nothing else.

    Raises UnsupportedError for streams with sound or notes, which can name somebody.
    """
    place = stream.extents
    reading: Future[tuple[str, ...]] = run_apart(
        read_beside, place, priority=Priority.BATCH, time_limit=video_time(place.path)
    )
    beside = yield from awaited(reading, _READING)
    if beside:
        raise UnsupportedError(
            f"The video stream holds {', '.join(beside)} beside the pictures, which can name"
            " somebody; export its frames (export SRC OUT.dcm --syntax jpeg-ls) and de-identify"
            " those."
        )
    shown = yield from playable(clip)
    return shown
