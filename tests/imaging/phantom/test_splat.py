"""Tubes become path lengths: right in the middle, right in volume, at any slant."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.cone_beam import ConeBeam
from xray_studio.imaging.phantom.curves import Array
from xray_studio.imaging.phantom.detector import Detector
from xray_studio.imaging.phantom.raster import Image, blur
from xray_studio.imaging.phantom.splat import Ribbons, Tubes

BEAM = ConeBeam(0.0, 0.0, size=256, pixel_spacing=0.34)
SPACING = 0.18


def rod(direction: tuple[float, float, float], length: float = 30.0) -> Array:
    """Points of a straight rod through the isocentre."""
    at = np.arange(-length / 2.0, length / 2.0, SPACING)
    return at[:, None] * (np.array(direction) / np.linalg.norm(direction))


def draw(points: Array, radius: float, weight: float = 1.0) -> Image:
    tubes = Tubes.join([points], [np.full(len(points), radius)])
    return Ribbons(tubes, BEAM).draw(points, np.full(len(points), weight))


def volume(image: Image) -> float:
    """Volume in cubic mm at the depth of the isocentre."""
    return float(image.sum()) * (BEAM.pixel_spacing / BEAM.magnification) ** 2


@pytest.mark.parametrize("direction", [(1, 0, 0), (1, 0, 0.7), (0.2, 0, 1), (1, 1, 0.3)])
@pytest.mark.parametrize("radius", [0.3, 2.0])
def test_volume_is_kept(direction: tuple[float, float, float], radius: float) -> None:
    points = rod(direction)
    expected = np.pi * radius**2 * (len(points) - 1) * SPACING
    assert volume(draw(points, radius)) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("direction", [(1, 0, 0), (0.8, 0, 0.6), (0, 0, 1)])
def test_path_in_the_middle_is_the_diameter(direction: tuple[float, float, float]) -> None:
    middle = blur(draw(rod(direction), 2.0), Detector().blur)[118:138, 118:138].max()
    assert middle == pytest.approx(4.0, rel=0.05)


def test_slanted_tube_is_longer_to_cross() -> None:
    along = draw(rod((1, 0, 0)), 1.5)[127:129, 127:129].mean()
    slanted = draw(rod((1, 1, 0)), 1.5)[127:129, 127:129].mean()
    assert slanted / along == pytest.approx(np.sqrt(2.0), rel=0.08)


def test_tube_seen_end_on_shows_as_a_disc() -> None:
    image = draw(rod((0, 1, 0), 8.0), 2.0)
    wide = np.flatnonzero(image.sum(axis=0) > 0.05 * image.sum(axis=0).max())
    high = np.flatnonzero(image.sum(axis=1) > 0.05 * image.sum(axis=1).max())
    across = 4.0 * BEAM.magnification / BEAM.pixel_spacing
    assert np.ptp(wide) == pytest.approx(across, abs=3.0)
    assert np.ptp(high) == pytest.approx(across, abs=3.0)


def test_crossing_tubes_add_up() -> None:
    one, other = rod((1, 0, 0)), rod((0, 0, 1))
    tubes = Tubes.join([one, other], [np.full(len(one), 1.5), np.full(len(other), 1.5)])
    both = Ribbons(tubes, BEAM).draw(tubes.points, np.ones(len(tubes.points)))
    assert np.allclose(both, draw(one, 1.5) + draw(other, 1.5), atol=1e-3)


def test_weight_scales_and_nothing_is_drawn_without_it() -> None:
    points = rod((1, 0, 0.3))
    assert np.allclose(draw(points, 1.0, 0.5), 0.5 * draw(points, 1.0), atol=1e-5)
    assert not draw(points, 1.0, 0.0).any()


def test_hollow_tube_is_the_whole_without_its_lumen() -> None:
    points = rod((1, 0, 0))
    ribbons = Ribbons(Tubes.join([points], [np.full(len(points), 2.0)]), BEAM)
    ones = np.ones(len(points))
    lumen = ribbons.draw(points, ones, ribbons.disc(0.5))
    assert volume(lumen) == pytest.approx(0.25 * volume(ribbons.draw(points, ones)), rel=0.01)


def test_tube_may_leave_the_image() -> None:
    far = rod((1, 0, 0), 400.0)
    image = draw(far, 2.0)
    assert image.shape == (256, 256)
    assert image[127:129, 2].mean() == pytest.approx(image[127:129, 128].mean(), rel=0.1)
