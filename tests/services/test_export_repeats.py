"""Frames at unequal moments in a file of one rate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.clips import cine
from tests.services.test_export import PLAIN, manifest
from tests.video.probe import ffmpeg_frames, frame_times, needs_ffmpeg, probe
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.playback import Loop, Timing
from xray_studio.services.export.options import Schedule
from xray_studio.services.export.repeats import FASTEST, repeated
from xray_studio.services.export.run import export

TIMES = (0.0, 0.033, 0.066, 0.2, 0.25, 0.4, 0.433, 0.466)
UNEVEN = Timing(15.0, "Frame Time Vector", TIMES)

intervals = st.lists(
    st.fractions(Fraction(1, 60), 2, max_denominator=10_000), min_size=1, max_size=30
)


@given(intervals)
def test_every_frame_begins_near_its_moment(lasting: list[Fraction]) -> None:
    moments = list(accumulate(lasting, initial=Fraction(0)))
    frames = tuple(range(len(lasting)))
    plan = Schedule(frames, Fraction(15), "frame times", tuple(moments[:-1]), moments[-1])
    made = repeated(plan)
    assert (made.starts, made.rate.denominator) == ((), 1)
    assert sorted(set(made.order)) == list(frames)  # all of them, in order
    assert all(after - before in {0, 1} for before, after in pairwise(made.order))
    for number, moment in enumerate(moments[:-1]):
        begins = Fraction(made.order.index(number)) / made.rate
        assert abs(begins - moment) <= Fraction(1, 2) / made.rate
    assert abs(len(made.order) / made.rate - moments[-1]) <= Fraction(1, 2) / made.rate


def test_a_constant_rate_stays() -> None:
    plan = Schedule((0, 1, 2), Fraction(30000, 1001), "Cine Rate")
    assert repeated(plan) is plan


def test_what_cannot_be_told_apart_is_refused() -> None:
    starts = (Fraction(0), Fraction(1, 1000), Fraction(1, 2))
    plan = Schedule((0, 1, 2), Fraction(10), "frame times", starts, Fraction(1))
    with pytest.raises(UsageError, match=f"faster than {FASTEST} per second"):
        repeated(plan)


@needs_ffmpeg
@pytest.mark.parametrize(("suffix", "variable"), [(".avi", None), (".mp4", False), (".gif", False)])
def test_frames_are_repeated(tmp_path: Path, suffix: str, variable: bool | None) -> None:
    clip, target = cine(timing=UNEVEN), tmp_path / f"clip{suffix}"
    options = replace(PLAIN, real_time=True, variable_rate=variable)
    result = run(export(clip, target, options))
    assert result.checked.duration == pytest.approx(0.499, abs=0.5 / float(result.spec.rate))
    if suffix == ".gif":
        return
    assert probe(target)["r_frame_rate"] == f"{result.spec.rate}/1"
    steps = {round(b - a, 4) for a, b in pairwise(frame_times(target))}
    assert steps == {round(1 / float(result.spec.rate), 4)}
    assert len(ffmpeg_frames(target, (48, 64))) == result.spec.frames > 8
    told = manifest(target)["frames"]
    assert told["written"] - told["repeated"] == 8
    assert told["constant_rate"]


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
def test_moments_are_kept_where_they_can_be(tmp_path: Path, suffix: str) -> None:
    clip, target = cine(timing=UNEVEN), tmp_path / f"clip{suffix}"
    result = run(export(clip, target, replace(PLAIN, real_time=True)))
    assert frame_times(target) == pytest.approx(TIMES, abs=0.001)
    assert probe(target)["whole"] == pytest.approx(0.499, abs=0.002)
    assert result.checked.astray is not None
    assert result.checked.astray <= 0.001
    back = replace(PLAIN, real_time=True, speed=2.0, loop=Loop.PING_PONG, frames=(2, 5))
    result = run(export(clip, tmp_path / f"back{suffix}", back))
    assert result.checked.frames == 6


def test_a_variable_rate_that_avi_has_not_is_refused(tmp_path: Path) -> None:
    options = replace(PLAIN, real_time=True, variable_rate=True)
    with pytest.raises(UsageError, match="repeated frames"):
        run(export(cine(timing=UNEVEN), tmp_path / "clip.avi", options))
