"""Reasons: why an action cannot be done now, in one sentence that says what would help."""

from __future__ import annotations

from collections.abc import Callable

from xray_studio.ui.state import State

Condition = Callable[[State], bool]
_reasons: dict[Condition, str] = {}


def needs(sentence: str) -> Callable[[Condition], Condition]:
    """Return a decorator that tells why an action with this condition cannot be done."""

    def told(condition: Condition) -> Condition:
        _reasons[condition] = sentence
        return condition

    return told


def reason(condition: Condition | None) -> str:
    """Return why an action with a condition cannot be done while that is not met."""
    return "" if condition is None else _reasons.get(condition, "Not possible now.")


def has_reason(condition: Condition) -> bool:
    """Tell whether somebody said why."""
    return condition in _reasons
