"""What is cut away of a volume, in millimetres along the patient's axes. Pure.

A clipping box follows the voxels. Each of its sides runs mostly along one axis of the patient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.scene import Box

LETTERS: Final = ("RL", "AP", "FH")  # of the axes, towards less and more
_LEAST: Final = 0.01  # share of a side that is always kept


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a volume: `axis` is that of a box (0 for planes, 1 for rows, 2 for columns).

    `start` and `end` are millimetres of its first and last voxel along the patient's axis whose
    two ends `letters` name.
    """

    axis: int
    start: float
    end: float
    letters: str

    @property
    def ends(self) -> tuple[float, float]:
        """The lower and the higher end."""
        return min(self.start, self.end), max(self.start, self.end)

    def words(self, at: float) -> str:
        """Return a place on it, as "L 20"."""
        return f"{self.letters[at >= 0.0]} {abs(round(at))}"

    def kept(self, box: Box) -> tuple[float, float]:
        """Return from where to where a box keeps it."""
        low, high = (self._at(share) for share in (box.low[self.axis], box.high[self.axis]))
        return min(low, high), max(low, high)

    def clipped(self, box: Box, low: float, high: float) -> Box:
        """Return a box that keeps it from `low` to `high`; something is always kept."""
        shares = sorted(self._share(at) for at in (low, high))
        first = min(max(0.0, shares[0]), 1.0 - _LEAST)
        last = max(min(1.0, shares[1]), first + _LEAST)
        return replace(
            box, low=_put(box.low, self.axis, first), high=_put(box.high, self.axis, last)
        )

    def _at(self, share: float) -> float:
        return self.start + share * (self.end - self.start)

    def _share(self, at: float) -> float:
        length = self.end - self.start
        return (at - self.start) / length if length else 0.0


def sides(geometry: VolumeGeometry) -> tuple[Side, Side, Side]:
    """Return the sides of a volume from right to left, from front to back, from feet to head."""
    counts = geometry.shape[::-1]
    found = []
    for axis, letters in enumerate(LETTERS):
        at = geometry.axes.index(axis)
        half = geometry.affine[axis, at] * (counts[at] - 1) / 2.0
        middle = geometry.centre[axis]
        found.append(Side(2 - at, float(middle - half), float(middle + half), letters))
    return found[0], found[1], found[2]


def _put(
    values: tuple[float, float, float], number: int, value: float
) -> tuple[float, float, float]:
    one, two, three = (value if at == number else old for at, old in enumerate(values))
    return one, two, three
