"""Cone-beam geometry of a C-arm, with the angles as DICOM defines them.

Patient coordinates are those of DICOM (PS3.3 C.7.6.2.1.1), in millimetres: x grows to the patient's
left, y to the back, z to the head; the origin lies within the heart. PS3.3 C.8.7.5.1.2: the
Positioner Primary Angle is positive towards LAO, the Secondary Angle positive towards CRAN, and
both tell where the detector stands about the patient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ConeBeam:
    """Source, isocentre and a flat detector; a pixel is a point of the detector.

    `primary` and `secondary` in degrees, distances and `pixel_spacing` (Imager Pixel Spacing, at
    the detector) in millimetres. `isocentre` is the point of the patient that the table has brought
    there; the ray through it meets the middle of the image.
    """

    primary: float
    secondary: float
    size: int = 512
    pixel_spacing: float = 0.34
    source_detector: float = 1050.0
    source_patient: float = 765.0
    isocentre: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @cached_property
    def axes(self) -> Array:
        """Unit vectors (3, 3): image right, image down, from source to detector."""
        alpha, beta = np.deg2rad([self.primary, self.secondary])
        sin_a, cos_a, sin_b, cos_b = np.sin(alpha), np.cos(alpha), np.sin(beta), np.cos(beta)
        right = [cos_a, sin_a, 0.0]
        down = [sin_a * sin_b, -cos_a * sin_b, -cos_b]
        towards = [sin_a * cos_b, -cos_a * cos_b, sin_b]
        return np.array([right, down, towards])

    @property
    def centre(self) -> float:
        """Column and row of the central ray; pixel centres lie on whole numbers."""
        return (self.size - 1) / 2.0

    @property
    def magnification(self) -> float:
        """Magnification at the isocentre (Estimated Radiographic Magnification Factor)."""
        return self.source_detector / self.source_patient

    def binned(self, factor: int) -> ConeBeam:
        """Return the same view on a grid `factor` times coarser."""
        return replace(self, size=self.size // factor, pixel_spacing=self.pixel_spacing * factor)

    def project(self, points: Array) -> tuple[Array, Array]:
        """Project points (..., 3) in mm: columns and rows (..., 2), pixels per mm there (...)."""
        right, down, depth = np.moveaxis((points - self.isocentre) @ self.axes.T, -1, 0)
        scale = self.source_detector / (self.source_patient + depth) / self.pixel_spacing
        return np.stack([right * scale, down * scale], axis=-1) + self.centre, scale

    def rays(self, columns: Array, rows: Array) -> tuple[Array, Array]:
        """Source position (3,) and unit directions (..., 3) of the rays through the pixels."""
        right, down, towards = self.axes
        step_x, step_y = (np.asarray(a) - self.centre for a in (columns, rows))
        ray = (
            step_x[..., None] * self.pixel_spacing * right
            + step_y[..., None] * self.pixel_spacing * down
            + self.source_detector * towards
        )
        return np.array(self.isocentre) - self.source_patient * towards, ray / np.linalg.norm(
            ray, axis=-1, keepdims=True
        )
