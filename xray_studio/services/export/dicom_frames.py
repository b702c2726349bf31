"""Frames that are made here, on their way into a DICOM object."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.job import Job, Progress
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.write.frames import CopiedFrame, digest
from xray_studio.dicom.write.plan import ObjectPlan, Way
from xray_studio.dicom.write.stream import ObjectWriter
from xray_studio.services.decoding import awaited

_ENCODED = "xray_studio.dicom.write.pictures:encoded_picture"
_ENCODING = 60.0  # seconds that one frame may take


def write_frames(
    path: Path, plan: ObjectPlan, make: Callable[[int, Progress], Job[Frame]]
) -> Job[list[bytes]]:
    """Write an object whose frames `make` gives, in order; return by what each is known again.

    `make` is called with the number of the frame, from 0, and the progress to tell meanwhile.
    """
    digests, count = list[bytes](), plan.count
    with ObjectWriter(path, plan) as writer:
        for done in range(count):
            progress = Progress(done, count, "Writing frames")
            samples = yield from make(done, progress)
            frame = yield from _encoded(samples, plan, progress)
            digests.append(frame.digest)
            writer.write(frame.data)
            yield Progress(done + 1, count, "Writing frames")
        writer.close()
    return digests


def _encoded(samples: Frame, plan: ObjectPlan, progress: Progress) -> Job[CopiedFrame]:
    """Return samples as they stand in the file."""
    whole = np.ascontiguousarray(samples)
    if plan.how.way is Way.NATIVE:
        return CopiedFrame(whole.tobytes(), digest(whole))
    future: Future[CopiedFrame] = run_apart(
        _ENCODED, whole, plan.how, priority=Priority.BATCH, time_limit=_ENCODING
    )
    frame = yield from awaited(future, progress)
    return frame
