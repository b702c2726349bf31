"""Which encoders the video library brings, and which of graphics hardware really work here."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import av.logging
import numpy as np

from xray_studio.core.output import OutputSpec
from xray_studio.video.hardware import ABSENT, encoder_name
from xray_studio.video.qualities import SOFTWARE, X264_RGB
from xray_studio.video.write import VideoWriter

_SIDE: Final = 256  # pixels; some hardware refuses less


def encoders() -> dict[str, bool]:
    """Return the encoders that writing needs, and whether each is there."""
    names = sorted((*SOFTWARE.values(), X264_RGB, "gif"))
    return {name: name in av.codecs_available for name in names}


def library_version() -> str:
    """Return the version of the video library."""
    return av.__version__


def hardware_problem(kind: str, codec: str) -> str:
    """Return why hardware cannot encode here, "" when a frame went through it.

    Drivers can hang and crash: call this in a worker process.
    """
    name = encoder_name(kind, codec)
    if name not in av.codecs_available:
        return f"the video library is built without {name}"
    before = av.logging.get_level()
    av.logging.set_level(av.logging.ERROR)
    try:
        with av.logging.Capture() as told:
            return _tried(kind, codec, told)
    finally:
        av.logging.set_level(before)


def _tried(kind: str, codec: str, told: list[tuple[int, str, str]]) -> str:
    spec = OutputSpec(_SIDE, _SIDE, False, 1, Fraction(25), codec=codec, encoder=kind)
    try:
        _write_one(spec)
    except (OSError, ValueError, RuntimeError, av.FFmpegError) as error:
        messages = [message.strip() for _, _, message in told if message.strip()]
        return f"{ABSENT[kind]} ({messages[0].rstrip('.') if messages else error})"
    return ""


def _write_one(spec: OutputSpec) -> None:
    """Write a file of one black frame and remove it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        VideoWriter(Path(folder) / "probe", ".mkv", spec) as writer,
    ):
        writer.write(np.zeros((spec.rows, spec.columns), np.uint8))
        writer.close()
