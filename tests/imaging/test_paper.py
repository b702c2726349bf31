"""Drawn recording paper: squares, pulse and trace where the layout says, gaps left open."""

from __future__ import annotations

import numpy as np

from xray_studio.core.document import Mark, Plot, Trace
from xray_studio.core.paper import sheet
from xray_studio.imaging.paper import COARSE, FINE, INK, MARKS, PAPER, draw_sheet


def recording(values: np.ndarray[tuple[int], np.dtype[np.float32]], **more: object) -> Plot:
    return Plot((Trace("II", "mV", values),), 500.0, paper="ecg", **more)  # type: ignore[arg-type]


def dark(
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return picture.astype(int).sum(axis=2) < 200  # far from the colours of the paper


def test_squares_are_one_and_five_millimetres() -> None:
    plot = recording(np.zeros(5000, np.float32))
    picture = draw_sheet(plot, sheet(plot, 0), 8.0)
    bottom = picture[-1]
    assert [tuple(bottom[8 * mm]) for mm in (10, 11, 15)] == [COARSE, FINE, COARSE]
    assert tuple(bottom[8 * 11 + 4]) == PAPER


def test_a_millivolt_is_ten_millimetres_and_a_second_twenty_five() -> None:
    values = np.zeros(5000, np.float32)
    values[2500:3000] = 1.0  # one second from 5 s on
    plot = recording(values)
    shown = sheet(plot, 0)
    (strip,) = shown.strips
    picture = dark(draw_sheet(plot, shown, 8.0))
    top = round((strip.base - 10.0) * 8)
    step = np.flatnonzero(picture[top, round(strip.left * 8 + 100 * 8) :])
    assert abs(step[0] - 25 * 8) <= 3
    assert abs((step[-1] - step[0]) - 25 * 8) <= 3
    pulse = np.flatnonzero(picture[top, : round(strip.left * 8)])
    assert abs((pulse[-1] - pulse[0]) - 5 * 8) <= 3


def test_gaps_stay_open_and_dense_samples_keep_their_extremes() -> None:
    values = np.zeros(5000, np.float32)
    values[2000:3000] = np.nan
    values[4000] = 1.0  # one sample of 2 ms, narrower than a pixel
    plot = recording(values)
    shown = sheet(plot, 0)
    (strip,) = shown.strips
    picture = dark(draw_sheet(plot, shown, 2.0))
    base = round(strip.base * 2)
    gap = slice(round((strip.left + 105) * 2), round((strip.left + 145) * 2))
    assert not picture[base - 3 : base + 3, gap].any()
    spike = round((strip.left + 200) * 2)
    assert picture[round((strip.base - 8.0) * 2), spike - 2 : spike + 3].any()


def test_marks_stand_below() -> None:
    plot = recording(np.zeros(5000, np.float32), marks=(Mark(2.0, "QRS", 3.0),))
    shown = sheet(plot, 0)
    picture = draw_sheet(plot, shown, 8.0)
    y = round((shown.height - 3.5) * 8)
    blue = np.flatnonzero((picture[y] == MARKS).all(axis=1))
    assert abs(blue[0] - (shown.strips[0].left + 50) * 8) <= 3
    assert abs(blue[-1] - (shown.strips[0].left + 75) * 8) <= 3
    assert INK != MARKS
