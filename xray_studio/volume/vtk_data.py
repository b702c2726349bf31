"""Arrays as VTK's data and back, without copies where VTK can look into an array."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util import numpy_support
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkCommonMath import vtkMatrix4x4

Values = npt.NDArray[Any]
Affine = npt.NDArray[np.float64]
_SUPPORT: Any = numpy_support  # it comes without types


def image_of(values: Values) -> vtkImageData:
    """Return values (planes, rows, columns) as an image whose voxels count from 0 in steps of 1.

    The image looks into the array, which must outlive it.
    """
    planes, rows, columns = values.shape
    image = vtkImageData()
    image.SetDimensions(columns, rows, planes)
    flat = np.ascontiguousarray(values).reshape(-1)
    image.GetPointData().SetScalars(_SUPPORT.numpy_to_vtk(flat))
    return image


def matrix_of(affine: Affine) -> vtkMatrix4x4:
    """Return a 4 x 4 matrix as VTK's."""
    matrix = vtkMatrix4x4()
    matrix.DeepCopy(tuple(float(value) for value in np.asarray(affine).reshape(-1)))
    return matrix


def array_of(data: Any) -> Values:
    """Return the numbers of one of VTK's arrays."""
    return np.asarray(_SUPPORT.vtk_to_numpy(data))


def numbers_of(values: Values) -> Any:
    """Return a copy of values as one of VTK's arrays, rows as its tuples."""
    return _SUPPORT.numpy_to_vtk(np.ascontiguousarray(values), deep=True)


def ids_of(values: Values) -> Any:
    """Return a copy of whole numbers as VTK counts points by."""
    return _SUPPORT.numpy_to_vtkIdTypeArray(np.ascontiguousarray(values, np.int64), deep=True)
