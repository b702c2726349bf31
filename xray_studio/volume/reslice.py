"""Planes through a volume at any angle, with VTK, which takes values where they lie."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Plane
from xray_studio.core.volume.volume import Voxels

Picture: TypeAlias = npt.NDArray[np.float32]


class Reslicer:
    """Cuts one volume (planes, rows, columns) by any number of planes. Its values are not copied.

    Make one for a volume and keep it; use it from one thread.
    """

    def __init__(self, values: Voxels, geometry: VolumeGeometry) -> None:
        from vtkmodules.vtkCommonCore import VTK_FLOAT
        from vtkmodules.vtkImagingCore import vtkImageReslice

        from xray_studio.volume.vtk_data import image_of

        self._values = np.ascontiguousarray(values)  # VTK looks at it without holding it
        self._to_index = np.linalg.inv(geometry.affine)
        self._reslice: Any = vtkImageReslice()
        self._reslice.SetInputData(image_of(self._values))
        self._reslice.SetInterpolationModeToLinear()
        self._reslice.SetOutputDimensionality(2)
        self._reslice.SetOutputSpacing(1.0, 1.0, 1.0)
        self._reslice.SetOutputOrigin(0.0, 0.0, 0.0)
        self._reslice.SetOutputScalarType(VTK_FLOAT)
        self._reslice.SetBackgroundLevel(float("nan"))

    def cut(self, plane: Plane) -> Picture:
        """Return the values on a plane, (rows, columns), NaN outside the volume."""
        from xray_studio.volume.vtk_data import array_of, matrix_of

        self._reslice.SetResliceAxes(matrix_of(self._to_index @ plane.affine))
        rows, columns = plane.size
        self._reslice.SetOutputExtent(0, columns - 1, 0, rows - 1, 0, 0)
        self._reslice.Update()
        found = array_of(self._reslice.GetOutput().GetPointData().GetScalars())
        return found.reshape(plane.size).copy()  # VTK reuses its own
