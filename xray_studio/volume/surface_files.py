"""Surfaces as files that other programs open: STL, OBJ, PLY and GLB, in millimetres (LPS)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonCore import vtkObject
from vtkmodules.vtkFiltersCore import vtkAppendPolyData, vtkTriangleFilter
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter
from vtkmodules.vtkIOGeometry import (
    vtkGLTFReader,
    vtkOBJReader,
    vtkOBJWriter,
    vtkSTLReader,
    vtkSTLWriter,
)
from vtkmodules.vtkIOPLY import vtkPLYReader, vtkPLYWriter

from xray_studio.core.errors import UnreadableError, UnsupportedError, WriteError
from xray_studio.core.files import replacing
from xray_studio.core.volume.surface import Surface
from xray_studio.volume.glb import METRES, glb_bytes
from xray_studio.volume.surface import arrays_of, mesh_of

GLB: Final = ".glb"
_WRITERS: Final[dict[str, Callable[[], Any]]] = {
    ".stl": vtkSTLWriter, ".obj": vtkOBJWriter, ".ply": vtkPLYWriter,
}  # fmt: skip
_READERS: Final[dict[str, Callable[[], Any]]] = {
    ".stl": vtkSTLReader, ".obj": vtkOBJReader, ".ply": vtkPLYReader, GLB: vtkGLTFReader,
}  # fmt: skip
SUFFIXES: Final = tuple(_READERS)
_SPACE: Final = "millimetres, x to the left, y to the back, z to the head of the patient"


def write_surface(path: Path, surface: Surface, about: str) -> None:
    """Write a surface in the format of the suffix; `about` names the program.

    Raises UnsupportedError for other suffixes and WriteError where it cannot be written.
    """
    suffix = check_suffix(path)
    with replacing(path) as place:
        if suffix == GLB:
            place.write_bytes(glb_bytes(surface, about))
            return
        named = place.with_name(place.name + suffix)  # some writers look at the suffix
        try:
            _write(named, suffix, surface, about)
            named.replace(place)
        finally:
            named.unlink(missing_ok=True)


def _write(path: Path, suffix: str, surface: Surface, about: str) -> None:
    writer = _WRITERS[suffix]()
    if suffix != ".obj":
        writer.SetFileTypeToBinary()
    if suffix == ".stl":
        writer.SetHeader(f"{about}; {_SPACE}"[:79])
    writer.SetInputData(mesh_of(surface))
    writer.SetFileName(str(path))
    writer.Write()
    if writer.GetErrorCode() or not path.exists():
        raise WriteError("The surface could not be written; choose another folder.")


def read_surface(path: Path) -> Surface:
    """Return the surface of a file, its coordinates taken as millimetres in the patient (LPS).

    Raises UnsupportedError for other suffixes, UnreadableError for what holds no triangles.
    """
    suffix = check_suffix(path)
    if not path.is_file():
        raise UnreadableError("The file does not exist.")
    vtkObject.GlobalWarningDisplayOff()
    reader = _READERS[suffix]()
    reader.SetFileName(str(path))
    reader.Update()
    mesh = _triangles(reader.GetOutputDataObject(0))
    vertices, triangles = arrays_of(mesh)
    if not len(triangles) or not np.isfinite(vertices).all():
        raise UnreadableError("The file holds no surface of triangles, or it is damaged.")
    if suffix == GLB:
        vertices = vertices @ np.linalg.inv(METRES[:3, :3]).T
    return Surface(vertices, triangles, path.stem)


def check_suffix(path: Path) -> str:
    """Return the suffix of a file. Raises UnsupportedError for what no surface is written as."""
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise UnsupportedError(
            f"Surfaces are not written as {path.suffix or 'a file without suffix'}; choose one of:"
            f" {', '.join(SUFFIXES)}."
        )
    return suffix


def _triangles(data: Any) -> Any:
    """Return all polygons of what a reader found as triangles in one mesh."""
    flat = vtkGeometryFilter()
    joined = vtkAppendPolyData()
    if data.IsA("vtkCompositeDataSet"):
        walk = data.NewIterator()
        walk.InitTraversal()
        while not walk.IsDoneWithTraversal():
            joined.AddInputData(walk.GetCurrentDataObject())
            walk.GoToNextItem()
        joined.Update()
        data = joined.GetOutput()
    flat.SetInputData(data)
    split = vtkTriangleFilter()
    split.PassLinesOff()
    split.PassVertsOff()
    split.SetInputConnection(flat.GetOutputPort())
    split.Update()
    return split.GetOutput()
