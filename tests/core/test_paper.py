"""How traces lie on recording paper."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core import paper
from xray_studio.core.document import Plot, Trace

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]


def plot(seconds: float, names: list[str], kind: str = "ecg", unit: str = "mV") -> Plot:
    moments = np.arange(round(seconds * 500)) / 500
    traces = tuple(
        Trace(name, unit, (moments + place).astype(np.float32)) for place, name in enumerate(names)
    )
    return Plot(traces, 500.0, paper=kind)


def test_twelve_leads_stand_in_three_rows_of_four_with_a_rhythm_strip() -> None:
    recording = plot(25.0, LEADS)
    assert paper.sheet_count(recording) == 3
    sheet = paper.sheet(recording, 1)
    names = [recording.traces[strip.trace].label for strip in sheet.strips]
    assert names == [
        "I",
        "II",
        "III",
        "aVR",
        "aVL",
        "aVF",
        "V1",
        "V2",
        "V3",
        "V4",
        "V5",
        "V6",
        "II",
    ]
    v4 = sheet.strips[9]
    assert (v4.first / 500, v4.left - sheet.strips[0].left) == (17.5, 7.5 * 25)
    assert (sheet.speed, v4.gain, len(sheet.pulses)) == (25.0, 10.0, 4)
    assert len(paper.sheet(recording, 2).strips) == 7  # 5 s are left: two columns and the rhythm


def test_one_beat_is_shown_whole_in_every_lead() -> None:
    sheet = paper.sheet(plot(1.2, LEADS), 0)
    assert {(strip.first, strip.last) for strip in sheet.strips} == {(0, 600)}
    assert len(sheet.strips) == 12


def test_the_value_under_a_point_is_that_of_the_nearest_trace() -> None:
    recording = plot(10.0, LEADS)
    sheet = paper.sheet(recording, 0)
    v5 = sheet.strips[10]
    found = paper.spot(recording, sheet, v5.left + 25.0, v5.base + 4)
    assert found is not None
    assert (found.trace, found.seconds) == (10, 8.5)
    assert found.value == pytest.approx(18.5)
    assert paper.spot(recording, sheet, 2.0, 60.0) is None


def test_other_signals_fill_their_row_at_a_speed_that_needs_few_sheets() -> None:
    pressure = plot(60.0, ["Aorta"], kind="", unit="mmHg")
    assert paper.sheet_count(pressure) == 6
    (strip,) = paper.sheet(pressure, 0).strips
    assert (strip.level, strip.gain) == (pytest.approx(30.0, abs=0.1), 0.2)
    assert not paper.sheet(pressure, 0).pulses
    hours = plot(4 * 3600.0, ["Breath"], kind="", unit="L")
    assert paper.sheet_count(hours) <= paper.MOST_SHEETS
    assert paper.sheet_count(plot(90.0, ["Voice"], kind="audio", unit="")) == 1


@given(st.floats(1e-6, 1e6))
def test_gains_are_round_and_never_too_large(value: float) -> None:
    found = paper.round_down(value)
    assert found <= value * (1 + 1e-9) < found * 2.5 * (1 + 1e-6)
