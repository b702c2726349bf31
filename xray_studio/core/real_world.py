"""Real World Value Mapping (PS3.3 C.7.6.16.2.11): what stored values mean, with their unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RealWorldMap:
    """One mapping: holds for stored values `first` to `last`, both included.

    A linear one has `slope` and `intercept`; one by table has `values`, the first for `first`.
    `unit` is the code of the measurement unit (UCUM), `label` is LUT Label.
    """

    first: float
    last: float
    slope: float = 1.0
    intercept: float = 0.0
    values: tuple[float, ...] = ()
    unit: str = ""
    label: str = ""

    def value(self, stored: float) -> float | None:
        """Return the real-world value of a stored one, None where this mapping says nothing."""
        if not self.first <= stored <= self.last:
            return None
        if not self.values:
            return stored * self.slope + self.intercept
        place = int(stored - self.first)
        return self.values[place] if place < len(self.values) else None
