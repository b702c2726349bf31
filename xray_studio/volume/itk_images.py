"""Volumes as ITK's images in memory, and back.

ITK counts to the left, back and head, as DICOM does, columns first. In memory it takes directions
that are not square to each other, as those of a tilted gantry.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from xray_studio.core.volume.geometry import VolumeGeometry, from_axes
from xray_studio.core.volume.volume import Voxels


def itk() -> Any:
    """Return SimpleITK, which comes without types, imported when first needed."""
    import SimpleITK

    found: Any = SimpleITK
    found.ProcessObject.SetGlobalWarningDisplay(False)
    return found


def image_of(values: Voxels, grid: VolumeGeometry) -> Any:
    """Return values (planes, rows, columns) as an image that lies as `grid` says."""
    image: Any = itk().GetImageFromArray(np.ascontiguousarray(values))
    image.SetDirection(grid.directions.ravel().tolist())
    image.SetSpacing(grid.spacing)
    image.SetOrigin(grid.origin)
    return image


def values_of(image: Any) -> Voxels:
    """Return the values of an image, (planes, rows, columns)."""
    values: Voxels = itk().GetArrayFromImage(image)
    return values


def grid_of(image: Any) -> VolumeGeometry:
    """Return how an image lies in the patient."""
    columns, rows, planes = image.GetSize()
    directions = np.reshape(image.GetDirection(), (3, 3))
    return from_axes((planes, rows, columns), image.GetOrigin(), directions, image.GetSpacing())
