"""What pictures, videos and volumes that are no DICOM objects hold. Runs in worker processes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from xray_studio.core.errors import StudioError

if TYPE_CHECKING:  # Pillow is not needed to ask
    from xray_studio.imaging.stills import StillHeader

SECONDS_PER_BATCH = 0.2

Size = tuple[int, int, int, float | None]


class FoundVolume(NamedTuple):
    """A volume as a catalogue lists it; `frames` are its planes at all moments.

    `files` are those that it is made of.
    """

    frames: int
    rows: int
    columns: int
    moments: int
    format: str
    modality: str
    files: tuple[str, ...]


def read_pictures(paths: list[str]) -> list[Size | FoundVolume | str]:
    """Return (frames, rows, columns, None) of pictures, or why one is not opened.

    A TIFF that says that its pages are planes is a volume.

    Stops after a fifth of a second, so the answer can be shorter than `paths`.
    """
    from xray_studio.imaging.stills import read_still_header

    deadline = time.monotonic() + SECONDS_PER_BATCH
    answers: list[Size | FoundVolume | str] = []
    for path in paths:
        try:
            header = read_still_header(path)
            frames, rows, columns = header.shape[:3]
            answers.append(_stack(path, header) or (frames, rows, columns, None))
        except StudioError as error:
            answers.append(str(error))
        if time.monotonic() > deadline:
            break
    return answers


def _stack(path: str, header: StillHeader) -> FoundVolume | None:
    """Return the volume of a TIFF that says that its pages are planes, in grey."""
    if header.format != "TIFF" or len(header.shape) > 3 or header.shape[0] < 2:
        return None
    from xray_studio.imaging.tiff_stack import read_tiff_stack

    frames, rows, columns = header.shape
    stack = read_tiff_stack(path)
    if not stack.holds_planes(frames):
        return None
    return FoundVolume(frames, rows, columns, frames // stack.size("Z"), stack.format, "", (path,))


def read_video(path: str) -> Size:
    """Return (frames, rows, columns, frames per second) of a video."""
    from xray_studio.video.read import read_video_header

    header = read_video_header(path)
    frames, rows, columns = header.shape[:3]
    return frames, rows, columns, float(header.rate) if header.rate else None


def read_volume(path: str) -> FoundVolume:
    """Return what the header of a volume tells. Raises StudioError with the reason."""
    from xray_studio.core.errors import UnreadableError
    from xray_studio.core.reasons import NOT_A_PICTURE
    from xray_studio.volume.formats import format_of
    from xray_studio.volume.read import read_header

    kind = format_of(path)
    if kind is None:
        raise UnreadableError(NOT_A_PICTURE)
    header = read_header(path, kind)
    *_, planes, rows, columns = header.shape
    return FoundVolume(
        header.moments * planes,
        rows,
        columns,
        header.moments,
        kind.value,
        header.modality,
        header.paths,
    )
