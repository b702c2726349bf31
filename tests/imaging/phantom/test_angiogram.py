"""The whole angiogram: repeatable, twelve bits, and its truth is true."""

from __future__ import annotations

import numpy as np
import pytest

from xray_studio.imaging.phantom import (
    LAO_CRANIAL,
    RAO_CAUDAL,
    Angiogram,
    angiogram_job,
    make_angiogram,
)
from xray_studio.imaging.phantom.raster import blur

SIZE, FRAMES = 128, 34
FULL = 32  # a frame with all arteries filled


@pytest.fixture(scope="module")
def angiogram() -> Angiogram:
    return make_angiogram(1, FRAMES, SIZE)


def test_frames_are_twelve_bits_with_their_times(angiogram: Angiogram) -> None:
    assert angiogram.frames.shape == (FRAMES, SIZE, SIZE)
    assert angiogram.frames.dtype == np.uint16
    assert angiogram.frames.max() < 4096
    assert not angiogram.frames.flags.writeable
    assert np.diff(angiogram.frame_times) == pytest.approx(66.667)


def test_geometry_is_the_view_asked_for(angiogram: Angiogram) -> None:
    assert angiogram.beam.primary == RAO_CAUDAL.primary_angle == -30.0
    assert angiogram.beam.secondary == RAO_CAUDAL.secondary_angle == -20.0
    left, right, upper, lower = angiogram.blades
    assert 1 <= left < right <= SIZE
    assert 1 <= upper < lower <= SIZE


def test_same_arguments_same_pixels_and_others_differ() -> None:
    one, same = (make_angiogram(3, 2, 64) for _ in range(2))
    assert np.array_equal(one.frames, same.frames)
    assert not np.array_equal(one.frames, make_angiogram(4, 2, 64).frames)
    assert not np.array_equal(one.frames, make_angiogram(3, 2, 64, run_number=9).frames)


def test_two_runs_of_a_patient_show_the_same_tree() -> None:
    one, other = (
        make_angiogram(3, 1, 64, view=view, run_number=number).scene.vessels.tubes
        for view, number in ((RAO_CAUDAL, 3), (LAO_CRANIAL, 4))
    )
    assert np.array_equal(one.points, other.points)


def test_mask_frames_hold_no_contrast(angiogram: Angiogram) -> None:
    assert len(angiogram.mask_frames) >= 5
    for index in angiogram.mask_frames:
        assert angiogram.contrast(index) == 0.0
        assert not angiogram.vessel_mask(index).any()
    assert angiogram.contrast(FULL) > 0.9


def test_contrast_runs_down_the_tree(angiogram: Angiogram) -> None:
    first = angiogram.mask_frames[-1] + 1
    filled = [int(angiogram.vessel_mask(index).sum()) for index in (first, first + 4, FULL)]
    assert filled[0] < filled[1] < filled[2]


def test_vessels_are_darker_than_what_surrounds_them(angiogram: Angiogram) -> None:
    mask = angiogram.contrast_path(FULL) > 1.5
    near = (blur(mask.astype(np.float32), 3.0) > 0.05) & ~angiogram.vessel_mask(FULL)
    near &= angiogram.scene.shutter > 0.5
    frame = angiogram.frames[FULL].astype(np.float64)
    assert mask.sum() > 50
    assert frame[mask].mean() < 0.85 * frame[near].mean()


def test_centre_lines_run_within_the_vessels(angiogram: Angiogram) -> None:
    path = angiogram.contrast_path(FULL)
    line = angiogram.centre_lines(FULL)["LCX"]
    inside = line[(line > 8).all(axis=1) & (line < SIZE - 9).all(axis=1)][20:-200]
    column, row = np.rint(inside).astype(int).T
    assert (path[row, column] > 0.2).mean() > 0.95


def test_centre_lines_follow_the_projection_of_the_moved_tree(angiogram: Angiogram) -> None:
    scene, moment = angiogram.scene, angiogram.moment(FULL)
    point = scene.moved(scene.vessels.tubes.points[:1], moment)
    place, _ = angiogram.beam.project(point)
    assert angiogram.centre_lines(FULL)["LM-LAD"][0] == pytest.approx(place[0])


def test_noise_is_what_remains_beside_the_noise_free_frame(angiogram: Angiogram) -> None:
    clean = angiogram.noise_free(FULL)
    inside = (angiogram.scene.shutter == 1.0) & (clean < 3500.0)
    noise = angiogram.frames[FULL].astype(np.float64)[inside] - clean[inside]
    expected = angiogram.scene.detector.variance(clean)[inside].mean()
    assert abs(noise.mean()) < 1.5
    assert noise.var() == pytest.approx(expected, rel=0.1)


def test_heart_beats_between_frames(angiogram: Angiogram) -> None:
    contraction = [angiogram.moment(index).contraction for index in range(FRAMES)]
    phases = [angiogram.moment(index).phase for index in range(FRAMES)]
    assert max(contraction) > 0.9
    assert min(contraction) < 0.1
    assert all(0.0 <= phase < 1.0 for phase in phases)
    assert 2 <= len(angiogram.r_wave_frames) <= 4


def test_lesion_is_part_of_the_truth(angiogram: Angiogram) -> None:
    assert angiogram.stenosis is not None
    assert angiogram.stenosis.vessel in angiogram.centre_lines(0)
    assert make_angiogram(1, 1, 64, stenosis=None).stenosis is None


def test_job_tells_its_progress_and_can_be_stopped() -> None:
    job = angiogram_job(1, 12, 64)
    told = [next(job) for _ in range(3)]
    assert [progress.done for progress in told] == [1, 2, 3]
    assert {progress.total for progress in told} == {12}
    job.close()  # the fixture of all tests fails if a thread is left
