"""Filters of volumes: what they do to values, where voxels lie after them, how they stop."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.job import run
from xray_studio.core.volume.filters import (
    FILTERS,
    BiasCorrection,
    Diffusion,
    HistogramMatch,
    Resample,
    VolumeFilter,
    VolumeMedian,
    filter_facts,
    filter_of,
)
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes
from xray_studio.core.volume.volume import Volume
from xray_studio.volume.filters import filtered, straight_grid
from xray_studio.volume.itk_images import grid_of, image_of
from xray_studio.volume.running import executed

TURN = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
GRID = from_axes((12, 20, 16), (-5.0, 7.0, 40.0), TURN, (0.8, 0.8, 2.5))
TILTED = np.array([[1, 0, 0, 3], [0, 1, 0.4, 4], [0, 0, 2, 5], [0, 0, 0, 1]], np.float64)


def volume(seed: int = 1, grid: VolumeGeometry = GRID) -> Volume:
    """Noise about a bright block, int16."""
    values = np.random.default_rng(seed).normal(100.0, 10.0, grid.shape)
    values[3:9, 5:15, 4:12] += 200.0
    return Volume(values.astype(np.int16), grid)


def test_median_takes_single_voxels_away_and_keeps_the_kind_of_numbers() -> None:
    source = volume()
    values = source.values.copy()
    values[6, 10, 8] = 3000
    made = run(filtered(Volume(values, GRID), VolumeMedian(radius=1)))
    assert made.values.dtype == np.int16
    assert made.values[6, 10, 8] < 400
    assert made.geometry is GRID
    assert values[6, 10, 8] == 3000, "the source stays as it is"


def test_diffusion_smooths_and_keeps_edges() -> None:
    source = volume()
    made = run(filtered(source, Diffusion(iterations=10)))
    inside = np.s_[4:8, 7:13, 6:10]
    assert made.values[inside].std() < 0.8 * source.values[inside].std()
    assert made.values[inside].mean() == pytest.approx(source.values[inside].mean(), rel=0.02)


def test_bias_correction_makes_slow_changes_smaller() -> None:
    grid = from_axes((16, 32, 32), (0, 0, 0), np.eye(3), (1, 1, 1))
    slow = np.exp(np.linspace(-0.4, 0.4, 32))[None, None, :]
    values = np.full(grid.shape, 100.0) * slow
    values[4:12, 8:24, 8:24] *= 2.0
    values[:, :3] = 0.0
    made = run(filtered(Volume(values.astype(np.float32), grid), BiasCorrection(shrink=2)))
    plain, even = values[6, 10, 10:22], made.values[6, 10, 10:22]
    assert even.std() / even.mean() < 0.5 * plain.std() / plain.mean()
    assert (made.values[:, :3] == 0.0).all()


def test_matching_gives_the_values_of_the_reference() -> None:
    source, other = volume(1), volume(2)
    reference = Volume((other.values * 3 + 50).astype(np.int16), GRID)
    made = run(filtered(source, HistogramMatch(background=False), reference))
    assert made.values.mean() == pytest.approx(reference.values.mean(), rel=0.05)
    with pytest.raises(UsageError, match="needs a reference volume"):
        run(filtered(source, HistogramMatch()))


@pytest.mark.parametrize("spacing", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("interpolation", ["nearest", "linear", "spline"])
def test_resampling_keeps_everything_where_it_is(spacing: float, interpolation: str) -> None:
    made = run(filtered(volume(), Resample(spacing, interpolation)))
    assert made.geometry.spacing == pytest.approx((spacing,) * 3)
    assert np.allclose(made.geometry.centre, GRID.centre, atol=1e-6)
    assert np.allclose(made.geometry.directions, TURN)
    bright = np.argwhere(made.values > 200)[:, ::-1]
    block = np.array([7.5, 9.5, 5.5])  # its middle: column, row, plane
    assert np.allclose(
        made.geometry.points(bright).mean(axis=0), GRID.points([block])[0], atol=0.6 * spacing + 0.5
    )


def test_a_tilted_volume_becomes_straight() -> None:
    tilted = VolumeGeometry((10, 24, 24), TILTED)
    made = run(filtered(volume(3, VolumeGeometry((12, 20, 16), TILTED)), Resample(1.0)))
    assert made.geometry.is_straight
    straight = straight_grid(tilted, 1.0)
    low, high = straight.corners().min(axis=0), straight.corners().max(axis=0)
    assert (low - 0.5 <= tilted.corners().min(axis=0) - 0.4).all()
    assert (high + 0.5 >= tilted.corners().max(axis=0) + 0.4).all()
    bright = np.argwhere(made.values > 200)[:, ::-1]
    block = VolumeGeometry((12, 20, 16), TILTED).points([(7.5, 9.5, 5.5)])[0]
    assert np.allclose(made.geometry.points(bright).mean(axis=0), block, atol=0.5)


def test_images_lie_as_volumes_do() -> None:
    for grid in (GRID, VolumeGeometry((12, 20, 16), TILTED)):
        image = image_of(volume(1, grid).values, grid)
        assert grid_of(image).lies_as(grid)
        point = image.TransformContinuousIndexToPhysicalPoint((3.0, 4.0, 5.0))
        assert np.allclose(point, grid.points([(3.0, 4.0, 5.0)])[0])


def test_each_moment_is_filtered() -> None:
    two = np.stack([volume(1).values, volume(2).values])
    made = run(filtered(Volume(two, GRID), VolumeMedian()))
    alone = run(filtered(volume(2), VolumeMedian()))
    assert np.array_equal(made.values[1], alone.values)


def test_who_stops_stops_the_filter() -> None:
    grid = from_axes((48, 96, 96), (0, 0, 0), np.eye(3), (1, 1, 1))
    job = filtered(
        Volume(np.random.default_rng(1).random(grid.shape), grid), Diffusion(iterations=100)
    )
    next(job)
    next(job)
    job.close()
    assert not [one for one in threading.enumerate() if one.name == "volume filter"]


def test_what_itk_cannot_do_is_told() -> None:
    flat = from_axes((1, 2, 2), (0, 0, 0), np.eye(3), (1, 1, 1))
    with pytest.raises(UsageError, match="two voxels or more"):
        run(filtered(Volume(np.zeros(flat.shape, np.float32), flat), BiasCorrection()))


class _Broken:
    """A filter of ITK that fails."""

    def Execute(self) -> None:  # noqa: N802 - its name in SimpleITK
        raise RuntimeError("first line\nITK ERROR: no memory.\n")

    def GetProgress(self) -> float:  # noqa: N802
        return 0.5


def test_why_itk_gives_up_is_told() -> None:
    with pytest.raises(UnsupportedError, match=r"gave up \(ITK ERROR: no memory\)"):
        run(executed(_Broken(), "Working"))


@pytest.mark.parametrize("kind", FILTERS.values(), ids=FILTERS)
def test_words_and_filters_mean_each_other(kind: type[VolumeFilter]) -> None:
    assert filter_of(kind().words) == kind()
    assert filter_of(kind.name) == kind()


@pytest.mark.parametrize(
    "words", ["blur", "median:size=3", "median:radius", "median:radius=9", "resample:spacing=x"]
)
def test_words_that_mean_nothing_are_refused(words: str) -> None:
    with pytest.raises(UsageError):
        filter_of(words)


def test_filters_tell_what_they_are() -> None:
    told = {one["name"]: one for one in filter_facts()}
    assert set(told) == {"n4", "diffusion", "median", "resample", "match", "brain-like-mask"}
    assert told["resample"]["parameters"][0] == {
        "name": "spacing", "title": "Spacing", "default": 1.0, "low": 0.05, "high": 20.0,
        "unit": "mm", "whole": False, "odd": False,
    }  # fmt: skip
