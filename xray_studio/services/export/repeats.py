"""Frames at unequal moments as frames of a constant rate, some of them shown several times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.services.export.options import Schedule

FASTEST: Final = 120  # frames per second, the most that common players keep up with
_NEAR: Final = Fraction(1, 10)  # of the shortest interval; moments this near count as kept


def repeated(plan: Schedule) -> Schedule:
    """Return a schedule at a constant rate in which every frame begins near its moment.

    The rate is the lowest whole one that keeps all moments within a tenth of the shortest interval,
    else the one that keeps them best; the whole is exact within half a frame. A schedule of
    constant rate comes back as it is. Raises UsageError when frames follow one another faster than
    they can be told apart.
    """
    if not plan.starts:
        return plan
    moments = (*plan.starts, plan.end)
    rate = _rate(moments)
    ticks = [round(moment * rate) for moment in moments]
    counts = [after - before for before, after in pairwise(ticks)]
    order = [n for n, count in zip(plan.order, counts, strict=True) for _ in range(count)]
    return replace(
        plan,
        order=tuple(order),
        rate=Fraction(rate),
        source=f"{plan.source}, frames repeated",
        starts=(),
        end=Fraction(0),
    )


def _rate(moments: Sequence[Fraction]) -> int:
    shortest = min(after - before for before, after in pairwise(moments))
    rates = [rate for rate in range(1, FASTEST + 1) if _apart(moments, rate)]
    if not rates:
        raise UsageError(
            f"Frames follow one another faster than {FASTEST} per second, so repeating them cannot"
            " keep their moments; choose a format of variable rate, as .mp4, or a fixed --fps."
        )
    for rate in rates:
        if _worst(moments, rate) <= _NEAR * shortest:
            return rate
    return min(rates, key=lambda rate: _worst(moments, rate))


def _apart(moments: Sequence[Fraction], rate: int) -> bool:
    """Tell whether every frame gets a moment of its own."""
    ticks = [round(moment * rate) for moment in moments]
    return all(after > before for before, after in pairwise(ticks))


def _worst(moments: Sequence[Fraction], rate: int) -> Fraction:
    """Return the largest distance in seconds from a moment to the one that is written."""
    return max(abs(Fraction(round(moment * rate), rate) - moment) for moment in moments)
