"""Kept marks: they come back on the same picture alone, and name nobody."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from xray_studio.core.job import run
from xray_studio.core.measure.mark import Kind, Mark, Spot
from xray_studio.core.measure.marks import Calibration, Marks
from xray_studio.services.kept_marks import forget_marks, keep, kept, kept_folder

HERE, SIZE = ("1.2.840.99.7", "/home/DOE_JOHN/run.dcm"), (40, 60)
MARKS = Marks(
    (Mark(3, Kind.LENGTH, ((1.5, 2.0), (30.0, 4.25)), Spot(*HERE, 5), "Stent", everywhere=True),
     Mark(7, Kind.TEXT, ((8.0, 9.0),), Spot(*HERE, 0), "Look", hidden=True)),
    (Calibration(HERE, (0.2, 0.25)),), last=9,
)  # fmt: skip


def test_marks_come_back_wherever_the_file_lies_now_and_name_nobody() -> None:
    other = ("1.2.840.99.8", "/b.dcm")
    keep({HERE: (SIZE, MARKS.on(HERE)), other: (SIZE, Marks())})
    moved = (HERE[0], "/elsewhere/copy.dcm")
    found = run(kept([moved, other], SIZE))
    assert found == {moved: replace(MARKS.moved_to(moved), last=7)}
    (path,) = kept_folder().iterdir()
    text = path.read_text("utf-8") + path.name
    assert not any(word in text for word in ("DOE", "1.2.840", "run.dcm", "home"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0


def test_nothing_comes_back_on_another_picture_or_of_a_damaged_file() -> None:
    keep({HERE: (SIZE, MARKS)})
    (path,) = kept_folder().iterdir()
    whole = path.read_text("utf-8")
    assert run(kept([HERE], (41, 60))) == {}
    assert run(kept([("", HERE[1])], SIZE)) == {}
    for damaged in ("", "[]", whole[:60], json.dumps({"size": SIZE, "each": 3}), "[" * 10_000):
        path.write_text(damaged, "utf-8")
        assert run(kept([HERE], SIZE)) == {}


def test_what_is_taken_away_is_not_kept_and_all_can_be_forgotten() -> None:
    keep({HERE: (SIZE, MARKS)})
    keep({HERE: (SIZE, Marks())})
    assert list(kept_folder().iterdir()) == []
    keep({(f"1.2.{n}", ""): (SIZE, MARKS) for n in range(3)})
    assert forget_marks() == 3
    assert list(kept_folder().iterdir()) == []


@pytest.mark.parametrize("taken", [(), (3,), (3, 10, 11)])
def test_marks_that_join_others_keep_their_numbers_where_they_are_free(
    taken: tuple[int, ...],
) -> None:
    mine = tuple(Mark(n, Kind.TEXT, ((1.0, 1.0),), Spot("9", "", 0)) for n in taken)
    both = Marks(mine, last=max(taken, default=0)).joining(MARKS)
    numbers = [mark.number for mark in both.each]
    assert sorted(set(numbers)) == numbers
    assert len(numbers) == len(taken) + 2
    assert (7 in numbers, both.last >= max(numbers)) == (True, True)
    assert both.calibrations == MARKS.calibrations
