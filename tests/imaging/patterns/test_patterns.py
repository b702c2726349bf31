"""Test patterns: exact levels, exact lines, the same every time, for screens of any shape."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xray_studio.core.clip import Clip
from xray_studio.core.display_check import LEVELS
from xray_studio.core.errors import UsageError
from xray_studio.core.gsdf import jnd_index
from xray_studio.core.workers import Priority
from xray_studio.imaging.patterns.drawing import Box, line_pairs, plain, ramp
from xray_studio.imaging.patterns.levels import GROUND, luminance_patch, srgb_steps
from xray_studio.imaging.patterns.quality import FIVE, NINETY_FIVE, STEPS, quality
from xray_studio.imaging.patterns.resolution import resolution
from xray_studio.imaging.patterns.source import PATTERNS, PatternSource

SIZES = [(1080, 1920), (1600, 1200), (480, 480), (481, 1999), (2160, 3840)]
sides = st.integers(480, 900)


@settings(max_examples=12, deadline=None)
@given(sides, sides)
def test_every_size_can_be_drawn_twice_alike(rows: int, columns: int) -> None:
    source = PatternSource(rows, columns)
    for index in range(8):
        frame = source.read(index)
        assert (frame.shape, frame.dtype) == ((rows, columns), np.uint8)
        assert not frame.flags.writeable
        assert np.array_equal(frame, source.read(index))


def test_patterns_are_a_clip_of_stills() -> None:
    source = PatternSource(480, 640)
    clip = Clip(source)
    assert (len(clip), clip.rows, clip.columns) == (len(PATTERNS), 480, 640)
    assert pickle.loads(pickle.dumps(source)) == source
    future = source.request(3, Priority.PLAYBACK)
    assert np.array_equal(future.result(), source.read(3))
    assert len({named.stem for named in PATTERNS}) == len(PATTERNS)
    assert [named.level for named in PATTERNS if named.level is not None] == list(LEVELS)


@pytest.mark.parametrize(("rows", "columns"), [(479, 640), (640, 479), (640, 16385), (0, 0)])
def test_sides_out_of_range_are_refused(rows: int, columns: int) -> None:
    with pytest.raises(UsageError, match="sides of 480 to 16,384"):
        PatternSource(rows, columns)


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_quality_control(rows: int, columns: int) -> None:
    pattern = quality(rows, columns)
    for edge in (pattern[0], pattern[-1], pattern[:, 0], pattern[:, -1]):
        assert np.all(edge == 255)
    unit = min(rows, columns) // 16
    top, left = (rows - 10 * unit) // 2, (columns - 12 * unit) // 2
    black, white = pattern[top:, left:], pattern[top + 2 * unit :, left:]
    assert (black[2, 2], black[unit, unit]) == (0, FIVE)
    assert (white[2, 2], white[unit, unit]) == (255, NINETY_FIVE)
    for number, level in enumerate(STEPS[:5], 1):
        step = pattern[top : top + 2 * unit, left + 2 * number * unit :][:, : 2 * unit]
        assert set(np.unique(step)) == {level - 4, level, level + 4}
        assert np.median(step) == level
    side = pattern[:, columns // 2 - 8 * unit + unit // 2 + 4]
    assert set(side.tolist()) >= set(range(256))


@pytest.mark.parametrize("size", [(1080, 1920), (1600, 1200)])
def test_letters_come_one_level_closer_each(size: tuple[int, int]) -> None:
    pattern = quality(*size)
    unit = min(size) // 16
    rows, columns = size
    inside = pattern[rows // 2 : rows // 2 + 3 * unit, columns // 2 - 3 * unit :][:, : 7 * unit]
    levels = set(np.unique(inside).tolist())
    for ground, sign in ((0, 1), (128, 1), (255, -1)):
        assert {ground + sign * contrast for contrast in range(1, 14)} <= levels


def test_line_pairs_are_exact() -> None:
    pattern = plain(20, 24, 128)
    line_pairs(pattern, Box(2, 2, 8, 8), 1, upright=True)
    line_pairs(pattern, Box(10, 2, 8, 8), 2, upright=False)
    assert pattern[2, 2:10].tolist() == [255, 0] * 4
    assert pattern[9, 2:10].tolist() == [255, 0] * 4
    assert pattern[10:18, 5].tolist() == [255, 255, 0, 0] * 2
    assert np.all(pattern[:, 12:] == 128)


@given(st.integers(256, 5000))
def test_ramps_hold_every_level_equally_long(length: int) -> None:
    levels, counts = np.unique(ramp(length), return_counts=True)
    assert levels.tolist() == list(range(256))
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize(("rows", "columns"), SIZES)
@pytest.mark.parametrize("level", [0, 150, 255])
def test_luminance_patches_take_a_tenth(rows: int, columns: int, level: int) -> None:
    pattern = luminance_patch(rows, columns, level)
    inside = pattern == level
    assert np.all(pattern[~inside] == GROUND)
    assert inside.mean() == pytest.approx(0.1, rel=0.01)
    for axis in (0, 1):
        places = np.flatnonzero(inside.any(axis=axis))
        assert abs(places[0] - (inside.shape[1 - axis] - 1 - places[-1])) <= 1


def test_moons_hold_sixteen_levels() -> None:
    pattern = PATTERNS[1].draw(800, 800)
    for number, level in enumerate(range(8, 256, 16)):
        line, place = divmod(number, 4)
        place = place if line % 2 == 0 else 3 - place
        field = pattern[line * 200 :, place * 200 :][:200, :200]
        assert set(np.unique(field)) == {level + by for by in (-4, -2, 0, 2, 4)}
        assert (field[100, 80], field[100, 120], field[100, 20]) == (level - 2, level + 2, level)


def test_lower_steps_are_equal_on_an_srgb_display() -> None:
    levels = srgb_steps() / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    steps = np.diff(jnd_index(1 + 349 * linear))
    assert steps == pytest.approx(steps.mean(), rel=0.1)  # levels are whole numbers


def test_marks_of_the_resolution_pattern_are_whole() -> None:
    pattern = resolution(700, 900)
    marks = [pattern[12:20, left : left + 15] for left in range(252, 600, 24)]
    assert set(np.unique(marks[0])) == {0, 255}
    assert np.count_nonzero(marks[0]) == 28
    assert all(np.array_equal(mark, marks[0]) for mark in marks)
