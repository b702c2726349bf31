"""Projections of the left coronary artery that are usual, and what the table centres in each."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.imaging.cone_beam import ConeBeam

FIELD = 174.1  # mm of detector across the image


@dataclass(frozen=True)
class View:
    """A projection: angles in degrees (LAO and CRAN positive), and what the table centres.

    `source_detector` and `source_patient` in mm.
    """

    primary_angle: float
    secondary_angle: float
    isocentre: tuple[float, float, float]
    source_detector: float = 1050.0
    source_patient: float = 765.0

    def beam(self, size: int) -> ConeBeam:
        """Geometry of this view on `size` x `size` pixels."""
        return ConeBeam(
            self.primary_angle,
            self.secondary_angle,
            size,
            FIELD / size,
            self.source_detector,
            self.source_patient,
            self.isocentre,
        )


RAO_CAUDAL = View(-30.0, -20.0, (0.0, 0.0, 2.0))
LAO_CRANIAL = View(45.0, 25.0, (0.0, 4.0, 6.0))
SPIDER = View(45.0, -25.0, (0.0, 4.0, 4.0))
RAO_CRANIAL = View(-30.0, 25.0, (2.0, 0.0, 4.0))

# The two planes of one biplane run turn about the same isocentre; their beams cross at 90 degrees.
FRONTAL = View(-30.0, -15.0, (2.0, 0.0, 2.0))
LATERAL = View(55.0, 20.0, (2.0, 0.0, 2.0), 1120.0, 790.0)
