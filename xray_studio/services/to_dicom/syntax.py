"""Transfer syntaxes by the names that people type."""

from __future__ import annotations

from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.video.syntaxes import (
    H264_41,
    H264_42,
    HEVC_MAIN,
    HEVC_MAIN_10,
    MPEG2_HIGH,
    MPEG2_MAIN,
    VIDEO_SYNTAXES,
)
from xray_studio.dicom.pixels.encoders import NAMES, syntax_of

VIDEO_NAMES: Final = {
    "mpeg2-main": MPEG2_MAIN,
    "mpeg2-high": MPEG2_HIGH,
    "h264-4.1": H264_41,
    "h264-4.2": H264_42,
    "hevc": HEVC_MAIN,
    "hevc-10": HEVC_MAIN_10,
}


def syntax_named(name: str) -> str:
    """Return the UID of a video transfer syntax or of one for single frames. Raises UsageError."""
    uid = VIDEO_NAMES.get(name.lower(), name)
    if uid in VIDEO_SYNTAXES:
        return uid
    try:
        return syntax_of(name)
    except UsageError:
        known = ", ".join((*VIDEO_NAMES, *NAMES))
        raise UsageError(
            f"{name} is no transfer syntax that videos are written in; choose one of {known}, or a"
            " UID."
        ) from None
