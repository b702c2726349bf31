"""A video whose stream goes into an MP4 file bit for bit: nothing of its pictures is changed.

Where "lossless" is asked of a stream that was compressed with loss, that is better than to encode
it once more, and far quicker. Sound and what the container tells stay behind.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress, passed_on
from xray_studio.core.output import DeepPicture, OutputSpec, Quality
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import video_index_time
from xray_studio.services.decoding import awaited
from xray_studio.services.export.check import refused
from xray_studio.services.export.options import Canvas, ExportOptions, Schedule
from xray_studio.services.presets import initial_presentation
from xray_studio.video.place import path_of
from xray_studio.video.probe import Probed, probe
from xray_studio.video.read import VideoSource
from xray_studio.video.remux import Remux, remux
from xray_studio.video.stream_bytes import stream_sum

_SUFFIX: Final = ".mp4"
_CODECS: Final = frozenset(("h264", "hevc"))
_LOOKING: Final = Progress(message="Reading the video stream")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export comes to: frames, size and look."""

    clip: Clip
    target: Path
    options: ExportOptions
    presentation: Presentation
    plan: Schedule
    size: Canvas
    spec: OutputSpec


def kept_stream(asked: Asked) -> Job[KeptStream | None]:
    """Return the stream that can be kept bit for bit, None where pictures are encoded."""
    source = asked.clip.source
    if not isinstance(source, VideoSource) or not _may_keep(asked, source.header.codec):
        return None
    place = source.place
    limit = video_index_time(path_of(place))
    looking: Future[Probed] = run_apart(probe, place, priority=Priority.BATCH, time_limit=limit)
    try:
        found = yield from awaited(looking, _LOOKING)
    except UnreadableError:  # a part of it is missing: what is there is encoded
        return None
    facts = found.facts
    whole = not (facts.variable or facts.hidden or facts.rotation)
    alike = facts.frames == len(found.packets) == len(asked.clip)
    return KeptStream(source, found, asked.spec) if whole and alike else None


def _may_keep(asked: Asked, codec: str) -> bool:
    """Tell whether all frames are wanted in their order, as they are."""
    clip, options, spec, size = asked.clip, asked.options, asked.spec, asked.size
    plain = options.overlay is Overlay.NONE and not options.privacy.masks and not options.encoder
    kind = asked.target.suffix.lower() == _SUFFIX and codec in _CODECS
    exact = spec.quality is Quality.LOSSLESS and options.codec in {"", codec}
    shape = (clip.rows, clip.columns)
    same = (size.rows, size.columns) == (size.frame_rows, size.frame_columns) == shape
    order = asked.plan.order == tuple(range(len(clip))) and not spec.starts
    return plain and kind and exact and same and order and _as_stored(clip, asked.presentation)


def _as_stored(clip: Clip, shown: Presentation) -> bool:
    """Tell whether nothing lies over the frames or changes their colours."""
    over = (clip.overlays, clip.shutter, clip.drawings, clip.segments, clip.icc_profile)
    return not any(over) and shown == initial_presentation(clip)


@dataclass(frozen=True, slots=True)
class KeptStream:
    """A stream that is copied, frame for frame at the rate of `spec`."""

    source: VideoSource
    found: Probed
    spec: OutputSpec

    @property
    def facts(self) -> dict[str, Any]:
        """What the manifest tells of the file."""
        return {
            "container": "mp4",
            "codec": self.found.facts.codec,
            "encoder": "none: the stream is kept bit for bit",
            "pixel_format": self.source.header.pixel_format,
            "rows": self.spec.rows,
            "columns": self.spec.columns,
        }

    def write(self, path: Path) -> Job[tuple[DeepPicture, DeepPicture]]:
        """Copy the stream, compare it with its source, return the first and the last picture.

        Raises OSError, WriteError where the file holds another stream.
        """
        count = len(self.found.packets)
        order = Remux("mp4", self.spec.rate, self.found.packets, 0, count)
        with path.open("wb+") as file:
            copied = yield from remux(self.source.place, file, order)
        again = yield from passed_on(
            stream_sum(str(path)), lambda at: Progress(count, count, at.message)
        )
        if (again.packets, again.sum) != (copied.packets, copied.sum):
            raise refused("holds another stream than was copied")
        return self.source.read(0), self.source.read(count - 1)
