"""Frames decoded small, for thumbnails: where Pillow and the DICOM frames meet, in a worker."""

from __future__ import annotations

from concurrent.futures import Future

from xray_studio.core.clip import Clip, Frame, FrameSource
from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.provisional import GlancedSource
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.reduced import can_reduce, reduced_frame


def small_frame(clip: Clip, index: int, size: int, priority: Priority) -> Future[Frame]:
    """Return a frame as a future, at least `size` pixels long, smaller than stored where quick.

    Raises what the clip's source raises.
    """
    return small_frame_of(clip.source, index, size, priority)


def small_frame_of(source: FrameSource, index: int, size: int, priority: Priority) -> Future[Frame]:
    """Return a frame of a source as `small_frame` does.

    While the frames of a long video are being looked for, one about the middle stands for any.
    """
    if isinstance(source, GlancedSource) and source.provisional:
        return source.glance(priority)
    if isinstance(source, EncapsulatedSource) and can_reduce(source):
        limit = source.layout.decoding_time
        return run_apart(
            _reduced, source.alone(index), 0, size, priority=priority, time_limit=limit
        )
    return source.request(index, priority)


def _reduced(source: EncapsulatedSource, index: int, size: int) -> Frame:
    from xray_studio.imaging.reduced import reduced_jpeg_2000

    try:
        return reduced_frame(source, index, size, reduced_jpeg_2000)
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError("A compressed frame is damaged and cannot be decoded.") from error
