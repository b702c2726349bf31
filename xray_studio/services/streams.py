"""Objects that hold a video stream as clips: where headers of DICOM and decoders of video meet.

A short stream is read through before its clip is given. A long one shows its first frames at once
(`progress.partial`, whose number of frames is the object's word) while a process of its own reads
it through; then any frame is found exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import pairwise
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.extents import Extents
from xray_studio.core.job import Cancelled, Job, Progress, passed_on
from xray_studio.core.playback import DEFAULT, Timing
from xray_studio.core.reasons import as_reason
from xray_studio.core.video.syntaxes import VIDEO_SYNTAXES
from xray_studio.core.workers import WorkerLostError, WorkerPool, run_apart
from xray_studio.core.workers.limits import video_index_time, video_time
from xray_studio.core.workers.process import inside_worker
from xray_studio.dicom.clip import describe_held
from xray_studio.dicom.pixels.video_stream import VideoStream
from xray_studio.dicom.rate import median_interval
from xray_studio.dicom.video import Held
from xray_studio.services.decoding import awaited
from xray_studio.video.read import VideoHeader, VideoSource, read_video_header, read_video_start

SHORT: Final = 64 << 20  # bytes of a stream that are read through in a moment
REACH: Final = 240  # frames that are decoded within a second or two
ON_ITS_WAY: Final = (
    "The video is still being read through; frames far from its start can be shown in a moment."
)
_READING: Final = Progress(message="Reading the video stream")
_CODECS: Final = {"mpeg2video": "MPEG2", "h264": "H.264", "hevc": "HEVC"}
_DIFFERENT: Final = 0.05  # part of a rate by which two count as different


def each_playable(answers: Sequence[Clip | StudioError]) -> Job[list[Clip | StudioError]]:
    """Return described objects as `playable` does; a single one that cannot be played raises."""
    if len(answers) == 1 and isinstance(answers[0], Clip):
        clip = yield from playable(answers[0])
        return [clip]
    played: list[Clip | StudioError] = []
    for answer in answers:
        one = yield from _attempted(answer)
        played.append(one)
    return played


def _attempted(answer: Clip | StudioError) -> Job[Clip | StudioError]:
    """Return one of several objects, of which no beginning is shown alone."""
    if not isinstance(answer, Clip):
        return answer
    try:
        clip = yield from passed_on(playable(answer), lambda told: replace(told, partial=None))
    except Cancelled:
        raise
    except StudioError as error:
        return error
    return clip


def playable(clip: Clip) -> Job[Clip]:
    """Return the clip of an object with frames that can be seen; what has no stream as it is.

    Raises UnreadableError where no frame of the stream can be decoded.
    """
    if not isinstance(clip.source, VideoStream):
        return clip
    stream = clip.source
    try:
        header = yield from _header(clip, stream)
    except StudioError as error:
        if isinstance(error, Cancelled | WorkerLostError):
            raise
        raise UnreadableError(_unplayable(stream, error)) from error
    held = Held(*header.shape[:3])
    return _joined(describe_held(stream.extents.path, held), stream, header)


def _header(clip: Clip, stream: VideoStream) -> Job[VideoHeader]:
    """Read a stream through; the first frames of a long one are given on the way."""
    extents = stream.extents
    if extents.length <= SHORT:
        reading = run_apart(read_video_header, extents, time_limit=video_index_time(extents.path))
        header = yield from awaited(reading, _READING)
        return header
    yield from _begun(clip, stream)
    header = yield from _read_through(extents)
    return header


def _begun(clip: Clip, stream: VideoStream) -> Job[None]:
    """Give the first frames of a stream as a clip of as many frames as the object says."""
    extents = stream.extents
    limit = video_time(extents.path)
    reading = run_apart(read_video_start, extents, stream.frames, REACH, time_limit=limit)
    header = yield from awaited(reading, _READING)
    if header.shape[:3] == clip.source.shape[:3]:
        yield replace(_READING, partial=_told(_joined(clip, stream, header)))


def _told(begun: Clip) -> Clip:
    """Return the beginning of a clip with a note that the rest is on its way."""
    made = begun.acquisition
    return replace(begun, acquisition=replace(made, warnings=(*made.warnings, ON_ITS_WAY)))


def _read_through(extents: Extents) -> Job[VideoHeader]:
    limit = video_index_time(extents.path)
    if inside_worker():
        return read_video_header(extents)
    with WorkerPool(1, time_limit=limit) as pool:
        reading: Future[VideoHeader] = pool.submit(read_video_header, extents)
        header = yield from awaited(reading, _READING)
    return header


def _joined(clip: Clip, stream: VideoStream, header: VideoHeader) -> Clip:
    """Return what an object says with the frames of its stream."""
    acquisition = clip.acquisition
    warnings = (*acquisition.warnings, *_disagreements(clip, stream, header))
    aspect = header.pixel_aspect if clip.pixel_aspect == 1.0 else clip.pixel_aspect
    return replace(
        clip,
        source=VideoSource(stream.extents, replace(header, shape=(*header.shape[:3], 3), bits=8)),
        timing=_timing(clip.timing, header),
        pixel_aspect=aspect,
        acquisition=replace(acquisition, warnings=warnings),
    )


def _timing(told: Timing, header: VideoHeader) -> Timing:
    """Return the timing that an object tells, that of its stream where it tells none."""
    if told.source.startswith(DEFAULT) and header.rate:
        told = replace(told, rate=float(header.rate), source="video stream")
    return told if told.times else replace(told, times=header.times)


def _disagreements(clip: Clip, stream: VideoStream, header: VideoHeader) -> list[str]:
    """Return in what an object and its stream disagree; the stream is played as what it is."""
    said = []
    syntax = VIDEO_SYNTAXES.get(stream.syntax)
    if syntax is not None and syntax.codec != header.codec:
        found = _CODECS.get(header.codec, header.codec)
        said.append(
            f"The transfer syntax says {_CODECS[syntax.codec]}; the video stream is {found} and is"
            " played as that."
        )
    told, held = _rate_of(clip.timing.times), _rate_of(header.times)
    if told and held and abs(held / told - 1.0) > _DIFFERENT:
        said.append(
            f"The object says {told:.4g} frames per second; its video stream says {held:.4g}."
        )
    return said


def _rate_of(times: tuple[float, ...]) -> float | None:
    """Return frames per second by the usual distance of frames, None where they tell none."""
    usual = median_interval(after - before for before, after in pairwise(times))
    return 1.0 / usual if usual else None


def _unplayable(stream: VideoStream, error: StudioError) -> str:
    if not stream.ended:
        return "The file is cut short: what is left of its video stream cannot be played."
    return f"The video stream of the object cannot be played: {as_reason(str(error))}."
