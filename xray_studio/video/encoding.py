"""How a sequence is encoded: container, codec, encoder, pixel format and options, by pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.output import OutputSpec, Quality
from xray_studio.video.containers import CONTAINERS, LOSSLESS_CODECS, Container
from xray_studio.video.hardware import hardware_options
from xray_studio.video.layout import GREY_8, GREY_16, Layout, even
from xray_studio.video.qualities import SOFTWARE, X264_RGB, software_options

LIMITED: Final = Layout("yuv420p")
DEEP: Final = Layout("yuv420p10le")
FULL: Final = Layout("yuv420p", full_range=True)
MOTION_JPEG: Final = Layout("yuvj420p", full_range=True, matrix="bt601")
PLANES: Final = Layout("gbrp", full_range=True, matrix="rgb")
PACKED: Final = Layout("bgr0", full_range=True, matrix="rgb")
SEMI_PLANAR: Final = Layout("nv12")

# Macroblocks of 16 x 16 pixels in a frame (ITU-T H.264, Table A-1): of the largest level there is,
# and of the largest that common players decode. Above that few frames are kept in the encoder.
DEEP_BITS: Final = 10  # of HEVC Main 10
LARGEST_FRAME: Final = 139_264
LARGE_FRAME: Final = 36_864


@dataclass(frozen=True, slots=True)
class Encoding:
    """Everything an encoder needs to know.

    `rows` and `columns` are the size in the file, which can have to be even. `hardware` is "" for
    an encoder that runs on the processor.
    """

    container: Container
    codec: str
    encoder: str
    layout: Layout
    options: dict[str, str]
    rows: int
    columns: int
    hardware: str = ""


def encoding_for(suffix: str, spec: OutputSpec) -> Encoding:
    """Return how a sequence is written into the kind of file that `suffix` names.

    Raises UsageError for what the container or the codec cannot hold, and what to choose instead.
    """
    container = CONTAINERS[suffix.lower()]
    codec = _codec(suffix.lower(), container, spec)
    _check(suffix.lower(), container, codec, spec)
    layout = _layout(codec, spec)
    rows, columns = spec.rows, spec.columns
    if layout.subsampled:
        rows, columns = even(rows), even(columns)
    if spec.encoder:
        if layout.matrix == "rgb":
            raise UsageError(
                "Graphics hardware keeps no exact colours; choose --encoder software, or a quality"
                " that is not lossless."
            )
        encoder, options = hardware_options(spec.encoder, codec, spec.quality)
    else:
        encoder = X264_RGB if layout is PACKED and codec == "h264" else SOFTWARE[codec]
        options = software_options(codec, spec, large=is_large(spec))
    return Encoding(container, codec, encoder, layout, options, rows, columns, spec.encoder)


def codec_of(suffix: str, spec: OutputSpec) -> str:
    """Return the codec that a sequence gets. Raises UsageError for one that cannot be there."""
    return _codec(suffix.lower(), CONTAINERS[suffix.lower()], spec)


def is_large(spec: OutputSpec) -> bool:
    """Tell whether frames are larger than common players decode."""
    return _macroblocks(spec) > LARGE_FRAME


def _codec(suffix: str, container: Container, spec: OutputSpec) -> str:
    if not spec.codec:
        return container.codec_for(spec)
    if spec.codec in container.codecs:
        return spec.codec
    known = ", ".join(container.codecs)
    others = [name for name, other in CONTAINERS.items() if spec.codec in other.codecs]
    raise UsageError(
        f"A {suffix} file holds {known}, not {spec.codec}; choose"
        f" {' or '.join(others) or 'another codec'}."
    )


def _check(suffix: str, container: Container, codec: str, spec: OutputSpec) -> None:
    if spec.bits > 8 and codec != "ffv1" and (codec, spec.bits) != ("hevc", DEEP_BITS):
        raise UsageError(
            f"{spec.bits} bits need the FFV1 codec in an .mkv file, or .png or .tiff pictures."
        )
    if codec in {"h264", "hevc"} and _macroblocks(spec) > LARGEST_FRAME:
        raise UsageError(
            f"{spec.columns} x {spec.rows} is too large for {_NAMES[codec]}, which ends at about"
            " 8192 x 4352; choose a smaller size, .webm, an .avi file or pictures."
        )
    if spec.quality is Quality.LOSSLESS and codec not in LOSSLESS_CODECS:
        raise UsageError(f"An {suffix} file cannot be lossless; choose .mkv, .webm, .mp4 or .mov.")
    if spec.starts and not container.variable_rate:
        raise UsageError(
            f"An {suffix} file has one fixed rate; choose .mkv, .mp4, .mov or .webm for real time,"
            " or repeated frames (--vfr off)."
        )


_NAMES: Final = {"h264": "H.264", "hevc": "HEVC"}


def _layout(codec: str, spec: OutputSpec) -> Layout:
    if codec == "ffv1":
        return PACKED if spec.colour else GREY_16 if spec.bits > 8 else GREY_8
    if codec == "mjpeg":
        return MOTION_JPEG
    if spec.encoder in {"qsv", "vaapi"}:
        return SEMI_PLANAR
    if spec.bits == DEEP_BITS:
        return DEEP
    if spec.quality is not Quality.LOSSLESS:
        return LIMITED
    if not spec.colour:
        return FULL
    return PACKED if codec == "h264" else PLANES


def _macroblocks(spec: OutputSpec) -> int:
    return -(-spec.rows // 16) * -(-spec.columns // 16)
