"""What is called lossless: every frame comes back as it was, as FFmpeg's own tools read it."""

from __future__ import annotations

import hashlib
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.video.probe import needs_ffmpeg, probe
from tests.video.test_write import grey_pictures, write
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.output import OutputSpec, Quality
from xray_studio.video.check import check_video
from xray_studio.video.read import open_video

CODECS = [
    (".mkv", "ffv1"), (".mkv", "vp9"), (".webm", "vp9"), (".mkv", "h264"), (".mp4", "h264"),
    (".mov", "hevc"),
]  # fmt: skip


def hashes(path: Path, pixel_format: str) -> list[str]:
    """Return the MD5 of every frame in a pixel format, as `ffmpeg -f framemd5` tells it."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-pix_fmt", pixel_format]
    command += ["-f", "framemd5", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    return [line.rsplit(",", 1)[1].strip() for line in lines]


def wanted(pictures: list[np.ndarray]) -> list[str]:
    return [hashlib.md5(picture.tobytes()).hexdigest() for picture in pictures]


@needs_ffmpeg
@pytest.mark.parametrize(("suffix", "codec"), CODECS)
def test_greys(tmp_path: Path, suffix: str, codec: str) -> None:
    pictures = [np.ascontiguousarray(p) for p in grey_pictures(9, 70, 92)]
    path = write(tmp_path / f"clip{suffix}", pictures, quality=Quality.LOSSLESS, codec=codec)
    assert hashes(path, "gray") == wanted(pictures)
    assert probe(path)["codec_name"] == codec


@needs_ffmpeg
@pytest.mark.parametrize(("suffix", "codec"), CODECS)
def test_colours(tmp_path: Path, suffix: str, codec: str) -> None:
    random = np.random.default_rng(3)
    pictures = [random.integers(0, 256, (41, 63, 3), dtype=np.uint8) for _ in range(5)]
    path = write(tmp_path / f"clip{suffix}", pictures, quality=Quality.LOSSLESS, codec=codec)
    assert hashes(path, "rgb24") == wanted(pictures)
    spec = OutputSpec(41, 63, True, 5, probe_rate(path), Quality.LOSSLESS)
    checked = run(check_video(path, spec, pictures[0], pictures[-1]))
    assert (checked.first.most, checked.last.most) == (0, 0)


def probe_rate(path: Path) -> Fraction:
    return Fraction(probe(path)["avg_frame_rate"])


@needs_ffmpeg
def test_ffv1_keeps_grey_as_grey_in_any_size(tmp_path: Path) -> None:
    pictures = grey_pictures(4, 71, 93)
    path = write(tmp_path / "clip.mkv", pictures, quality=Quality.LOSSLESS)
    found = probe(path)
    assert (found["codec_name"], found["pix_fmt"]) == ("ffv1", "gray")
    assert (found["height"], found["width"]) == (71, 93)
    assert hashes(path, "gray") == wanted(pictures)


@needs_ffmpeg
def test_ffv1_keeps_16_bits(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    pictures = [random.integers(0, 65536, (37, 53), dtype=np.uint16) for _ in range(4)]
    path = write(tmp_path / "clip.mkv", pictures, bits=16)
    assert probe(path)["pix_fmt"] == "gray16le"
    assert hashes(path, "gray16le") == wanted(pictures)
    spec = OutputSpec(37, 53, False, 4, probe_rate(path), bits=16)
    checked = run(check_video(path, spec, pictures[0], pictures[-1]))
    assert (checked.first.most, checked.last.most) == (0, 0)


@pytest.mark.parametrize(
    ("suffix", "codec", "words"),
    [(".webm", "h264", "choose .mp4 or .mov or .mkv"), (".avi", "ffv1", "choose .mkv"),
     (".mp4", "vp9", "choose .mkv or .webm")],
)  # fmt: skip
def test_a_codec_that_a_container_has_not(
    tmp_path: Path, suffix: str, codec: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        write(tmp_path / f"clip{suffix}", grey_pictures(1), codec=codec)


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".avi"])
def test_16_bits_need_ffv1(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UsageError, match=r"FFV1 codec in an \.mkv file"):
        write(tmp_path / f"clip{suffix}", [np.zeros((8, 8), np.uint16)], bits=16)


@needs_ffmpeg
@pytest.mark.parametrize(("suffix", "tag"), [(".mp4", "hvc1"), (".mov", "hvc1"), (".mkv", "[0]")])
def test_hevc_has_the_tag_that_players_know(tmp_path: Path, suffix: str, tag: str) -> None:
    found = probe(write(tmp_path / f"clip{suffix}", grey_pictures(4), codec="hevc"))
    assert found["codec_name"] == "hevc"
    assert found["codec_tag_string"].startswith(tag)


@pytest.mark.parametrize(("suffix", "codec"), CODECS)
def test_what_was_written_opens_again(tmp_path: Path, suffix: str, codec: str) -> None:
    pictures = [np.ascontiguousarray(p) for p in grey_pictures(7, 70, 92)]
    path = write(tmp_path / f"clip{suffix}", pictures, quality=Quality.LOSSLESS, codec=codec)
    clip = open_video(str(path))
    assert len(clip) == 7
    for index in (6, 0, 3):
        frame = clip.stored(index)
        grey = frame[..., 1] if frame.ndim == 3 else frame
        np.testing.assert_array_equal(grey, pictures[index])
