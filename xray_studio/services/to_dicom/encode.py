"""A video that cannot be kept: encoded anew so that it is legal, then put into an object."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import WriteError
from xray_studio.core.files import clear_left_behind, temporary_beside
from xray_studio.core.job import Job, Progress
from xray_studio.core.output import OutputSpec
from xray_studio.core.video.facts import VideoFacts
from xray_studio.core.video.legal import legality
from xray_studio.core.video.plan import spread
from xray_studio.core.video.syntaxes import VideoSyntax
from xray_studio.services.export.options import ExportOptions, canvas
from xray_studio.services.to_dicom.look import look
from xray_studio.services.to_dicom.pictures import (
    deep_pictures_of,
    even_order,
    is_deep,
    opened_video,
    pictures_of,
)
from xray_studio.services.to_dicom.request import Preview, Written
from xray_studio.services.to_dicom.stream import Stream, losses_of, write_stream
from xray_studio.video.write import VideoWriter

_ENCODING: Final = "Encoding"
# Levels, and the bit rate and buffer that they allow at most (H.264 Table A-1, H.265 Table A.8).
_LIMITS: Final = {
    "4.1": {"level": "4.1", "maxrate": "50000000", "bufsize": "62500000"},
    "4.2": {"level": "4.2", "maxrate": "50000000", "bufsize": "62500000"},
}
_HEVC: Final = "level-idc=5.1:high-tier=0:vbv-maxrate=40000:vbv-bufsize=40000"


def write_encoded(seen: Preview) -> Job[Written]:
    """Encode the pictures of a video, and write the object of the new stream.

    Raises UnreadableError for a frame that cannot be decoded, WriteError, OSError.
    """
    syntax = seen.plan.video_syntax
    assert syntax is not None
    made = temporary_beside(seen.request.target)
    clear_left_behind(made.parent)
    try:
        clip = yield from opened_video(seen)
        yield from _encode(seen, clip, syntax, made)
        probed = yield from look(made)
        reasons = legality(probed.facts, syntax.uid).reasons
        if reasons:
            raise WriteError(
                f"The encoded stream was removed, since it is not legal: {' '.join(reasons)}"
            )
        seen = _spread(seen, probed.facts, syntax)
        words = "; ".join(part.rstrip(".") for part in seen.plan.doing)[:1024]
        named = [loss for loss in losses_of(seen.probed.facts) if loss.method]
        losses = (*named, *losses_of(probed.facts))
        written = yield from write_stream(seen, Stream(made, probed, losses, words))
        return written
    finally:
        made.unlink(missing_ok=True)


def _spread(seen: Preview, facts: VideoFacts, syntax: VideoSyntax) -> Preview:
    """Return a preview whose syntax takes the new stream, however large that has become."""
    wish = seen.request.wish
    beside = seen.probed.facts.size if wish.keep_sound else 0
    form, said = spread(replace(facts, stream_size=facts.stream_size + beside), wish, syntax)
    plan = replace(seen.plan, syntax=form.uid, doing=(*seen.plan.doing, *said))
    return replace(seen, plan=plan)


def _encode(seen: Preview, clip: Clip, syntax: VideoSyntax, path: Path) -> Job[None]:
    plan = seen.plan
    order = even_order(clip, seen.probed.facts, plan.rate)
    size = canvas(clip, ExportOptions(), 0)
    deep = is_deep(seen)
    spec = OutputSpec(
        size.rows, size.columns, clip.is_colour or deep, len(order), plan.rate, plan.quality,
        codec=syntax.codec, bits=plan.bits,
    )  # fmt: skip
    making = (deep_pictures_of if deep else pictures_of)(clip, size, order)
    try:
        with VideoWriter(path, ".mp4", spec, _limits(syntax)) as writer:
            for done in range(len(order)):
                picture = yield from making.picture(Progress(done, len(order), _ENCODING))
                writer.write(picture)
                yield Progress(done + 1, len(order), _ENCODING)
            writer.close()
    finally:
        making.close()


def _limits(syntax: VideoSyntax) -> dict[str, str]:
    """Return what the encoder is told so that the stream has the level of the syntax."""
    if syntax.codec == "hevc":
        return {"x265-params": f"log-level=error:{_HEVC}"}
    return _LIMITS[syntax.levels[-1]] | {"profile": "high"}
