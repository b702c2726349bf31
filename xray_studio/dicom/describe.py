"""One DICOM object as a Clip: everything but its pixels. Runs in a worker process."""

from __future__ import annotations

import struct
from dataclasses import replace

from pydicom.dataset import Dataset

from xray_studio.core.clip import Clip, FrameSource
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError
from xray_studio.core.lut import Pixels
from xray_studio.dicom.attributes.dataset import Header, PixelElement, lenient_pydicom, read_header
from xray_studio.dicom.attributes.facts import read_acquisition, read_aspect, read_identity
from xray_studio.dicom.attributes.geometry import impossible_geometry
from xray_studio.dicom.attributes.groups import Groups
from xray_studio.dicom.attributes.image_pixel import read_format
from xray_studio.dicom.attributes.orientation import read_orientation
from xray_studio.dicom.attributes.overlays import Picture, read_overlays
from xray_studio.dicom.attributes.palette import read_palette
from xray_studio.dicom.attributes.profile import read_profile, unknown_colours
from xray_studio.dicom.attributes.real_world import read_real_world
from xray_studio.dicom.attributes.shutters import read_shutters
from xray_studio.dicom.attributes.timing import read_timing
from xray_studio.dicom.attributes.transforms import read_modality, read_pixels
from xray_studio.dicom.attributes.values import integer, text, value
from xray_studio.dicom.attributes.voi import flat_windows, read_voi_luts, read_windows
from xray_studio.dicom.file import syntaxes
from xray_studio.dicom.file.opening import open_file
from xray_studio.dicom.frame_count import SMALLEST, native_frames
from xray_studio.dicom.pixels.colour import Palette
from xray_studio.dicom.pixels.decoders import missing_decoder
from xray_studio.dicom.pixels.encapsulated import FrameIndex, index_frames, walk_items
from xray_studio.dicom.pixels.frames import EncapsulatedSource
from xray_studio.dicom.pixels.native import DeflatedSource, NativeSource
from xray_studio.dicom.pixels.pixel_format import PALETTE, PixelFormat
from xray_studio.dicom.places import read_frame_places
from xray_studio.dicom.video import Held, holds_video, stream_layout, stream_source

MOST_FRAMES = 1_000_000


def describe(path: str, held: Held | None = None) -> Clip:
    """Return the object at `path` as a clip whose source reads one frame at a time.

    That of a video stream reads none (see VideoStream); `held` is what the stream turned out to
    hold, which counts where the object says otherwise. Raises UnreadableError, NoPixelsError or
    UnsupportedError with a reason.
    """
    try:
        header = read_header(path)
        with lenient_pydicom():
            return _clip(path, header, held)
    except (StudioError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError("The file is damaged and cannot be read.") from error


def describe_batch(paths: tuple[str, ...]) -> list[Clip | StudioError]:
    """Return several objects, each as a clip or as the reason why it is none."""
    return [_described(path) for path in paths]


def _described(path: str) -> Clip | StudioError:
    try:
        return describe(path)
    except StudioError as error:
        return error


def _clip(path: str, header: Header, held: Held | None) -> Clip:
    warnings: list[str] = []
    dataset = header.dataset
    layout = read_format(dataset, header.pixels.tag, warnings)
    if holds_video(header):
        layout = stream_layout(layout, held, warnings)
        source: FrameSource = stream_source(path, header, layout, held, warnings)
    else:
        source = _source(path, header, layout, warnings)
    frames = source.shape[0]
    groups = Groups.of(dataset)
    profile = read_profile(dataset) if layout.is_colour else b""
    if layout.is_colour and not profile:
        warnings.extend(unknown_colours(dataset))
    if groups.per_frame and len(groups.per_frame) != frames:
        warnings.append(_wrong_groups(len(groups.per_frame), frames))
    warnings.extend(
        f"{name} is told for all frames and for single ones; what a frame says of itself holds."
        for name in groups.told_twice()
    )
    if layout.is_colour:
        shown = Clip(source, pixels=Pixels(bits=layout.bits_stored))
    else:
        shown = _grey_clip(source, groups, layout, warnings)
    warnings.extend(impossible_geometry(groups))
    return replace(
        shown,
        timing=read_timing(groups, frames, warnings),
        overlays=read_overlays(dataset, Picture(layout, source, frames), warnings),
        shutter=read_shutters(groups, frames, (layout.rows, layout.columns), warnings),
        orientation=read_orientation(groups, frames),
        icc_profile=profile,
        pixel_aspect=read_aspect(groups),
        identity=read_identity(dataset),
        acquisition=read_acquisition(groups, layout, header.transfer_syntax, frames, warnings),
        paths=(path,),
        objects=((text(dataset, "SOPInstanceUID"), frames),),
        places=read_frame_places(groups, frames),
    )


def _wrong_groups(told: int, frames: int) -> str:
    return (
        f"The object describes {told} frames one by one and has {frames}; what it tells of single"
        " frames may belong to others."
    )


def _grey_clip(
    source: FrameSource, groups: Groups, layout: PixelFormat, warnings: list[str]
) -> Clip:
    """Return the grey transforms of an object over its source."""
    frames = source.shape[0]
    pixels = read_pixels(groups.dataset, layout, warnings)
    modality = read_modality(groups, layout, frames, warnings)
    windows = read_windows(groups, frames, warnings)
    if not layout.floating:  # bits tell no range there
        warnings.extend(flat_windows(windows, pixels, modality[0]))
    return Clip(
        source=source,
        pixels=pixels,
        modality=modality,
        windows=windows,
        voi_luts=read_voi_luts(groups, frames, pixels, modality[0], warnings),
        real_world=read_real_world(groups, frames, signed=layout.signed),
    )


def _source(path: str, header: Header, layout: PixelFormat, warnings: list[str]) -> FrameSource:
    dataset = header.dataset
    stated = min(MOST_FRAMES, max(0, integer(dataset, "NumberOfFrames") or 0))
    palette = read_palette(dataset, signed=layout.signed) if layout.photometric == PALETTE else None
    if header.pixels.length is None:
        index = _index(path, header, max(1, stated))
        warnings.extend(index.warnings)
        return EncapsulatedSource(
            path, header.stamp, header.transfer_syntax, layout, index.frames, palette
        )
    available = min(header.pixels.available, header.pixels.length)
    if header.transfer_syntax not in syntaxes.NATIVE:
        _check_uncompressed(layout, max(1, stated), header.pixels)
    frames = _native_frames(layout, stated, available, warnings)
    return _native(path, header, layout, frames, palette)


def _index(path: str, header: Header, frames: int) -> FrameIndex:
    """Return where the frames of encapsulated pixel data lie."""
    reason = missing_decoder(header.transfer_syntax)
    if reason:
        raise UnsupportedError(reason)
    size = header.pixels.offset + header.pixels.available
    with open_file(path, 0, header.stamp) as file:
        items = walk_items(file, header.pixels.offset, size)
        extended = _extended_table(header.dataset)
        return index_frames(file, items, frames, header.transfer_syntax, extended)


def _extended_table(dataset: Dataset) -> tuple[int, ...]:
    """Return Extended Offset Table (7FE0,0001) as offsets from the first fragment's item."""
    data = value(dataset, "ExtendedOffsetTable")
    if not isinstance(data, bytes):
        return ()
    return struct.unpack(f"<{len(data) // 8}Q", data[: len(data) // 8 * 8])


def _native(
    path: str, header: Header, layout: PixelFormat, frames: int, palette: Palette | None
) -> FrameSource:
    """Return the source of native frames, in the file or in a deflated data set."""
    pixels, start = header.pixels, header.start
    source = NativeSource(
        path=path,
        stamp=header.stamp,
        layout=layout,
        frames=frames,
        offset=pixels.offset,
        available=min(pixels.available, pixels.length or 0),
        big=header.transfer_syntax in syntaxes.BIG_PIXELS,
        swapped=pixels.words and not start.little_endian and layout.bits_allocated == 8,
        palette=palette,
    )
    return DeflatedSource(source, start.offset) if start.deflated else source


def _check_uncompressed(layout: PixelFormat, frames: int, pixels: PixelElement) -> None:
    """Raise UnreadableError unless pixel data that is said to be compressed is none, and whole.

    A compressed stream stored without items has another length; taken for pixels it is noise.
    """
    size = -(-layout.native_bits * frames // 8)
    if not size <= (pixels.length or 0) <= size + 1 or pixels.available < size:
        raise UnreadableError(
            "The object says its pixel data is compressed but does not store it so; it is damaged."
        )


def _native_frames(layout: PixelFormat, stated: int, available: int, warnings: list[str]) -> int:
    """Return how many frames there are, with a warning when that is not as stated."""
    row = layout.native_bits // layout.rows
    frames = native_frames(stated, available, row, layout.native_bits)
    whole = available * 8 // layout.native_bits
    if not frames:
        raise UnreadableError("The pixel data is cut short: next to nothing of it is there.")
    if frames > whole:
        warnings.append(
            f"The pixel data is cut short: frame {frames} of {max(1, stated)} is the last and "
            "incomplete; what is missing is filled with zeros."
        )
    elif frames < stated:
        warnings.append(f"The pixel data is cut short: {frames} of {stated} frames are there.")
    elif layout.native_bits >= SMALLEST:
        warnings.extend(_unequal_frames(stated, whole))
    return frames


def _unequal_frames(stated: int, whole: int) -> list[str]:
    """Return what there is to say when the pixel data holds more frames than the object says."""
    if stated < 1 < whole:
        return [
            f"The object does not say how many frames it has; its pixel data has room for {whole}."
        ]
    if 1 <= stated < whole:
        frames = "1 frame" if stated == 1 else f"{stated} frames"
        return [f"The object says {frames} but has room for {whole}; the rest is not shown."]
    return []
