"""GIF: exact greys, palettes of coloured clips, delays that do not drift."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.services.clips import cine, moving
from tests.services.test_export import PLAIN, SHOWN, manifest
from tests.video.probe import ffmpeg_frames, needs_ffmpeg
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.output import Dither, OutputSpec, Quality
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Presentation
from xray_studio.imaging.render import render
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.video.gif import gif_ticks


def gif(path: Path) -> tuple[list[int], np.ndarray, Any]:
    with Image.open(path) as image:
        delays, frames = [], []
        for number in range(image.n_frames):
            image.seek(number)
            delays.append(image.info["duration"])
            frames.append(np.asarray(image.convert("RGB")))
        return delays, np.stack(frames), image.info.get("loop")


def coloured(count: int = 6, rows: int = 60, columns: int = 80) -> np.ndarray:
    y, x = np.mgrid[:rows, :columns]
    frames = np.empty((count, rows, columns, 3), np.uint8)
    for index in range(count):
        frames[index, ..., 0] = (x * 3 + 10 * index) % 256
        frames[index, ..., 1] = y * 4
        frames[index, ..., 2] = 128 + 100 * np.sin((x + y) / 20)
    return frames


@needs_ffmpeg
def test_greys_are_exact_and_the_whole_lasts_as_asked(tmp_path: Path) -> None:
    clip, target = cine(moving(20, 70, 91)), tmp_path / "clip.gif"
    result = run(export(clip, target, replace(PLAIN, quality=Quality.LOSSLESS)))
    delays, frames, loop = gif(target)
    shown = np.stack([render(clip, index, SHOWN) for index in range(20)])
    np.testing.assert_array_equal(frames, np.repeat(shown[..., None], 3, axis=3))
    np.testing.assert_array_equal(ffmpeg_frames(target, (70, 91)), shown)
    assert set(delays) == {60, 70}
    assert abs(sum(delays) / 1000 - 20 / 15) < 0.01
    assert loop == 0  # for ever
    assert result.notes == ()


@given(st.integers(1, 400), st.fractions(1, 50, max_denominator=1001))
def test_roundings_do_not_add_up(frames: int, rate: Any) -> None:
    spec = OutputSpec(8, 8, False, frames, rate)
    ticks = gif_ticks(spec)
    assert abs(Fraction(ticks[-1], 100) - spec.duration) <= Fraction(5, 1000)
    assert min(np.diff(ticks)) >= 1


def test_moments_of_a_vector_are_kept(tmp_path: Path) -> None:
    times = (0.0, 0.033, 0.066, 0.2, 0.25, 0.4, 0.433, 0.466)
    clip = cine(timing=Timing(15.0, "Frame Time Vector", times))
    run(export(clip, tmp_path / "clip.gif", replace(PLAIN, real_time=True)))
    delays, _, _ = gif(tmp_path / "clip.gif")
    starts = np.cumsum([0, *delays[:-1]]) / 1000
    assert starts == pytest.approx(times, abs=0.0051)
    assert sum(delays) / 1000 == pytest.approx(0.499, abs=0.01)


def test_frames_of_one_moment_stand_as_briefly_as_can_be(tmp_path: Path) -> None:
    times = (0.0, 0.04, 0.04, 0.08, 0.18, 0.22, 0.22, 0.253)
    clip = cine(timing=Timing(15.0, "Frame Time Vector", times))
    run(export(clip, tmp_path / "clip.gif", replace(PLAIN, real_time=True)))
    delays, _, _ = gif(tmp_path / "clip.gif")
    assert delays == [40, 10, 30, 100, 40, 10, 20, 40]
    clip = cine(timing=Timing(15.0, "Frame Time Vector", (0.0, *[0.04] * 6, 0.08)))
    with pytest.raises(UsageError, match="at most 100 frames per second"):
        run(export(clip, tmp_path / "other.gif", replace(PLAIN, real_time=True)))


@pytest.mark.parametrize(("rate", "slowed"), [(50.0, False), (60.0, True), (100.0, True)])
def test_what_browsers_slow_down_is_told(tmp_path: Path, rate: float, slowed: bool) -> None:
    result = run(export(cine(), tmp_path / "clip.gif", replace(PLAIN, rate=rate)))
    assert bool(result.notes) == slowed
    assert ("note" in manifest(tmp_path / "clip.gif")["output"]) == slowed


def test_faster_than_a_gif_can_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at most 100 frames per second"):
        run(export(cine(), tmp_path / "clip.gif", replace(PLAIN, rate=120.0)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("dither", "worst"), [(d, 9.0) for d in Dither])
def test_one_palette_serves_a_coloured_clip(tmp_path: Path, dither: Dither, worst: float) -> None:
    frames = coloured()
    options = ExportOptions(presentation=Presentation(), dither=dither)
    run(export(cine(frames), tmp_path / "clip.gif", options))
    _, shown, _ = gif(tmp_path / "clip.gif")
    assert np.abs(shown.astype(int) - frames).mean() < worst
    used = np.unique(shown.reshape(-1, 3), axis=0)
    assert len(used) <= 255


def test_ordered_dithering_stands_still(tmp_path: Path) -> None:
    frames = np.repeat(coloured(1), 5, axis=0)
    frames[2:, :9, :9] = 0  # what changes elsewhere changes nothing here
    options = ExportOptions(presentation=Presentation(), quality=Quality.LOW)
    run(export(cine(frames), tmp_path / "clip.gif", options))
    _, shown, _ = gif(tmp_path / "clip.gif")
    still = shown[:, 9:, 9:]
    assert (still == still[0]).all()
    assert manifest(tmp_path / "clip.gif")["output"]["dither"] == "ordered"


def test_few_colours_are_kept(tmp_path: Path) -> None:
    frames = np.zeros((4, 30, 40, 3), np.uint8)
    frames[:, :10], frames[:, 10:20, :20], frames[2, 25] = (255, 0, 0), (0, 64, 255), (255, 255, 0)
    options = ExportOptions(presentation=Presentation(), dither=Dither.NONE)
    run(export(cine(frames), tmp_path / "clip.gif", options))
    np.testing.assert_array_equal(gif(tmp_path / "clip.gif")[1], frames)


def test_colours_cannot_be_lossless(tmp_path: Path) -> None:
    options = ExportOptions(presentation=Presentation(), quality=Quality.LOSSLESS)
    with pytest.raises(UsageError, match="256 colours"):
        run(export(cine(coloured()), tmp_path / "clip.gif", options))


@pytest.mark.parametrize("dither", [*Dither])
def test_few_greys_are_smaller(tmp_path: Path, dither: Dither) -> None:
    clip = cine(moving(6))
    run(export(clip, tmp_path / "whole.gif", PLAIN))
    low = replace(PLAIN, quality=Quality.LOW, dither=dither)
    run(export(clip, tmp_path / "low.gif", low))
    _, shown, _ = gif(tmp_path / "low.gif")
    assert len(np.unique(shown)) <= 64
    for index in range(6):
        assert np.abs(shown[index, ..., 0].astype(int) - render(clip, index, SHOWN)).max() <= 8
    if dither is Dither.NONE:
        assert (tmp_path / "low.gif").stat().st_size < (tmp_path / "whole.gif").stat().st_size
