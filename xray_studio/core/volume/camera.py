"""From where a volume is looked at, in the patient's own directions. Pure.

Directions are those of the patient (PS3.3 C.7.6.2.1.1): x to the left, y to the back, z to the
head. Angles are named as positioners name them (PS3.3 C.8.7.5): from the front, positive to the
patient's left (LAO) and to the head (CRAN).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.geometry import Points

Direction = npt.NDArray[np.float64]

NEAREST: Final = 0.2  # of the size at which a volume fits the picture
FURTHEST: Final = 20.0
_STEEPEST: Final = 90.0  # degrees up or down
VIEWS: Final[dict[str, tuple[float, float]]] = {
    "anterior": (0.0, 0.0),
    "posterior": (180.0, 0.0),
    "left": (90.0, 0.0),
    "right": (-90.0, 0.0),
    "superior": (0.0, 90.0),
    "inferior": (0.0, -90.0),
}


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the eye is: `primary` and `secondary` angle in degrees from the patient's front.

    `roll` turns the picture clockwise, in degrees; `zoom` is 1 where the whole volume fits, `pan`
    the shift of the picture to the right and down in shares of its shorter side.
    """

    primary: float = 0.0
    secondary: float = 0.0
    roll: float = 0.0
    zoom: float = 1.0
    pan: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def named(cls, view: str) -> Camera:
        """Return the camera of a view, "anterior" and so on. Raises UsageError for others."""
        try:
            return cls(*VIEWS[view])
        except KeyError:
            known = ", ".join(VIEWS)
            raise UsageError(f"There is no view {view!r}; choose one of: {known}.") from None

    @property
    def towards_eye(self) -> Direction:
        """The direction from the volume to the eye, of length 1."""
        side, height = math.radians(self.primary), math.radians(self.secondary)
        return np.array(
            [
                math.sin(side) * math.cos(height),
                -math.cos(side) * math.cos(height),
                math.sin(height),
            ]
        )

    @property
    def right(self) -> Direction:
        """What lies to the right in the picture, in the patient."""
        return self._rolled()[0]

    @property
    def up(self) -> Direction:
        """What lies above in the picture, in the patient."""
        return self._rolled()[1]

    def _rolled(self) -> tuple[Direction, Direction]:
        side, roll = math.radians(self.primary), math.radians(self.roll)
        # From the front the patient's left is at the right of the picture.
        right = np.array([math.cos(side), math.sin(side), 0.0])
        up = np.cross(self.towards_eye, right)
        return (
            math.cos(roll) * right + math.sin(roll) * up,
            math.cos(roll) * up - math.sin(roll) * right,
        )

    def filling(self, corners: Points) -> Camera:
        """Return the camera in the middle, as near as all corners of a volume (n, 3) are seen."""
        around = corners - (corners.min(axis=0) + corners.max(axis=0)) / 2.0
        radius = float(np.linalg.norm(around, axis=1).max())
        widest = float(np.abs(around @ np.stack([self.right, self.up], axis=1)).max())
        return replace(self, zoom=1.0, pan=(0.0, 0.0)).zoomed(radius / max(widest, 1e-9))

    def turned(self, right: float, up: float) -> Camera:
        """Return the camera after what is seen was turned to the right and up, in degrees."""
        roll = math.radians(self.roll)
        right, up = (
            math.cos(roll) * right - math.sin(roll) * up,
            math.sin(roll) * right + math.cos(roll) * up,
        )
        primary = (self.primary - right + 180.0) % 360.0 - 180.0
        secondary = max(-_STEEPEST, min(_STEEPEST, self.secondary - up))
        return replace(self, primary=primary, secondary=secondary)

    def zoomed(self, times: float, at: tuple[float, float] = (0.0, 0.0)) -> Camera:
        """Return the camera nearer by a factor, within what can be seen.

        What is seen `at` a place stays there, counted from the middle of the picture to the right
        and down, in shares of its shorter side.
        """
        zoom = max(NEAREST, min(FURTHEST, self.zoom * times))
        nearer = zoom / self.zoom
        right, down = (x - nearer * (x - pan) for x, pan in zip(at, self.pan, strict=True))
        return replace(self, zoom=zoom, pan=(right, down))

    def seen_from(self, view: str) -> Camera:
        """Return the camera at a named view, as near as it is. Raises UsageError for others."""
        named = Camera.named(view)
        return replace(named, zoom=self.zoom, pan=self.pan)

    def panned(self, right: float, down: float) -> Camera:
        """Return the camera with the picture shifted, in shares of its shorter side."""
        return replace(self, pan=(self.pan[0] + right, self.pan[1] + down))


def all_around(start: Camera, pictures: int) -> tuple[Camera, ...]:
    """Return cameras once around the long axis, as a turning movie needs them.

    Raises UsageError for less than two.
    """
    if pictures < 2:
        raise UsageError("A movie of a turn has two pictures or more.")
    return tuple(start.turned(360.0 * number / pictures, 0.0) for number in range(pictures))
