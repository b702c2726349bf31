"""De-identifies one object: decides about its pictures, writes it, and reads it again."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import NoPixelsError, WriteError
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.region import Region
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.deidentify.plan import Planned
from xray_studio.dicom.deidentify.rules import Order
from xray_studio.dicom.deidentify.unmasked import request_unmasked
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.opening import reading_time
from xray_studio.dicom.pixels.stored import PixelSource, layout_of
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.stream import largest_size
from xray_studio.services.decoding import Ordered, awaited
from xray_studio.services.deidentify.choices import Choices
from xray_studio.services.deidentify.keys import Key
from xray_studio.services.deidentify.pictures import decided
from xray_studio.services.deidentify.request import Decided
from xray_studio.services.export.earlier import file_hash
from xray_studio.services.export.object_frames import opened_again, verify_frames, write_frames

_PLAN: Final = "xray_studio.dicom.deidentify.plan:plan_object"
_DESCRIBE: Final = "xray_studio.dicom.describe:describe"
_PLANNING: Final = 30.0  # seconds beyond those of reading
_READING: Final = Progress(message="Reading the object")
_OTHER: Final = (
    "Pixels outside of the masks would have changed, so the object was not written; name other"
    " masks."
)


def planned(
    path: str, choices: Choices, key: Key, seen: Decided | None = None
) -> Job[tuple[Planned, Decided]]:
    """Return what is to be written of an object; `seen` is what a person decided of its pictures.

    Raises StudioError with the reason.
    """
    clip = yield from _clip(path)
    pictures = seen or Decided()
    if clip is not None and seen is None:
        pictures = yield from decided(clip, choices)
    order = Order(path, choices.profile, key.pseudonyms, pictures.masks, pictures.looked)
    plan = yield from ordered(order)
    return plan, pictures


def ordered(order: Order) -> Job[Planned]:
    """Plan an object in a worker process."""
    limit = reading_time([order.path]) + _PLANNING
    future: Future[Planned] = run_apart(_PLAN, order, priority=Priority.BATCH, time_limit=limit)
    plan = yield from awaited(future, _READING)
    return plan


def _clip(path: str) -> Job[Clip | None]:
    limit = reading_time([path])
    future: Future[Clip] = run_apart(_DESCRIBE, path, priority=Priority.BATCH, time_limit=limit)
    try:
        clip = yield from awaited(future, _READING)
    except NoPixelsError:
        return None
    if not isinstance(clip.source, VideoStream):
        return clip
    from xray_studio.services.streams import playable

    shown = yield from playable(clip)
    return shown


def write(target: Path, plan: Planned, pictures: Decided) -> Job[None]:
    """Write an object whole or not at all, and compare it. Raises WriteError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(target.parent, error) from error
    with replacing(target) as path:
        if plan.plan is None:
            path.write_bytes(plan.data)
            _check_bytes(path, plan.data)
            return
        if isinstance(plan.source, VideoStream):
            from xray_studio.services.deidentify.videos import write_video

            yield from write_video(path, plan.plan, plan.source)
            return
        digests = yield from write_frames(path, plan.plan)
        yield from verify_frames(path, plan.plan, digests)
        if pictures.masks and plan.source is not None:
            yield from _compare(path, plan.plan, plan.source, pictures.masks)


def _check_bytes(path: Path, data: bytes) -> None:
    if hashlib.sha256(path.read_bytes()).digest() != hashlib.sha256(data).digest():
        raise WriteError("The file differs from what was written; the disk may be damaged.")


def _compare(
    path: Path, plan: ObjectPlan, source: PixelSource, masks: tuple[Region, ...]
) -> Job[None]:
    """Compare every pixel outside of the masks with that of the source. Raises WriteError."""
    made = yield from opened_again(path, plan)
    if layout_of(made).is_colour != layout_of(source).is_colour:
        raise WriteError(_OTHER)
    before = yield from _digests(source, plan, masks)
    after = yield from _digests(made, plan, masks)
    if before != after:
        raise WriteError(_OTHER)


def _digests(source: PixelSource, plan: ObjectPlan, masks: tuple[Region, ...]) -> Job[list[bytes]]:
    def request(index: int, priority: Priority) -> Any:
        return request_unmasked(source, index, masks, priority)

    count, found = plan.count, []
    reading = Ordered(request, largest_size(plan) // count, range(count))
    try:
        for number in range(count):
            progress = Progress(number, count, "Comparing pixels outside of masks")
            found.append((yield from reading.frame(progress)))
    finally:
        reading.close()
    return found


def sha256_of(path: Path) -> Job[str]:
    """Return the SHA-256 of a finished file."""
    digest = yield from file_hash(path, "Checking the file")
    return digest


def syntax_of(plan: Planned) -> str:
    """Return the transfer syntax that an object is written with."""
    return syntaxes.EXPLICIT_LITTLE if plan.plan is None else plan.plan.syntax
