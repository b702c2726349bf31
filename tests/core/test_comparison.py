"""Clips side by side: which frames stand together, where pictures stand, whose they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.clips import WHO, cine, moving
from xray_studio.core.comparison import (
    SAME_MOMENT,
    Arrangement,
    Ending,
    Run,
    arranged,
    of_one_patient,
    run_of,
    together,
)
from xray_studio.core.playback import Timing


def even(count: int, rate: float) -> Run:
    return Run(tuple(range(count)), tuple(n / rate for n in range(count)), count / rate)


def test_the_shorter_clip_loops_holds_or_ends_all() -> None:
    runs = [even(6, 10.0), even(4, 10.0)]
    shown = {ending: [pair[1] for pair in together(runs, ending).frames] for ending in Ending}
    assert shown[Ending.LOOP] == [0, 1, 2, 3, 0, 1]
    assert shown[Ending.HOLD] == [0, 1, 2, 3, 3, 3]
    assert shown[Ending.STOP] == [0, 1, 2, 3]
    assert together(runs, Ending.STOP).end == pytest.approx(0.4)


def test_clocks_of_different_rates_change_when_each_is_due() -> None:
    both = together([even(4, 10.0), even(6, 15.0)], Ending.LOOP)
    assert both.end == pytest.approx(0.4)
    assert both.moments == pytest.approx((0, 1 / 15, 0.1, 2 / 15, 0.2, 4 / 15, 0.3, 1 / 3))
    assert both.frames == ((0, 0), (0, 1), (1, 1), (1, 2), (2, 3), (2, 4), (3, 4), (3, 5))


def test_a_still_stands_as_long_as_the_others() -> None:
    still = Run((0,), (0.0,), 0.0)
    assert together([still, even(3, 5.0)], Ending.STOP).frames == ((0, 0), (0, 1), (0, 2))
    assert together([still, still], Ending.LOOP).end == 0.0


def test_rounded_intervals_are_one_rate() -> None:
    times = tuple(n * 0.03333 for n in range(90))
    rounded = run_of(cine(moving(90, 4, 4), timing=Timing(10.0, "Frame Time", times)), None)
    both = together([even(90, 30.0), rounded], Ending.HOLD)
    assert both.moments == pytest.approx([n / 30 for n in range(90)])


intervals = st.lists(st.floats(0.01, 0.5), min_size=1, max_size=12)


def run_from(lasting: list[float]) -> Run:
    starts = [sum(lasting[:n]) for n in range(len(lasting))]
    return Run(tuple(range(len(lasting))), tuple(starts), sum(lasting))


@given(st.lists(intervals, min_size=2, max_size=3), st.sampled_from(Ending))
def test_every_moment_shows_what_each_clock_says(
    lasting: list[list[float]], ending: Ending
) -> None:
    runs = [run_from(one) for one in lasting]
    found = together(runs, ending)
    assert found.moments[0] == 0.0
    assert all(b > a for a, b in zip(found.moments, found.moments[1:], strict=False))
    ends = [run.end for run in runs]
    assert found.end == (min(ends) if ending is Ending.STOP else max(ends))
    for moment, frames in zip(found.moments, found.frames, strict=True):
        for run, frame in zip(runs, frames, strict=True):
            time = moment % run.end if ending is Ending.LOOP else moment
            begins = run.starts[frame] - 2 * SAME_MOMENT
            assert begins <= time or run.end - time < 2 * SAME_MOMENT or time < 2 * SAME_MOMENT


def test_acquired_moments_are_followed() -> None:
    clip = cine(moving(4), timing=Timing(10.0, "x", times=(0.0, 0.1, 0.4, 0.5)))
    part = run_of(clip, (1, 3))
    assert part.frames == (1, 2, 3)
    assert (*part.starts, part.end) == pytest.approx((0.0, 0.3, 0.4, 0.5))
    trimmed = replace(clip, timing=Timing(10.0, start=1, stop=2))
    assert run_of(trimmed, None).frames == (1, 2)
    assert run_of(clip, (2, 9)).frames == (2, 3)
    assert run_of(clip, (9, 12)).frames == (3,)


def test_rows_and_grids() -> None:
    places, rows, columns = arranged([(100, 100), (100, 50), (100, 80)], Arrangement.ROW, 20)
    assert [(p.x, p.y) for p in places] == [(0, 20), (108, 20), (166, 20)]
    assert (rows, columns) == (120, 246)
    places, rows, columns = arranged([(100, 100), (100, 50), (100, 80)], Arrangement.GRID, 20)
    assert [(p.x, p.y) for p in places] == [(0, 20), (108, 20), (10, 148)]
    assert (rows, columns) == (248, 158)


@given(st.lists(st.tuples(st.just(60), st.integers(1, 90)), min_size=2, max_size=9))
def test_pictures_never_overlap(sizes: list[tuple[int, int]]) -> None:
    for arrangement in Arrangement:
        places, rows, columns = arranged(sizes, arrangement, 15)
        for number, place in enumerate(places):
            assert place.clipped(rows, columns) == place
            assert not any(place.shared(other) for other in places[number + 1 :])


def test_whose_clips_they_are() -> None:
    clip = cine()
    same = cine(identity=replace(WHO, patient_name="PHANTOM^ANNA", date="20300101"))
    other = cine(identity=replace(WHO, patient_id="X"))
    nobody = cine(identity=replace(WHO, patient_name="", patient_id="", birth_date=""))
    assert of_one_patient([clip, same])
    assert not of_one_patient([clip, other])
    assert not of_one_patient([clip, nobody])
    assert of_one_patient([nobody, nobody])
