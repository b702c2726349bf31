"""What de-identification did to attributes: where and what, never what they held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: `path` names attributes by keyword from the outermost sequence on.

    `action` is the letter of Table E.1-1a, `option` the option it comes from, "" for the Basic
    Profile. `count` tells how often. `before` and `after` are values for the screen of whoever
    holds the original; they are never written anywhere.
    """

    path: str
    action: str
    option: str = ""
    count: int = 1
    before: str = ""
    after: str = ""

    def fact(self) -> dict[str, Any]:
        """Return the change for a report."""
        told = {"attribute": self.path, "action": self.action, "count": self.count}
        return told | ({"option": self.option} if self.option else {})


def gathered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes of the same kind as one, in the order of the first of each."""
    found: dict[tuple[str, str, str], Change] = {}
    for change in changes:
        key = (change.path, change.action, change.option)
        before = found.get(key)
        found[key] = change if before is None else replace(before, count=before.count + 1)
    return tuple(found.values())
