"""The parts of the phantom by themselves: solids, textures, heart beat, contrast, detector."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xray_studio.imaging.phantom import collimator
from xray_studio.imaging.phantom.curves import arc_length, smooth, through
from xray_studio.imaging.phantom.detector import WHITE, Detector
from xray_studio.imaging.phantom.flow import Bolus
from xray_studio.imaging.phantom.heart import Heart
from xray_studio.imaging.phantom.motion import Rhythm, beat
from xray_studio.imaging.phantom.solids import Ellipsoid, union_length
from xray_studio.imaging.phantom.texture import power_law

RHYTHM = Rhythm.make(1, 8.0)
BOLUS = Bolus(RHYTHM)


def test_ray_through_the_middle_of_a_ball_sees_its_diameter() -> None:
    ball = Ellipsoid((0.0, 0.0, 0.0), (3.0, 4.0, 5.0))
    rays = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    enter, leave = ball.interval(-20.0 * rays, rays)
    assert leave - enter == pytest.approx([6.0, 8.0, 10.0])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), min_size=1, max_size=8))
def test_union_counts_what_overlaps_once(parts: list[tuple[int, int]]) -> None:
    covered = {x for start, length in parts for x in range(start, start + length)}
    intervals = [(np.array([float(s)]), np.array([float(s + n)])) for s, n in parts]
    assert union_length(intervals)[0] == pytest.approx(len(covered))


def test_texture_has_unit_deviation_and_does_not_repeat() -> None:
    field = power_law(np.random.default_rng(1), 64, 3.0, 0.5)
    assert field.std() == pytest.approx(1.0, rel=1e-3)
    assert np.abs(field[:, 0] - field[:, -1]).mean() > 3.0 * np.abs(np.diff(field, axis=1)).mean()


def test_smoothing_keeps_the_ends_and_curves_meet_their_last_points() -> None:
    corner = np.array([(0.0, 0.0, 0.0), (10.0, 0.0, 0.0), (10.0, 10.0, 0.0)])
    curve = through(corner, 0.1, 2.0)
    assert np.allclose(curve[[0, -1]], corner[[0, -1]])
    assert arc_length(curve)[-1] < 20.0
    line = np.linspace(0.0, 1.0, 50)[:, None]
    assert np.allclose(smooth(line, 4.0), line)


def test_heart_beats_about_seventy_times_a_minute() -> None:
    intervals = np.diff(RHYTHM.r_waves)
    assert 60.0 < 60.0 / intervals.mean() < 80.0
    times = np.linspace(0.0, 7.0, 400)
    _, phase = RHYTHM.since_r_wave(times)
    assert (phase >= 0.0).all()
    assert (phase < 1.0).all()
    contraction = RHYTHM.contraction(times)
    assert -0.1 < contraction.min() < 0.02
    assert contraction.max() == pytest.approx(1.0, abs=0.02)
    assert np.abs(np.diff(contraction)).max() < 0.2


def test_base_moves_towards_a_steady_apex() -> None:
    heart = Heart()
    points = heart.surface(np.array([0.0, 1.0]), np.array([60.0, 60.0]), np.ones(2))
    assert np.allclose(beat(heart, points, 0.0, 0.0), points)
    base, apex = np.linalg.norm(beat(heart, points, 1.0, 0.0) - points, axis=1)
    assert 6.0 < base < 16.0
    assert apex < 4.0


def test_surface_positions_and_axes_of_the_heart() -> None:
    heart = Heart()
    assert np.allclose(heart.frame @ heart.frame.T, np.eye(3))
    lateral, anterior, apex = heart.frame
    assert lateral[0] > 0.5  # the lateral wall looks to the patient's left
    assert anterior[2] > 0.5
    assert apex[2] < 0.0
    point = heart.surface(np.array([0.4]), np.array([30.0]), np.array([1.0]))
    assert heart.depth(point) == pytest.approx([1.0])


def test_no_contrast_before_the_injection_and_little_long_after() -> None:
    distance = np.linspace(0.0, 200.0, 50)
    assert not BOLUS.arterial(BOLUS.start - 0.02, distance).any()
    assert BOLUS.arterial(BOLUS.start + 2.0, distance)[0] > 0.9
    assert BOLUS.arterial(7.8, distance[:20]).max() < 0.05


def test_contrast_arrives_later_further_down() -> None:
    arrival = [
        next(t for t in BOLUS.clock if BOLUS.arterial(t, np.array([d]))[0] > 0.3)
        for d in (5.0, 60.0, 140.0)
    ]
    assert arrival == sorted(arrival)
    assert 0.2 < arrival[-1] - arrival[0] < 1.6


def test_veins_fill_after_the_arteries() -> None:
    filled = [BOLUS.venous(t, np.array([20.0]))[0] for t in (1.5, 5.0)]
    assert filled[0] < 0.01 < filled[1]


@settings(max_examples=10, deadline=None)
@given(st.floats(200.0, 3000.0))
def test_noise_has_no_bias_and_the_stated_variance(level: float) -> None:
    detector = Detector()
    flat = np.full((512, 512), level, np.float32)
    noise = detector.read(flat, 7).astype(np.float64) - level
    assert abs(noise.mean()) < 0.15
    assert noise.var() == pytest.approx(float(detector.variance(flat)[0, 0]), rel=0.05)


def test_neighbours_share_their_noise_but_frames_do_not() -> None:
    flat = np.full((512, 512), 1000.0, np.float32)
    one, other = (Detector().read(flat, seed).astype(np.float64) - 1000.0 for seed in (1, 2))
    assert np.corrcoef(one[:, 1:].ravel(), one[:, :-1].ravel())[0, 1] > 0.5
    assert abs(np.corrcoef(one[:, 16:].ravel(), one[:, :-16].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.02


def test_stored_numbers_stay_within_twelve_bits() -> None:
    bright = Detector().read(np.full((64, 64), 9000.0, np.float32), 1)
    assert bright.dtype == np.uint16
    assert bright.max() == WHITE


def test_scatter_reaches_behind_the_collimator() -> None:
    primary = np.zeros((128, 128), np.float32)
    primary[:, 40:] = 1000.0
    signal = Detector().expose(primary)
    assert 20.0 < signal[64, 20] < 400.0
    assert signal[64, 100] > 1000.0


def test_blades_are_where_they_are_said_to_be() -> None:
    left, right, upper, lower = collimator.edges(512, 3)
    passed = collimator.blades(512, 3)
    assert passed[256, round(left) + 12] > 0.95 > 0.05 > passed[256, max(round(left) - 8, 0)]
    assert passed[256, round(right) - 12] > 0.95
    assert passed[round(upper) + 12, 256] > 0.95
    assert passed[round(lower) - 12, 256] > 0.95
