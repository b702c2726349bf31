"""Learning curves as a picture."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xray_studio.imaging.chart import Panel, _marks, _steps, chart


@pytest.mark.parametrize(
    "values", [[], [0.0], [1.0, 1.0], [math.nan, 2.0], [1e-9, -1e9], [5.0] * 3000, [math.inf, 1.0]]
)
def test_any_values_make_a_picture(values: list[float]) -> None:
    made = chart([Panel("One", {"a": values, "b": [0.5]}), Panel("Two", {"c": values})])
    assert (made.shape, made.dtype) == ((600, 640, 3), np.uint8)


def test_a_line_goes_where_its_values_are() -> None:
    made = chart([Panel("", {"": [0.0, 1.0]})])
    blue = (made[:, 60:460] == (0, 114, 178)).all(axis=2)
    rows = [np.flatnonzero(blue[:, column]).mean() for column in (10, 390)]
    assert rows[0] - rows[1] > 180, "it rises"


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.31, 0.33), (-7.0, 9000.0), (2.0, 2.0)])
def test_marks_are_round_and_enclose_the_values(low: float, high: float) -> None:
    marks = _marks(low, high)
    assert 2 <= len(marks) <= 8
    assert marks[0] <= low
    assert marks[-1] >= high


def test_few_steps_are_named() -> None:
    assert _steps(5) == [1, 2, 3, 4, 5]
    assert len(_steps(997)) <= 10
