"""How one volume is laid onto another, and what is found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.parameter import choice, number, whole
from xray_studio.core.place import Affine
from xray_studio.core.volume.filters import VolumeFilter

Points = npt.NDArray[np.float64]


class Movement(Enum):
    """What a registration may do to a volume; the values are names in words."""

    RIGID = "rigid"
    AFFINE = "affine"
    DEFORMABLE = "deformable"


@dataclass(frozen=True)
class Registration(VolumeFilter):
    """Lays a moving volume onto a fixed one."""

    name: ClassVar[str] = "register"
    title: ClassVar[str] = "Registration"
    about: ClassVar[str] = (
        "Finds the movement under which two volumes tell most of each other (mutual information,"
        " Mattes et al., IEEE Transactions on Medical Imaging, 2003), coarse first; deformable ones"
        " bend by a cubic B-spline grid after an affine movement (Rueckert et al., 1999)."
    )

    kind: str = choice(
        "Movement",
        Movement.RIGID.value,
        {"rigid": "Rigid", "affine": "Affine", "deformable": "Deformable"},
    )
    iterations: int = whole("Iterations", 100, 5, 500, about="At most, on each level.")
    sampled: float = number(
        "Sampled", 0.1, 0.01, 1.0, about="Share of voxels that are looked at in each step."
    )
    grid: float = number(
        "Grid", 30.0, 5.0, 200.0, unit="mm", about="From one node of the B-spline grid to the next."
    )
    levels: int = whole("Levels", 3, 1, 5, about="Each is half as fine as the next.")

    @property
    def movement(self) -> Movement:
        """What it may do to the moving volume."""
        return Movement(self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """What a registration found.

    `affine` (4 x 4) leads from millimetres (LPS) of the fixed volume to those of the moving one;
    None where the movement bends. `score` is the mutual information that was reached, higher is
    better, and `before` that without a movement. `largest` is how far any corner of the fixed
    volume moves, in mm.
    """

    affine: Affine | None
    score: float
    before: float
    largest: float

    @property
    def is_better(self) -> bool:
        """Tell whether the volumes fit better than they did."""
        return self.score > self.before


BOARD: Final = 8  # squares along the longer side of a checkerboard


def checkerboard(one: Points, other: Points, squares: int = BOARD) -> Points:
    """Return a picture (rows, columns) whose squares come from two of its size in turn.

    `squares` are counted along the longer side.
    """
    rows, columns = one.shape
    side = max(1, -(-max(rows, columns) // squares))
    down, right = np.indices((rows, columns)) // side
    return np.where((down + right) % 2 == 0, one, other)
