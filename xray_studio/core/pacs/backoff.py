"""When something that failed is tried again: later each time, and never all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

STORED_A_SECOND: Final = 20e6  # bytes

Random = Callable[[], float]
"""Gives numbers from 0 to below 1."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How patient the queue is.

    `attempts` in all before it gives up; `first` and `longest` are seconds between two of them,
    which double each time. `settle` are the seconds after which a node is asked whether an object
    has arrived, as it may still be storing it, and `doubts` how often it must say no, that far
    apart, before it is believed.
    """

    attempts: int = 20
    first: float = 5.0
    longest: float = 1800.0
    settle: float = 3.0
    doubts: int = 2


def settling(size: int, rules: Rules) -> float:
    """Return the seconds that a node may take to store an object of `size` bytes."""
    return rules.settle + size / STORED_A_SECOND


def delay(attempt: int, rules: Rules, random: Random) -> float:
    """Return the seconds until the attempt after the `attempt`th (from 1).

    Between half of the doubled time and all of it, so that what failed together comes back apart.
    """
    whole = min(rules.longest, rules.first * 2.0 ** min(attempt - 1, 32))
    return whole * (0.5 + 0.5 * random())
