"""What an object says of its video stream, joined with what the stream turned out to hold."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from xray_studio.dicom.attributes.dataset import Header
from xray_studio.dicom.attributes.values import integer
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.pixels.pixel_format import COLOUR, PixelFormat
from xray_studio.dicom.pixels.video_stream import VideoStream, bare_extents, find_extents

MOST_FRAMES = 10_000_000  # of two days, at 60 a second
_COLOURS = "YBR_PARTIAL_420"
_BARE = "The video stream stands in the object without items, as none may; it is played."
_CUT = "The file is cut short: the end of its video stream is missing."


class Held(NamedTuple):
    """How many frames a stream holds, and their size: what is shown, whatever the object says."""

    frames: int
    rows: int
    columns: int


def holds_video(header: Header) -> bool:
    """Tell whether the pixel data of an object is a video stream."""
    return syntaxes.is_video(header.transfer_syntax)


def stream_layout(layout: PixelFormat, held: Held | None, warnings: list[str]) -> PixelFormat:
    """Return the format of the frames of a stream, which are shown in colour.

    What the object says otherwise goes to `warnings`.
    """
    if layout.photometric not in COLOUR:
        warnings.append(
            f"The object has Photometric Interpretation {layout.photometric} with a video stream;"
            " it is shown in colour."
        )
        layout = replace(layout, samples=3, photometric=_COLOURS, signed=False, planar=False)
    if held is None or (held.rows, held.columns) == (layout.rows, layout.columns):
        return layout
    warnings.append(
        f"The object says {layout.columns} x {layout.rows} pixels; its video stream has"
        f" {held.columns} x {held.rows}, which are shown."
    )
    return replace(layout, rows=held.rows, columns=held.columns)


def stream_source(
    path: str, header: Header, layout: PixelFormat, held: Held | None, warnings: list[str]
) -> VideoStream:
    """Return where the stream of an object lies; its frames are those it holds, else those told.

    Raises UnreadableError where there is none.
    """
    pixels, stamp, ended = header.pixels, header.stamp, True
    if pixels.length is None:
        total = integer(header.dataset, "EncapsulatedPixelDataValueTotalLength")
        with open_file(path, 0, stamp) as file:
            extents, ended = find_extents(file, path, stamp, pixels.offset, total)
        warnings.extend([] if ended else [_CUT])
    else:
        warnings.append(_BARE)
        extents = bare_extents(path, stamp, pixels.offset, min(pixels.length, pixels.available))
    told = max(0, integer(header.dataset, "NumberOfFrames") or 0)
    if held is not None and held.frames != told:
        warnings.append(_counted(told, held.frames))
    frames = held.frames if held is not None else max(1, told)
    return VideoStream(extents, header.transfer_syntax, layout, frames, ended)


def _counted(told: int, held: int) -> str:
    """Return what there is to say where a stream holds another number of frames than is told."""
    if not told:
        return f"The object does not say how many frames it has; its video stream holds {held}."
    frames = "1 frame" if told == 1 else f"{told} frames"
    return f"The object says {frames}; its video stream holds {held}, which are shown."
