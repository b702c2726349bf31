"""Where the voxels of a volume lie in the patient. Pure.

Millimetres are those of `core.place`: to the left, to the back, to the head (LPS).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError
from xray_studio.core.place import Affine, Vector

Points: TypeAlias = npt.NDArray[np.float64]
Shape: TypeAlias = tuple[int, int, int]

SKEW: Final = 1e-3  # cosine between two sides of a voxel up to which they count as square
_TOWARDS, _AWAY = "LPH", "RAF"  # PS3.3 C.7.6.1.1.1
_FLAT: Final = 1e-9  # of the product of the sides: less is no volume


@dataclass(frozen=True, slots=True, eq=False)
class VolumeGeometry:
    """The grid of a volume: `shape` is (planes, rows, columns).

    `affine` (4 x 4) leads from (column, row, plane), which count from 0 in the middle of the first
    voxel, to millimetres in LPS. Raises UnreadableError for one that leads nowhere.
    """

    shape: Shape
    affine: Affine

    def __post_init__(self) -> None:
        affine = np.array(self.affine, np.float64)
        sides = np.linalg.norm(affine[:3, :3], axis=0) if affine.shape == (4, 4) else np.zeros(3)
        if not np.isfinite(affine).all() or not _is_solid(affine, sides):
            raise UnreadableError(
                "The file does not tell where its voxels lie: their size or direction is zero or no"
                " number."
            )
        affine.setflags(write=False)
        object.__setattr__(self, "affine", affine)

    @property
    def spacing(self) -> Vector:
        """Millimetres from one column, row and plane to the next, in this order."""
        x, y, z = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(x), float(y), float(z)

    @property
    def directions(self) -> Points:
        """Unit vectors along columns' numbers, rows' and planes', as the columns of a 3 x 3."""
        return np.asarray(self.affine[:3, :3] / np.asarray(self.spacing))

    @property
    def origin(self) -> Vector:
        """The middle of the first voxel."""
        x, y, z = self.affine[:3, 3]
        return float(x), float(y), float(z)

    @property
    def centre(self) -> Vector:
        """The middle of the volume."""
        planes, rows, columns = self.shape
        x, y, z = self.points([((columns - 1) / 2, (rows - 1) / 2, (planes - 1) / 2)])[0]
        return float(x), float(y), float(z)

    @property
    def skew(self) -> float:
        """The largest cosine between two sides of a voxel, 0 for a straight one."""
        axes = self.directions
        return float(np.abs(axes.T @ axes - np.eye(3)).max())

    @property
    def is_straight(self) -> bool:
        """Tell whether voxels are square-cornered: those of a tilted gantry are not."""
        return self.skew <= SKEW

    @property
    def is_right_handed(self) -> bool:
        """Tell whether columns, rows and planes turn as left, back and head do."""
        return bool(np.linalg.det(self.affine[:3, :3]) > 0.0)

    @property
    def letters(self) -> str:
        """Where columns', rows' and planes' numbers grow to, as "LPH"; of an oblique one, mostly.

        The letters are those of PS3.3 C.7.6.1.1.1: H is the head, F the feet.
        """
        return "".join(
            (_TOWARDS if way > 0 else _AWAY)[axis]
            for axis, way in zip(self.axes, self._ways(), strict=True)
        )

    @property
    def axes(self) -> tuple[int, int, int]:
        """Which of left, back and head (0 to 2) columns, rows and planes mostly lie along."""
        steep = np.abs(self.directions)
        best, found = -1.0, (0, 1, 2)
        for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
            along = float(sum(steep[axis, at] for at, axis in enumerate(order)))
            if along > best + 1e-9:
                best, found = along, order
        return found

    def _ways(self) -> list[float]:
        return [float(self.directions[axis, at]) for at, axis in enumerate(self.axes)]

    @property
    def voxel_volume(self) -> float:
        """Cubic millimetres of one voxel."""
        return float(abs(np.linalg.det(self.affine[:3, :3])))

    def points(self, indices: npt.ArrayLike) -> Points:
        """Return millimetres (n, 3) of (column, row, plane), (n, 3), fractions allowed."""
        return np.asarray(np.asarray(indices, float) @ self.affine[:3, :3].T + self.affine[:3, 3])

    def indices(self, points: npt.ArrayLike) -> Points:
        """Return (column, row, plane), (n, 3), of millimetres (n, 3)."""
        away = np.asarray(points, float) - self.affine[:3, 3]
        return np.asarray(np.linalg.solve(self.affine[:3, :3], away.T).T)

    def corners(self) -> Points:
        """Return the middles of the eight voxels at the corners, millimetres (8, 3)."""
        planes, rows, columns = self.shape
        ends = np.array(np.meshgrid([0, columns - 1], [0, rows - 1], [0, planes - 1]))
        return self.points(ends.reshape(3, -1).T)

    def lies_as(self, other: VolumeGeometry, apart: float = 1e-4) -> bool:
        """Tell whether every voxel lies where that of another grid does, to `apart` mm."""
        if self.shape != other.shape:
            return False
        return bool(np.abs(self.corners() - other.corners()).max() <= apart)


def _is_solid(affine: Affine, sides: npt.NDArray[np.float64]) -> bool:
    if not np.isfinite(sides).all() or sides.min() <= 0.0:
        return False
    return bool(abs(np.linalg.det(affine[:3, :3])) > _FLAT * np.prod(sides))


def from_axes(
    shape: Shape, origin: npt.ArrayLike, directions: npt.ArrayLike, spacing: npt.ArrayLike
) -> VolumeGeometry:
    """Return the grid of a first voxel, unit vectors (the columns of a 3 x 3) and spacing."""
    affine = np.eye(4)
    affine[:3, :3] = np.asarray(directions, float) * np.asarray(spacing, float)
    affine[:3, 3] = np.asarray(origin, float)
    return VolumeGeometry(shape, affine)


def reoriented(
    values: npt.NDArray[Any], geometry: VolumeGeometry, letters: str
) -> tuple[npt.NDArray[Any], VolumeGeometry]:
    """Return voxels (..., planes, rows, columns) with their numbers growing to `letters`.

    Every voxel stays where it lies in the patient: axes change places and are turned round only.
    The values are a view.
    """
    towards = [(_TOWARDS if letter in _TOWARDS else _AWAY).index(letter) for letter in letters]
    if sorted(towards) != [0, 1, 2]:
        raise ValueError(f"{letters} names no three axes")
    order = [geometry.axes.index(axis) for axis in towards]  # old axis of each new one
    affine = geometry.affine.copy()
    affine[:3, :3] = geometry.affine[:3, order]
    sizes = [geometry.shape[2 - at] for at in order]
    before = values.ndim - 3
    moved = values.transpose([*range(before), *(before + 2 - at for at in reversed(order))])
    for at, letter in enumerate(letters):
        grows = affine[towards[at], at] > 0.0
        if grows != (letter in _TOWARDS):
            affine[:3, 3] += affine[:3, at] * (sizes[at] - 1)
            affine[:3, at] *= -1.0
            moved = np.flip(moved, before + 2 - at)
    return moved, VolumeGeometry((sizes[2], sizes[1], sizes[0]), affine)
