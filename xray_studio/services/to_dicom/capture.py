"""A video as single frames: a multi-frame secondary capture, true colour or grey."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.files import replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import Quality
from xray_studio.core.video.classes import BYTES, COLOURS, WORDS
from xray_studio.core.video.plan import JPEG_BASELINE
from xray_studio.dicom.write.video import plan_capture
from xray_studio.dicom.write.video_order import Loss, VideoOrder
from xray_studio.services.decoding import Decoding
from xray_studio.services.export.dicom_frames import write_frames
from xray_studio.services.export.object_frames import verify_frames
from xray_studio.services.export.options import Canvas
from xray_studio.services.export.pictures import Making
from xray_studio.services.settings import uid_root
from xray_studio.services.to_dicom.pictures import opened_video, pictures_of
from xray_studio.services.to_dicom.request import Preview, Written
from xray_studio.services.to_dicom.stream import losses_of

_JPEG: Final = {Quality.LOW: 70, Quality.MEDIUM: 90, Quality.HIGH: 97}
_GREY: Final = "No picture has a colour, so they are stored as grey ones."
_SAMPLED: Final = 5  # frames from which the ratio of JPEG is told
_LONGEST: Final = 65_534 // 11  # moments that an element of explicit length holds


def write_capture(seen: Preview) -> Job[Written]:
    """Write every frame of a video on its own. Raises UnreadableError, UsageError, WriteError."""
    request, identity = seen.request, seen.identity
    clip = yield from opened_video(seen)
    size, order = Canvas(clip.rows, clip.columns, clip.rows, clip.columns), range(len(clip))
    quality = _JPEG.get(seen.plan.quality, 90)
    grey = clip.is_colour and (yield from _only_grey(clip, size))
    if grey:
        seen = replace(seen, plan=replace(seen.plan, what=replace(seen.plan.what, uid=BYTES)))
    asked = _order(seen, clip)
    if seen.plan.syntax == JPEG_BASELINE:
        asked = yield from _with_loss(asked, clip, size, quality)
    plan = plan_capture(asked, quality)
    frames = Decoding(clip, order) if asked.bits > 8 else pictures_of(clip, size, order)
    with (
        replacing(request.target, new=not request.overwrite) as path,
        closing(frames) as making,
    ):
        digests = yield from write_frames(path, plan, partial(_next, making, grey))
        yield from verify_frames(path, plan, digests)
    return Written(
        request.source, (request.target,), seen.plan, len(clip), identity.study_uid,
        request.series_uid, bool(identity.source_instance), (_GREY,) * grey,
    )  # fmt: skip


def _next(making: Making | Decoding, grey: bool, number: int, progress: Progress) -> Job[Frame]:
    """Return the next frame, of coloured ones that are `grey` one channel."""
    del number  # they come in their order
    if isinstance(making, Decoding):
        frame = yield from making.frame(progress)
        return frame
    picture = yield from making.picture(progress)
    return np.ascontiguousarray(picture[..., 0]) if grey else picture


def _only_grey(clip: Clip, size: Canvas) -> Job[bool]:
    """Tell whether no picture of a video has a colour: films are often stored as if they had."""
    order = range(len(clip))
    with closing(pictures_of(clip, size, order)) as making:
        for done in order:
            progress = Progress(done, len(clip), "Looking for colours")
            picture = yield from making.picture(progress)
            if (picture != picture[..., :1]).any():
                return False
    return True


def _order(seen: Preview, clip: Clip) -> VideoOrder:
    facts, request, plan = seen.probed.facts, seen.request, seen.plan
    turned = facts.rotation % 180 != 0
    colour = plan.what.uid == COLOURS
    deep = plan.what.uid == WORDS
    return VideoOrder(
        sop_class=plan.what.uid,
        bits=clip.pixels.bits if deep else 8,
        modality=plan.what.modality,
        syntax=plan.syntax,
        identity=seen.identity,
        series_uid=request.series_uid,
        rows=clip.rows,
        columns=clip.columns,
        frames=len(clip),
        rate=facts.rate or plan.rate,
        colour=colour,
        pixel_aspect=1 / facts.pixel_aspect if turned else facts.pixel_aspect,
        moments=_moments(seen, len(clip)),
        losses=losses_of(facts),
        words="; ".join(part.rstrip(".") for part in plan.doing)[:1024],
        acquired=seen.acquired,
        series_number=request.number,
        series_description=request.series_description,
        uid_root=uid_root(),
    )


def _moments(seen: Preview, frames: int) -> tuple[float, ...]:
    """Return milliseconds from frame to frame where they differ and an element can hold them."""
    times = seen.probed.packets.times
    if not seen.probed.facts.variable or times is None or not 1 < frames == len(times) <= _LONGEST:
        return ()
    steps = (1000.0 * float(after - before) for before, after in pairwise(times))
    return (0.0, *(round(step, 4) for step in steps))


def _with_loss(asked: VideoOrder, clip: Clip, size: Canvas, quality: int) -> Job[VideoOrder]:
    """Return what is asked for with what JPEG loses, told from some frames."""
    from xray_studio.dicom.pixels.encoders import Given, encode

    some = sorted({round(at * (len(clip) - 1) / (_SAMPLED - 1)) for at in range(_SAMPLED)})
    native = packed = 0
    with closing(pictures_of(clip, size, some)) as making:
        for _ in some:
            picture = yield from making.picture(Progress(message="Looking at the pictures"))
            picture = picture if asked.colour or picture.ndim == 2 else picture[..., 0].copy()
            colours = "RGB" if picture.ndim == 3 else "MONOCHROME2"
            native += picture.nbytes
            packed += len(encode(picture, JPEG_BASELINE, Given(8, colours, quality)))
    losses = [loss for loss in asked.losses if loss.method]
    return replace(asked, losses=(*losses, Loss("ISO_10918_1", native / max(1, packed))))
