"""The video stream of an object on its way into a copy, bit for bit, and the look at it after."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from xray_studio.core.errors import WriteError
from xray_studio.core.extents import Extents
from xray_studio.core.job import Job, Progress
from xray_studio.dicom.write.plan import ObjectPlan
from xray_studio.dicom.write.stream_copy import pixel_head
from xray_studio.video.place import PiecesFile

_CHUNK = 4 << 20  # bytes between two places to stop


def write_value(path: Path, plan: ObjectPlan, value: Extents) -> Job[list[bytes]]:
    """Write an object with the pixel data of another, and return by what that is known again."""
    digest, done = blake2b(digest_size=16), 0
    with path.open("wb") as file, PiecesFile(value) as source:
        file.write(plan.head + plan.attributes + pixel_head(plan))
        while data := source.read(_CHUNK):
            file.write(data)
            digest.update(data)
            done += len(data)
            yield Progress(done, value.length, "Writing the video stream")
        file.write(plan.tail)
    if done != value.length:
        raise WriteError("The source ended before its video stream did; copy it again.")
    return [digest.digest()]


def verify_value(path: Path, plan: ObjectPlan, value: Extents, digests: list[bytes]) -> Job[None]:
    """Read the pixel data of the finished file again. Raises WriteError where it is another."""
    begin = len(plan.head) + len(plan.attributes) + len(pixel_head(plan))
    with path.open("rb") as file:
        file.seek(begin)
        found = yield from _digest(file, value.length)
    if [found] != digests:
        raise WriteError("The file differs from what was written; the disk may be damaged.")


def _digest(file: BinaryIO, length: int) -> Job[bytes]:
    digest, left = blake2b(digest_size=16), length
    while left and (data := file.read(min(_CHUNK, left))):
        digest.update(data)
        left -= len(data)
        yield Progress(length - left, length, "Checking the video stream")
    return digest.digest()
