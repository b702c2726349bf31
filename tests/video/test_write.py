"""Written videos, as FFmpeg's own tools see them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.video.probe import atoms, ffmpeg_frames, frame_times, needs_ffmpeg, probe
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.output import OutputSpec, Picture, Quality
from xray_studio.video.check import check_video
from xray_studio.video.containers import CONTAINERS
from xray_studio.video.encoding import FULL, LIMITED, encoding_for
from xray_studio.video.layout import Layout
from xray_studio.video.planes import plane_view, to_video_frame
from xray_studio.video.write import VideoWriter

ALLOWED = {Quality.LOW: 6.0, Quality.MEDIUM: 3.0, Quality.HIGH: 2.0, Quality.LOSSLESS: 0.0}


def grey_pictures(count: int, rows: int = 70, columns: int = 91) -> list[Picture]:
    y, x = np.mgrid[:rows, :columns]
    waves = [110 + 70 * np.sin(x / 9 + i / 3) * np.cos(y / 13) for i in range(count)]
    noise = np.random.default_rng(1).normal(0, 5, (count, rows, columns))
    return [np.clip(w + n, 0, 255).astype(np.uint8) for w, n in zip(waves, noise, strict=True)]


def write(path: Path, pictures: list[Picture], **spec: Any) -> Path:
    first = pictures[0]
    known: dict[str, Any] = {
        "rate": Fraction(15),
        "frames": len(pictures),
        "colour": first.ndim == 3,
    }
    asked = OutputSpec(first.shape[0], first.shape[1], **(known | spec))
    with VideoWriter(path, path.suffix, asked) as writer:
        for picture in pictures:
            writer.write(picture)
        writer.close()
    return path


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [*CONTAINERS])
@pytest.mark.parametrize("quality", [*Quality])
def test_every_container_and_quality(tmp_path: Path, suffix: str, quality: Quality) -> None:
    pictures = grey_pictures(20)
    path = tmp_path / f"clip{suffix}"
    if suffix == ".avi" and quality is Quality.LOSSLESS:
        with pytest.raises(UsageError, match="cannot be lossless"):
            write(path, pictures, quality=quality)
        return
    write(path, pictures, quality=quality)
    found = probe(path)
    exact = quality is Quality.LOSSLESS
    wide = 91 if suffix == ".mkv" and exact else 92  # FFV1 takes odd sizes
    assert (found["height"], found["width"], found["nb_read_frames"]) == (70, wide, "20")
    assert found["color_range"] == ("pc" if exact or suffix == ".avi" else "tv")
    assert found["whole"] == pytest.approx(20 / 15, abs=0.001)
    assert Fraction(found["avg_frame_rate"]) == 15
    shown = ffmpeg_frames(path, (70, wide))[:, :, :91].astype(float)
    assert np.abs(shown - np.stack(pictures)).mean() <= ALLOWED[quality]


@needs_ffmpeg
def test_h264_says_what_its_colours_mean(tmp_path: Path) -> None:
    found = probe(write(tmp_path / "clip.mp4", grey_pictures(3)))
    assert (found["codec_name"], found["color_range"]) == ("h264", "tv")
    assert {found[f"color_{name}"] for name in ("space", "transfer", "primaries")} == {"bt709"}


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_the_index_comes_before_the_pictures(tmp_path: Path, suffix: str) -> None:
    names = atoms(write(tmp_path / f"clip{suffix}", grey_pictures(3)))
    assert names.index("moov") < names.index("mdat")


@needs_ffmpeg
@pytest.mark.parametrize(
    "rate",
    [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001), Fraction(25, 2),
     Fraction(10000, 333), Fraction(1, 2), Fraction(1000)],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [*CONTAINERS])
def test_rates_are_exact(tmp_path: Path, suffix: str, rate: Fraction) -> None:
    path = write(tmp_path / f"clip{suffix}", grey_pictures(9, 32, 32), rate=rate)
    found = probe(path)
    assert found["whole"] == pytest.approx(
        float(9 / rate), abs=0.0011
    )  # Matroska keeps whole milliseconds
    assert found["nb_read_frames"] == "9"
    if suffix not in {".mkv", ".webm"}:
        assert float(Fraction(found["avg_frame_rate"])) == pytest.approx(float(rate), rel=1e-5)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
def test_real_moments_are_kept(tmp_path: Path, suffix: str) -> None:
    starts = tuple(Fraction(x) for x in ("0", "0.1", "0.133", "0.2", "0.5", "0.55"))
    path = write(tmp_path / f"clip{suffix}", grey_pictures(6), starts=starts, end=Fraction("0.8"))
    assert frame_times(path) == pytest.approx([float(x) for x in starts], abs=0.0006)
    assert probe(path)["whole"] == pytest.approx(0.8, abs=0.0006)


def test_motion_jpeg_in_avi_has_one_rate(tmp_path: Path) -> None:
    starts, end = (Fraction(0), Fraction(1, 3)), Fraction(1)
    with pytest.raises(UsageError, match="one fixed rate"):
        write(tmp_path / "clip.avi", grey_pictures(2), starts=starts, end=end)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp4", ".avi"])
def test_colours_survive(tmp_path: Path, suffix: str) -> None:
    picture = np.zeros((33, 65, 3), np.uint8)
    picture[:, :32], picture[:, 32:] = (200, 60, 30), (20, 80, 220)
    path = write(tmp_path / f"clip{suffix}", [picture] * 3)
    shown = ffmpeg_frames(path, (34, 66, 3))[1, :33, :65].astype(int)
    away_from_the_edge = np.r_[0:28, 36:65]
    assert np.abs(shown - picture)[:, away_from_the_edge].max() <= 4


def test_luma_is_exactly_limited() -> None:
    ramp = np.arange(256, dtype=np.uint8).reshape(1, 256).repeat(41, axis=0)
    luma = plane_view(to_video_frame(ramp, LIMITED), 0)
    wanted = np.floor(16 + 219 * np.arange(256) / 255 + 0.5)
    np.testing.assert_array_equal(luma, np.broadcast_to(wanted, luma.shape))


@pytest.mark.parametrize("layout", [FULL, LIMITED])
def test_odd_sizes_repeat_the_edge(layout: Layout) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (7, 5), dtype=np.uint8)
    luma = plane_view(to_video_frame(picture, layout), 0)
    assert luma.shape == (8, 6)
    np.testing.assert_array_equal(luma[:, 5], luma[:, 4])
    np.testing.assert_array_equal(luma[7], luma[6])


def test_a_place_that_cannot_be_written_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(tmp_path / "missing" / "clip.mp4", grey_pictures(1))


@pytest.mark.parametrize(("rows", "columns"), [(8192, 8192), (200_000, 256)])
def test_a_picture_beyond_the_largest_level_is_refused(rows: int, columns: int) -> None:
    spec = OutputSpec(rows, columns, False, 2, Fraction(15))
    with pytest.raises(UsageError, match="too large for H"):
        encoding_for(".mp4", spec)
    assert encoding_for(".avi", spec).encoder == "mjpeg"


def test_a_large_picture_keeps_its_first_and_last_frame(tmp_path: Path) -> None:
    """Pictures above the usual level are encoded with little in memory, and right."""
    spec = OutputSpec(3200, 3200, False, 2, Fraction(15))
    picture = np.tile(np.arange(200, dtype=np.uint8), (3200, 16))
    path = tmp_path / "large.mp4"
    with VideoWriter(path, ".mp4", spec) as writer:
        for shown in (picture, 255 - picture):
            writer.write(shown)
        writer.close()
    checked = run(check_video(path, spec, picture, 255 - picture))
    assert (checked.frames, max(checked.first.coarse, checked.last.coarse) < 8.0) == (2, True)
