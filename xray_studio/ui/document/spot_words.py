"""What the pointer says over recording paper."""

from __future__ import annotations

from xray_studio.core.document import Mark, Plot
from xray_studio.core.paper import Spot
from xray_studio.core.time_words import moment_text

NEAR = 0.03  # seconds from a mark at which it is named
_MOST_MARKS = 3


def spot_words(plot: Plot, found: Spot) -> str:
    """Return "V5   8.502 s   1.24 mV   QRS onset"."""
    trace = plot.traces[found.trace]
    value = "no value" if found.value != found.value else f"{found.value:.4g} {trace.unit}".rstrip()
    named = [mark.text for mark in plot.marks if _is_near(mark, found)]
    marks = ", ".join(dict.fromkeys(filter(None, named[:_MOST_MARKS])))
    return "   ".join(filter(None, (trace.label, moment_text(found.seconds, 3), value, marks)))


def _is_near(mark: Mark, found: Spot) -> bool:
    if mark.traces and found.trace not in mark.traces:
        return False
    end = mark.seconds if mark.until is None else mark.until
    return mark.seconds - NEAR <= found.seconds <= end + NEAR


def caliper_words(plot: Plot, start: Spot, end: Spot) -> str:
    """Return "812 ms   74 per min   0.42 mV": time, its rate, and the difference on one trace."""
    seconds = abs(end.seconds - start.seconds)
    parts = [f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.2f} s"]
    if plot.paper == "ecg" and seconds > 0.05:
        parts.append(f"{60 / seconds:.0f} per min")
    if start.trace == end.trace:
        unit = plot.traces[end.trace].unit
        parts.append(f"{end.value - start.value:+.3g} {unit}".rstrip())
    return "   ".join(parts)
