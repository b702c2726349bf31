"""How traces lie on recording paper: sheets of strips in millimetres. Pure geometry.

Electrocardiograms follow the paper that cardiologists know: 25 mm/s, 10 mm/mV, squares of 1 and
5 mm, twelve leads in three rows of four with lead II below (AHA/ACC/HRS 2007, part I).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from xray_studio.core.document import Plot, Trace

SPEED, GAIN = 25.0, 10.0  # mm per second, mm per mV
SECONDS = 10.0
LEFT, RIGHT, TOP, BOTTOM = 15.0, 5.0, 15.0, 10.0
PULSE_LEFT, PULSE_WIDTH = 5.0, 5.0
WIDTH = SECONDS * SPEED  # millimetres of paper on one sheet
COLUMNS = (("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6"))
RHYTHM = "II"
ROW, LOWEST_ROW, ROOM = 30.0, 12.0, 180.0
MOST_SHEETS = 12
_SPEEDS = (25.0, 12.5, 10.0, 5.0, 2.5, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)


class Strip(NamedTuple):
    """A piece of a trace: samples `first` to `last` (not included) from `left`, around `base`.

    Lengths are in millimetres; the value `level` lies at `base`, larger ones above it.
    """

    trace: int
    first: int
    last: int
    left: float
    base: float
    level: float
    gain: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper: size in millimetres, speed in mm/s, strips, and where rows lie."""

    width: float
    height: float
    speed: float
    strips: tuple[Strip, ...]
    pulses: tuple[float, ...] = ()
    start: float = 0.0
    seconds: float = SECONDS


class Spot(NamedTuple):
    """What lies under a point of a sheet: trace, seconds from the start of the plot, value."""

    trace: int
    seconds: float
    value: float


def is_twelve_lead(plot: Plot) -> bool:
    """Tell whether a plot holds the twelve standard leads, in millivolts."""
    names = {trace.label for trace in plot.traces if trace.unit == "mV"}
    return names.issuperset(name for column in COLUMNS for name in column)


def sheet_count(plot: Plot) -> int:
    """Return how many sheets a plot takes, at least one."""
    return max(1, math.ceil(plot.duration / _seconds(plot) - 1e-6))


def sheet(plot: Plot, index: int) -> Sheet:
    """Return sheet `index` (from 0) of a plot."""
    seconds = _seconds(plot)
    start = index * seconds
    if is_twelve_lead(plot):
        return _twelve_leads(plot, start)
    return _rows(plot, start, seconds)


def _seconds(plot: Plot) -> float:
    """Return the seconds of a sheet."""
    return WIDTH / _speed(plot)


def _speed(plot: Plot) -> float:
    """Return mm/s: 25 for an ECG, else as slow as a few sheets need; sound fits one sheet."""
    if plot.paper == "ecg":
        return SPEED
    if plot.paper == "audio":
        return WIDTH / max(plot.duration, 1e-3)
    fitting = (s for s in _SPEEDS if plot.duration * s <= MOST_SHEETS * WIDTH)
    return next(fitting, _SPEEDS[-1])


def _twelve_leads(plot: Plot, start: float) -> Sheet:
    """Return three rows of four leads, and lead II below where there is time for it."""
    places = {trace.label: place for place, trace in enumerate(plot.traces)}
    quarter = SECONDS / len(COLUMNS)
    single = plot.duration <= quarter  # one beat: every lead shows it whole
    strips = []
    for column, names in enumerate(COLUMNS):
        left, moment = LEFT + column * quarter * SPEED, start + (0 if single else column * quarter)
        for row, name in enumerate(names):
            base = TOP + ROW * (row + 0.5)
            span = (moment, quarter)
            strips.append(_strip(plot, places[name], span, left=left, base=base))
    rows = 3
    if not single:
        base = TOP + ROW * 3.5
        strips.append(_strip(plot, places[RHYTHM], (start, SECONDS), left=LEFT, base=base))
        rows = 4
    return Sheet(
        width=LEFT + WIDTH + RIGHT,
        height=TOP + rows * ROW + BOTTOM,
        speed=SPEED,
        strips=tuple(strip for strip in strips if strip.last > strip.first),
        pulses=tuple(TOP + ROW * (row + 0.5) for row in range(rows)),
        start=start,
    )


def _strip(plot: Plot, place: int, span: tuple[float, float], *, left: float, base: float) -> Strip:
    """Return a strip of seconds `span` (start, length)."""
    start, length = span
    first = min(plot.samples, round(start * plot.rate))
    last = min(plot.samples, round((start + length) * plot.rate) + 1)
    return Strip(place, first, last, left, base, 0.0, GAIN)


def _rows(plot: Plot, start: float, seconds: float) -> Sheet:
    """Return one row for each trace."""
    height = max(LOWEST_ROW, min(ROW, ROOM / max(1, len(plot.traces))))
    strips, pulses = [], []
    for place, trace in enumerate(plot.traces):
        base = TOP + height * (place + 0.5)
        strip = _strip(plot, place, (start, seconds), left=LEFT, base=base)
        if plot.paper == "ecg" and trace.unit == "mV":
            pulses.append(base)
        else:
            level, gain = _fitted(trace, height)
            strip = strip._replace(level=level, gain=gain)
        strips.append(strip)
    return Sheet(
        width=LEFT + WIDTH + RIGHT,
        height=TOP + height * len(plot.traces) + BOTTOM,
        speed=_speed(plot),
        strips=tuple(strips),
        pulses=tuple(pulses),
        start=start,
        seconds=seconds,
    )


@lru_cache(maxsize=256)
def _fitted(trace: Trace, height: float) -> tuple[float, float]:
    """Return the value in the middle of a row and mm per unit, a round one that shows it all."""
    known = trace.values[np.isfinite(trace.values)]
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    gain = round_down(0.9 * height / max(high - low, 1e-9))
    return (low + high) / 2, gain


def round_down(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(digit * power for digit in (5.0, 2.0, 1.0) if digit * power <= value * (1 + 1e-9))


def spot(plot: Plot, shown: Sheet, x: float, y: float) -> Spot | None:
    """Return what lies under a point in millimetres, None where nothing is recorded."""
    under = [strip for strip in shown.strips if 0 <= _sample(plot, shown, strip, x) < strip.last]
    if not under:
        return None
    nearest = min(under, key=lambda strip: abs(strip.base - y))
    sample = _sample(plot, shown, nearest, x)
    value = float(plot.traces[nearest.trace].values[sample])
    return Spot(nearest.trace, plot.start + sample / plot.rate, value)


def _sample(plot: Plot, shown: Sheet, strip: Strip, x: float) -> int:
    """Return the sample of a strip at a place, -1 to the left of it."""
    sample = strip.first + round((x - strip.left) / shown.speed * plot.rate)
    return sample if sample >= strip.first else -1
