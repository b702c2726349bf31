"""The frames of a DICOM object on their way into a file, and the look at them afterwards."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, WriteError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.pixels.stored import PixelSource
from xray_studio.dicom.write.frames import request_digest, request_frame
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.stream import ObjectWriter, largest_size
from xray_studio.services.decoding import Ordered, awaited
from xray_studio.services.export.stream_value import verify_value, write_value

_DESCRIBE = "xray_studio.dicom.describe:describe"
_GONE = "The finished file was removed, since it {what}; try another transfer syntax."


def write_frames(path: Path, plan: ObjectPlan) -> Job[list[bytes]]:
    """Write every frame and return by what each one is known again."""
    if plan.value is not None:
        kept = yield from write_value(path, plan, plan.value)
        return kept
    count = plan.count

    def request(index: int, priority: Priority) -> Any:
        return request_frame(plan.frames[index], plan.how, priority)

    making = Ordered(request, largest_size(plan) // count, range(count))
    digests = []
    try:
        with ObjectWriter(path, plan) as writer:
            for done in range(count):
                frame = yield from making.frame(Progress(done, count, "Writing frames"))
                digests.append(frame.digest)
                writer.write(frame.data)
                yield Progress(done + 1, count, "Writing frames")
            writer.close()
    finally:
        making.close()
    return digests


def verify_frames(path: Path, plan: ObjectPlan, digests: list[bytes]) -> Job[None]:
    """Open the file again and decode every frame; without loss each one must be as it was.

    Raises WriteError.
    """
    source, count = (yield from opened_again(path, plan)), plan.count
    if plan.value is not None:
        yield from verify_value(path, plan, plan.value, digests)
        return

    def request(index: int, priority: Priority) -> Any:
        return request_digest(source, index, plan.how, priority)

    reading = Ordered(request, largest_size(plan) // count, range(count))
    try:
        for number, wanted in enumerate(digests):
            found = yield from reading.frame(Progress(number, count, "Checking frames"))
            if found != wanted and not plan.lossy:
                raise _gone(f"holds another frame {number + 1} than was written")
    except StudioError as error:
        if isinstance(error, Cancelled | WriteError):
            raise
        raise _gone("has a frame that cannot be decoded") from error
    finally:
        reading.close()


def opened_again(path: Path, plan: ObjectPlan) -> Job[PixelSource]:
    """Return where the frames of the finished file lie."""
    count, layout = plan.count, plan.layout
    future: Future[Clip] = run_apart(_DESCRIBE, str(path), priority=Priority.BATCH,
                       time_limit=reading_time([str(path)]))  # fmt: skip
    try:
        clip = yield from awaited(future, Progress(count, count, "Checking the file"))
    except StudioError as error:
        if isinstance(error, Cancelled):
            raise
        raise _gone("cannot be opened again") from error
    if (len(clip), clip.rows, clip.columns) != (count, layout.rows, layout.columns):
        raise _gone("has another size than was asked for")
    source: Any = clip.source
    return source  # type: ignore[no-any-return]  # one of an object is what it is


def _gone(what: str) -> WriteError:
    return WriteError(_GONE.format(what=what))
