"""The large organs of the chest as ellipsoids, in mm of the patient."""

from __future__ import annotations

import numpy as np

from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.heart import Heart
from xray_studio.imaging.phantom.motion import beat
from xray_studio.imaging.phantom.solids import Ellipsoid

Solids = tuple[Ellipsoid, ...]


def leaning(degrees: float) -> Array:
    """Axes (3, 3) of a solid whose upper end leans to the patient's right."""
    sin, cos = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
    return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])


BODY: Solids = (Ellipsoid((-30.0, 8.0, 0.0), (172.0, 118.0, 2000.0)),)
LUNGS: Solids = (
    Ellipsoid((50.0, 6.0, 12.0), (77.0, 92.0, 140.0)),
    Ellipsoid((-112.0, 6.0, 12.0), (77.0, 92.0, 140.0)),
)
ABDOMEN: Solids = (
    Ellipsoid((-104.0, -2.0, -128.0), (88.0, 98.0, 84.0)),
    Ellipsoid((44.0, 0.0, -124.0), (108.0, 104.0, 92.0)),
)
# Great vessels, descending aorta, what lies behind the heart, the muscles beside the spine.
MEDIASTINUM: Solids = (
    Ellipsoid((-30.0, 0.0, 78.0), (27.0, 42.0, 66.0)),
    Ellipsoid((-12.0, 58.0, 0.0), (13.0, 13.0, 400.0), leaning(4.0)),
    Ellipsoid((-38.0, 44.0, 8.0), (36.0, 26.0, 64.0)),
    Ellipsoid((-30.0, 74.0, 0.0), (24.0, 26.0, 2000.0), leaning(-1.5)),
)

# Along the axis and across it (towards the lateral wall), and half axes: the two ventricles.
_VENTRICLES = ((22.0, 0.0, (41.0, 41.0, 64.0)), (16.0, -28.0, (40.0, 42.0, 62.0)))
# Right atrium, left atrium, outflow tract.
_ATRIA = (
    ((-46.0, 8.0, 6.0), (36.0, 38.0, 44.0)),
    ((-24.0, 36.0, 26.0), (38.0, 24.0, 26.0)),
    ((-18.0, -22.0, 52.0), (26.0, 26.0, 34.0)),
)


def heart_solids(heart: Heart, contraction: float) -> Solids:
    """Ventricles, atria and outflow tract at a contraction of 0 to 1.

    Ventricles shrink as their surface moves; atria fill while the valve plane pulls them down.
    """
    across, along = 1.0 - 0.13 * contraction, 1.0 - 0.10 * contraction
    ventricles = [
        Ellipsoid(
            _moved(heart, heart.to_patient(np.array([aside, 0.0, up])), contraction),
            (across * wide, across * deep, along * long),
            heart.frame,
        )
        for up, aside, (wide, deep, long) in _VENTRICLES
    ]
    filled = 1.0 + 0.04 * contraction
    atria = [
        Ellipsoid(
            _moved(heart, np.array(centre), contraction), (filled * x, filled * y, filled * z)
        )
        for centre, (x, y, z) in _ATRIA
    ]
    return (*ventricles, *atria)


def muscle_solids(heart: Heart, contraction: float) -> tuple[Ellipsoid, Ellipsoid]:
    """Outer and inner surface of the left ventricle's wall, which thickens as it contracts."""
    outer, inner = (heart.to_patient(np.array([0.0, 0.0, up])) for up in (12.0, 4.0))
    thick, tight = 1.0 - 0.13 * contraction, 1.0 - 0.32 * contraction
    return (
        Ellipsoid(
            _moved(heart, outer, contraction), (40.0 * thick, 40.0 * thick, 72.0), heart.frame
        ),
        Ellipsoid(
            _moved(heart, inner, contraction), (29.0 * tight, 29.0 * tight, 66.0), heart.frame
        ),
    )


def _moved(heart: Heart, point: Array, contraction: float) -> tuple[float, float, float]:
    x, y, z = beat(heart, point[None], contraction, 0.0)[0]
    return float(x), float(y), float(z)
