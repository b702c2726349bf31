"""Surfaces of equal value in volumes: marching cubes, smoothing, fewer triangles.

Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in the form of VTK's flying edges; Taubin,
"Optimal surface smoothing as filter design", ECCV 1996 (windowed sinc, which keeps the volume);
Garland and Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import (
    vtkFlyingEdges3D,
    vtkPolyDataConnectivityFilter,
    vtkQuadricDecimation,
    vtkWindowedSincPolyDataFilter,
)

from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import Job, Progress, run
from xray_studio.core.volume.surface import Surface, cleaned
from xray_studio.volume.vtk_data import Affine, Values, array_of, ids_of, image_of, numbers_of

_PASS_BAND: Final = 0.05
_MOST_SMOOTH: Final = 100
_MOST: Final = 20_000_000  # triangles before any are taken away
_STEPS: Final = "Finding the surface", "Keeping its largest part", "Smoothing", "Simplifying"


@dataclass(frozen=True, slots=True)
class SurfaceWish:
    """What a surface is made of: all that is `level` or more.

    `smooth` is how many times it is smoothed, 0 to 100; `keep` the share of triangles that is
    left, above 0, to 1; with `largest` its largest connected part alone is kept.
    """

    level: float
    smooth: int = 20
    keep: float = 0.5
    largest: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.smooth <= _MOST_SMOOTH:
            raise UsageError(f"A surface is smoothed 0 to {_MOST_SMOOTH} times.")
        if not 0.0 < self.keep <= 1.0:
            raise UsageError("The share of triangles that is kept lies above 0 and at most at 1.")


def make_surface(values: Values, affine: Affine, wish: SurfaceWish, name: str = "") -> Job[Surface]:
    """Return a surface of equal value in values (planes, rows, columns).

    `affine` (4 x 4) leads from (column, row, plane) to millimetres in the patient (LPS). Where
    material reaches the edge of the volume, the surface is closed there. Raises UnsupportedError
    where there is none, or one too large to be worked on.
    """
    yield Progress(0, len(_STEPS), _STEPS[0])
    mesh = _run(vtkFlyingEdges3D(), image_of(_walled(values)), lambda edges: _level(edges, wish))
    _check(mesh)
    if wish.largest:
        yield Progress(1, len(_STEPS), _STEPS[1])
        mesh = _run(
            vtkPolyDataConnectivityFilter(),
            mesh,
            lambda one: one.SetExtractionModeToLargestRegion(),
        )
    # Smoothing and simplifying measure lengths, so they work on millimetres.
    mesh = _mesh(*_laid(mesh, affine))
    if wish.smooth:
        yield Progress(2, len(_STEPS), _STEPS[2])
        mesh = _run(vtkWindowedSincPolyDataFilter(), mesh, lambda one: _smoothing(one, wish))
    if wish.keep < 1.0:
        yield Progress(3, len(_STEPS), _STEPS[3])
        mesh = _run(vtkQuadricDecimation(), mesh, lambda one: _fewer(one, wish))
    vertices, triangles = arrays_of(mesh)
    return cleaned(Surface(vertices, triangles, name))


def surface_made(values: Values, affine: Affine, wish: SurfaceWish, name: str) -> Surface:
    """Return a surface as `make_surface` does, for a worker process."""
    return run(make_surface(values, affine, wish, name))


def _walled(values: Values) -> Values:
    """Return values with one voxel of the lowest value around them, which closes the surface."""
    return np.pad(values, 1, constant_values=values.min())


def _run(step: Any, given: Any, set_up: Callable[[Any], None]) -> vtkPolyData:
    step.SetInputData(given)
    set_up(step)
    step.Update()
    made: vtkPolyData = step.GetOutput()
    return made


def _level(edges: vtkFlyingEdges3D, wish: SurfaceWish) -> None:
    edges.SetValue(0, wish.level)
    edges.ComputeNormalsOff()
    edges.ComputeGradientsOff()
    edges.ComputeScalarsOff()


def _smoothing(smoother: vtkWindowedSincPolyDataFilter, wish: SurfaceWish) -> None:
    smoother.SetNumberOfIterations(wish.smooth)
    smoother.SetPassBand(_PASS_BAND)
    smoother.BoundarySmoothingOff()
    smoother.NonManifoldSmoothingOn()
    smoother.NormalizeCoordinatesOn()


def _fewer(fewer: vtkQuadricDecimation, wish: SurfaceWish) -> None:
    fewer.SetTargetReduction(1.0 - wish.keep)
    fewer.VolumePreservationOn()


def _check(mesh: vtkPolyData) -> None:
    count = mesh.GetNumberOfPolys()
    if not count:
        raise UnsupportedError(
            "No surface lies at this value; choose one between the lowest and the highest."
        )
    if count > _MOST:
        raise UnsupportedError(
            f"The surface would have {count:,} triangles, more than {_MOST:,}; choose another value"
            " or take noise away first."
        )


def _laid(mesh: vtkPolyData, affine: Affine) -> tuple[Values, Values]:
    """Return a mesh of the walled volume in millimetres, its triangles facing outwards."""
    vertices, triangles = arrays_of(mesh)
    inside = vertices - 1.0  # the wall is one voxel thick
    laid = inside @ affine[:3, :3].T + affine[:3, 3]
    mirrored = np.linalg.det(affine[:3, :3]) < 0.0
    return laid, triangles[:, ::-1] if mirrored else triangles


def arrays_of(mesh: vtkPolyData) -> tuple[Values, Values]:
    """Return vertices (points, 3), float64, and triangles (triangles, 3) of VTK's mesh."""
    if mesh.GetPoints() is None:
        return np.zeros((0, 3)), np.zeros((0, 3), np.int64)
    vertices = array_of(mesh.GetPoints().GetData()).astype(np.float64)
    cells = array_of(mesh.GetPolys().GetConnectivityArray()).astype(np.int64)
    # Parts that were left out leave their vertices behind.
    used, numbers = np.unique(cells, return_inverse=True)
    return vertices[used], numbers.reshape(-1, 3)


def _mesh(vertices: Values, triangles: Values) -> vtkPolyData:
    return mesh_of(Surface(vertices, triangles))


def mesh_of(surface: Surface) -> vtkPolyData:
    """Return a surface as VTK's mesh, in single precision."""
    points, cells, mesh = vtkPoints(), vtkCellArray(), vtkPolyData()
    points.SetData(numbers_of(surface.vertices.astype(np.float32)))
    flat = surface.triangles.reshape(-1)
    cells.SetData(ids_of(np.arange(0, len(flat) + 1, 3)), ids_of(flat))
    mesh.SetPoints(points)
    mesh.SetPolys(cells)
    return mesh
