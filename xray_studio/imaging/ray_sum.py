"""Sums along the rays of a cone beam through a volume: the attenuation that a detector sees.

A cone beam throws each plane of voxels onto the detector by a homography, so the planes most
square to the beam are warped and added up, and each sum is weighted by the way that its ray takes
from plane to plane (Lacroute and Levoy, "Fast volume rendering using a shear-warp factorization",
SIGGRAPH 1994, with a warp of its own for each plane).
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.imaging.cone_beam import ConeBeam

Values = npt.NDArray[Any]
Sums = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

_AT_ONCE: Final = 32  # planes between two looks at whether somebody stops
_BEHIND: Final = "The source of the beam lies within the volume; move it farther away."


def ray_sums(values: Values, affine: Matrix, beam: ConeBeam) -> Job[Sums]:
    """Return the integral of values along each ray, in values times millimetres.

    `values` are (planes, rows, columns), `affine` (4 x 4) leads from (column, row, plane) to
    millimetres in the patient (LPS); outside the volume values are 0. The picture is (size, size)
    float32. Raises UsageError where the source lies between the planes.
    """
    values, affine = _squarest(values, affine, beam)
    source, _ = beam.rays(np.zeros(1), np.zeros(1))
    total = np.zeros((beam.size, beam.size), np.float32)
    at = _source_plane(affine, source)
    if -0.5 <= at <= len(values) - 0.5:
        raise UsageError(_BEHIND)
    for number, plane in enumerate(values):
        if number % _AT_ONCE == 0:
            yield Progress(number, len(values), "Adding up planes along the rays")
        where = _homography(affine, beam, number)
        total += cv2.warpPerspective(
            np.asarray(plane, np.float32), where, (beam.size, beam.size), flags=cv2.INTER_LINEAR
        )
    return total * _ways(affine, beam)


def _squarest(values: Values, affine: Matrix, beam: ConeBeam) -> tuple[Values, Matrix]:
    """Return the volume with those planes first that are most square to the beam."""
    normals = np.linalg.inv(affine[:3, :3])  # rows: normals of columns, rows and planes
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    axis = int(np.abs(normals @ beam.axes[2]).argmax())
    order = {2: (0, 1, 2), 1: (1, 0, 2), 0: (2, 1, 0)}[axis]
    turned = values.transpose(order)
    columns = [2 - one for one in order[::-1]]  # the affine counts columns first
    return turned, affine[:, [*columns, 3]]


def _source_plane(affine: Matrix, source: Matrix) -> float:
    return float((np.linalg.inv(affine) @ [*source, 1.0])[2])


def _homography(affine: Matrix, beam: ConeBeam, number: int) -> Matrix:
    """Return the matrix (3, 3) from (column, row) of a plane to the detector's pixels."""
    right, down, towards = beam.axes
    scale = beam.source_detector / beam.pixel_spacing
    isocentre = np.array(beam.isocentre)
    corner = affine[:3, 3] + number * affine[:3, 2] - isocentre
    to_patient = np.stack([affine[:3, 0], affine[:3, 1], corner], axis=1)
    depth = towards @ to_patient + beam.source_patient * np.array([0.0, 0.0, 1.0])
    across = scale * (right @ to_patient) + beam.centre * depth
    along = scale * (down @ to_patient) + beam.centre * depth
    return np.stack([across, along, depth])


def _ways(affine: Matrix, beam: ConeBeam) -> Sums:
    """Return how far each ray goes from one plane to the next, in mm."""
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    normal /= np.linalg.norm(normal)
    apart = abs(float(normal @ affine[:3, 2]))
    rows, columns = np.indices((beam.size, beam.size), np.float64)
    _, rays = beam.rays(columns, rows)
    return np.asarray(apart / np.maximum(np.abs(rays @ normal), 1e-6), np.float32)
