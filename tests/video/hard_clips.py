"""Videos that go wrong in their own way, made small by PyAV: what people really bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

NTSC = Fraction(30_000, 1001)
FRAMES = 12
WHO = {"title": "Mustermann^Max", "comment": "ward 3", "location": "+48.1374+011.5755/"}


@dataclass(frozen=True)
class Made:
    """How a clip is made: as FFmpeg spells codecs, formats and options."""

    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    size: tuple[int, int] = (64, 48)
    frames: int = FRAMES
    rate: Fraction = Fraction(25)
    options: tuple[tuple[str, str], ...] = ()
    container: tuple[tuple[str, str], ...] = ()
    rotation: int = 0
    moments: Sequence[int] | None = None  # milliseconds
    sound: str = ""
    metadata: bool = False
    interlaced: bool = False
    created: str = ""


CLIPS: dict[str, Made] = {
    "plain.mp4": Made(sound="aac", metadata=True),
    "plain.mov": Made(sound="aac", metadata=True),
    "plain.mkv": Made(metadata=True),
    "plain.avi": Made(),
    "plain.ts": Made(sound="mp2"),
    "small.m2v.ts": Made("mpeg2video", size=(352, 288)),
    "hevc.mp4": Made("libx265", options=(("x265-params", "log-level=none"),)),
    "hevc_10_bit.mp4": Made(
        "libx265", "yuv420p10le", options=(("x265-params", "log-level=none"),)
    ),
    "variable.mp4": Made(moments=[0, 40, 80, 120, 320, 360, 400, 440, 900, 940, 980, 1020]),
    "rotated.mp4": Made(rotation=90),
    "interlaced.mpg": Made(
        "mpeg2video", size=(720, 480), rate=NTSC, interlaced=True,
        options=(("flags", "+ilme+ildct"), ("top", "1")), sound="mp2",
    ),
    "ten_bit.mp4": Made(pixel_format="yuv420p10le"),
    "full_colour.mp4": Made(pixel_format="yuv444p"),
    "odd.webm": Made("libvpx-vp9", size=(65, 49)),
    "two_views.mp4": Made(options=(("x264-params", "frame-packing=3"),)),
    "old.wmv": Made("wmv2", options=(("b", "800000"),)),
    "photos.mov": Made("mjpeg", "yuvj420p"),
    "grey.mkv": Made("ffv1", "gray"),
}  # fmt: skip
BROKEN = ("no_moov.mp4", "sound_only.mp4", "no_frames.mp4", "truncated.mp4", "text.mp4")


def make_clips(folder: Path) -> Path:
    """Write every clip, sound and broken, into a folder."""
    for name, made in CLIPS.items():
        make(folder / name, made)
    make(folder / "late.mp4", Made())
    data = (folder / "late.mp4").read_bytes()
    (folder / "no_moov.mp4").write_bytes(data[: data.rindex(b"moov") - 4])
    (folder / "late.mp4").unlink()
    make(folder / "truncated.mp4", Made(frames=40, container=(("movflags", "+faststart"),)))
    data = (folder / "truncated.mp4").read_bytes()
    (folder / "truncated.mp4").write_bytes(data[: len(data) * 3 // 4])
    make(folder / "sound_only.mp4", Made(frames=0, sound="aac"))
    make(folder / "no_frames.mp4", Made(frames=0))
    (folder / "text.mp4").write_text("This is no video.")
    return folder


def picture(index: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    """Return picture `index`, RGB: a ramp of grey, and a block of colour that moves."""
    columns, rows = size
    ramp = np.linspace(0, 255, columns, dtype=np.uint8)
    made = np.repeat(np.tile(ramp, (rows, 1))[..., None], 3, axis=2)
    left = (index * 5) % max(1, columns - 12)
    made[rows // 4 : rows // 2, left : left + 12] = (230, 60, 20 + 8 * (index % 20))
    return made


def make(path: Path, made: Made) -> Path:
    """Write one clip by its description."""
    with av.open(str(path), "w", options=dict(made.container)) as file:
        if made.metadata:
            file.metadata.update(WHO)
        if made.created:
            file.metadata["creation_time"] = made.created
        pictures = _picture_stream(file, made) if made.frames or not made.sound else None
        sound = _sound_stream(file, made.sound) if made.sound else None
        if sound is not None:
            _write_sound(file, sound, max(1.0, made.frames / float(made.rate)))
        if not made.frames:
            file.start_encoding()
        if pictures is not None and made.frames:
            _write_pictures(file, pictures, made)
    return path


def _picture_stream(file: av.container.OutputContainer, made: Made) -> VideoStream:
    stream = file.add_stream(made.codec, made.rate, dict(made.options))
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = made.size
    stream.pix_fmt = made.pixel_format
    stream.codec_context.thread_count = 1
    if made.moments is not None:
        stream.codec_context.time_base = Fraction(1, 1000)
    if made.rotation:
        stream.set_display_rotation(made.rotation)
    return stream


def _write_pictures(file: av.container.OutputContainer, stream: VideoStream, made: Made) -> None:
    for index in range(made.frames):
        frame = av.VideoFrame.from_ndarray(picture(index, made.size), "rgb24")
        frame = frame.reformat(format=made.pixel_format)
        frame.pts = index if made.moments is None else made.moments[index]
        frame.time_base = 1 / made.rate if made.moments is None else Fraction(1, 1000)
        file.mux(stream.encode(frame))
    file.mux(stream.encode())


def _sound_stream(file: av.container.OutputContainer, codec: str) -> AudioStream:
    stream = file.add_stream(codec, 48_000, layout="mono")
    assert isinstance(stream, AudioStream)
    return stream


def _write_sound(file: av.container.OutputContainer, stream: AudioStream, seconds: float) -> None:
    kind = stream.codec_context.format.name
    size = stream.codec_context.frame_size or 1152
    for start in range(0, int(seconds * 48_000), size):
        tone = np.sin(np.arange(start, start + size) * 0.05) * 0.2
        values = tone.astype(np.float32) if kind == "fltp" else (tone * 32_767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(values[None], kind, "mono")
        frame.sample_rate, frame.pts = 48_000, start
        file.mux(stream.encode(frame))
    file.mux(stream.encode())


@pytest.fixture(scope="session")
def hard_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all clips, made once."""
    return make_clips(tmp_path_factory.mktemp("hard_clips"))
