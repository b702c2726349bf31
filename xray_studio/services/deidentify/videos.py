"""Objects with a video stream: what may name somebody beside the pictures is left behind.

The stream of pictures stays bit for bit. What it stands in (sound, titles, places, times of MP4 and
transport streams) is made anew, of the pictures alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UnsupportedError, WriteError
from xray_studio.core.extents import Extents
from xray_studio.core.job import Job, Progress
from xray_studio.core.video.syntaxes import VIDEO_SYNTAXES
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import video_index_time
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.write.items import StreamItems
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.services.decoding import awaited
from xray_studio.services.export.object_frames import opened_again, verify_frames, write_frames
from xray_studio.video.probe import Probed, probe
from xray_studio.video.remux import Remux, remux
from xray_studio.video.stream_bytes import StreamSum, stream_sum

_READING: Final = Progress(message="Reading the video stream")
_MP4: Final = "mov"  # what FFmpeg calls the whole family


def write_video(path: Path, plan: ObjectPlan, stream: VideoStream) -> Job[None]:
    """Write an object with the pictures of a stream alone, and read its stream again.

    Raises UnsupportedError for a stream whose pictures cannot be taken out as they are and that
    holds more than them, WriteError where the finished file holds another stream.
    """
    extents = stream.extents
    looking: Future[Probed] = run_apart(
        probe, extents, priority=Priority.BATCH, time_limit=video_index_time(extents.path)
    )
    found = yield from awaited(looking, _READING)
    if found.facts.variable or found.facts.hidden:
        _check_alone(found)
        digests = yield from write_frames(path, plan)
        yield from verify_frames(path, plan, digests)
        return
    copied, place = yield from _written(path, plan, extents, found)
    yield from opened_again(path, plan)
    again = yield from stream_sum(place)
    if (again.packets, again.sum) != (copied.packets, copied.sum):
        raise WriteError("The file holds another stream than its source; the disk may be damaged.")


def _check_alone(found: Probed) -> None:
    """Raise UnsupportedError for a stream that holds more than its pictures."""
    facts = found.facts
    beside = [*(["sound"] if facts.sound else ()), *facts.metadata]
    beside += ["a time"] if facts.created else []
    if beside:
        raise UnsupportedError(
            "The frames of the video stream stand at unequal distances, so they cannot be taken out"
            f" of what holds {', '.join(beside)} beside them; export them (export SRC OUT.dcm"
            " --syntax jpeg-ls) and de-identify those."
        )


def _written(
    path: Path, plan: ObjectPlan, source: Extents, found: Probed
) -> Job[tuple[StreamSum, Extents]]:
    """Write the object; return what was copied, and where it lies."""
    facts, count = found.facts, len(found.packets)
    container = "mp4" if facts.container == _MP4 else "mpegts"
    with path.open("wb+") as file, _fitting():
        file.write(plan.head + plan.attributes)
        items = StreamItems(file, several=VIDEO_SYNTAXES[plan.syntax].fragments)
        order = Remux(container, facts.rate, found.packets, 0, count)
        copied = yield from remux(source, items, order)
        items.close()
        file.write(plan.tail)
    status = path.stat()
    return copied, Extents(str(path), status.st_size, status.st_mtime_ns, items.pieces)


@contextmanager
def _fitting() -> Iterator[None]:
    try:
        yield
    except OverflowError:
        raise UnsupportedError(
            "The video stream is larger than the one item that its transfer syntax allows; export"
            " its frames and de-identify those."
        ) from None
