"""Angles, distances and pixels agree with PS3.3 C.8.7.5 and with plain trigonometry."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.imaging.cone_beam import ConeBeam

angles = st.floats(-80.0, 80.0)
places = st.tuples(*[st.floats(-60.0, 60.0)] * 3)


@given(angles, angles)
def test_image_axes_are_perpendicular_and_right_handed(primary: float, secondary: float) -> None:
    right, down, towards = ConeBeam(primary, secondary).axes
    assert np.allclose(
        ConeBeam(primary, secondary).axes @ np.array([right, down, towards]).T, np.eye(3)
    )
    assert np.allclose(np.cross(right, down), -towards)


def test_detector_stands_where_the_angles_say() -> None:
    front = ConeBeam(0.0, 0.0).axes[2]
    assert np.allclose(front, [0.0, -1.0, 0.0])
    assert ConeBeam(45.0, 0.0).axes[2][0] > 0.7  # LAO: on the patient's left
    assert ConeBeam(-30.0, 0.0).axes[2][0] < -0.49  # RAO: on the patient's right
    assert ConeBeam(0.0, 25.0).axes[2][2] > 0.4  # CRAN: towards the head


def test_patient_faces_the_reader() -> None:
    beam = ConeBeam(0.0, 0.0)
    (left_side, head), _ = beam.project(np.array([[50.0, 0.0, 0.0], [0.0, 0.0, 50.0]]))
    assert left_side[0] > beam.centre
    assert head[1] < beam.centre


def test_known_point_lands_where_the_formula_says() -> None:
    """LAO 90: the rays run from the patient's right to the left side."""
    beam = ConeBeam(
        90.0, 0.0, size=512, pixel_spacing=0.4, source_detector=1000.0, source_patient=700.0
    )
    place, scale = beam.project(np.array([20.0, 30.0, -10.0]))
    assert scale == pytest.approx(1000.0 / 720.0 / 0.4)
    assert place == pytest.approx([255.5 + 30.0 * scale, 255.5 + 10.0 * scale])


def test_isocentre_meets_the_middle_of_the_image() -> None:
    beam = ConeBeam(-30.0, -20.0, isocentre=(3.0, -4.0, 5.0))
    place, scale = beam.project(np.array([3.0, -4.0, 5.0]))
    assert place == pytest.approx([beam.centre, beam.centre])
    assert scale == pytest.approx(beam.magnification / beam.pixel_spacing)


@given(angles, angles, places)
def test_ray_through_a_pixel_meets_the_point_that_projects_there(
    primary: float, secondary: float, point: tuple[float, float, float]
) -> None:
    beam = ConeBeam(primary, secondary, isocentre=(1.0, 2.0, 3.0))
    (column, row), _ = beam.project(np.array(point))
    source, ray = beam.rays(np.array(column), np.array(row))
    assert float(np.linalg.norm(np.cross(np.array(point) - source, ray))) < 1e-6


def test_coarser_grid_shows_the_same_field() -> None:
    beam = ConeBeam(10.0, 5.0)
    coarse = beam.binned(4)
    assert math.isclose(coarse.size * coarse.pixel_spacing, beam.size * beam.pixel_spacing)
