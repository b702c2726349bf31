"""Filters of volumes, done by ITK: bias correction, diffusion, median, resampling, matching."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.kinds import KINDS
from xray_studio.core.labels.label_map import LabelMap, LabelSegment
from xray_studio.core.labels.words import label_words
from xray_studio.core.volume.filters import (
    BiasCorrection,
    BrainLikeMask,
    Diffusion,
    HistogramMatch,
    Resample,
    VolumeFilter,
    VolumeMedian,
)
from xray_studio.core.volume.geometry import VolumeGeometry, from_axes
from xray_studio.core.volume.volume import Volume, Voxels, check_memory
from xray_studio.volume.brain_like import brain_like
from xray_studio.volume.itk_images import grid_of, image_of, itk, values_of
from xray_studio.volume.running import executed

_FIT: Final = 1e-6  # of a voxel
_WIDTH: Final = 2.0 * math.sqrt(2.0 * math.log(2.0))  # of a Gaussian at half its height, in sigmas
_LEAST: Final = 4  # voxels a side on which a field is looked for
_LEVELS: Final = 1024  # of the histograms that are matched
_NEEDS: Final = "Histogram matching needs a reference volume; name one."


def filtered(volume: Volume, wanted: VolumeFilter, reference: Volume | None = None) -> Job[Volume]:
    """Return a volume after a filter, moment by moment; its source is never changed.

    `reference` is what histogram matching matches. Values are float32 where the filter computes
    new ones. Raises UsageError where a reference is missing or memory is too little, and
    UnsupportedError where ITK fails.
    """
    check_memory(volume.values.shape, np.dtype(np.float32), 3.0)
    if isinstance(wanted, HistogramMatch) and reference is None:
        raise UsageError(_NEEDS)
    made, grid = list[Voxels](), volume.geometry
    for moment in range(volume.moments):
        image = image_of(volume.at(moment), volume.geometry)
        done = yield from _OF[type(wanted)](wanted, image, reference)
        made.append(values_of(done))
        if isinstance(wanted, Resample):
            grid = grid_of(done)
    values = np.stack(made) if volume.values.ndim == 4 else made[0]
    # Planes that the files lack have been filled from beside them where the grid is another one.
    if isinstance(wanted, Resample):
        return replace(volume, values=values, geometry=grid, missing=(), origins=())
    if isinstance(wanted, BrainLikeMask) and wanted.result == "mask":
        return _as_labels(volume, values)
    return replace(volume, values=values, geometry=grid)


def _as_labels(volume: Volume, values: Voxels) -> Volume:
    """Return a mask as labels: its numbers are no grey values, and it is not of the modality."""
    what = KINDS["brain"]
    mask = values if values.ndim == 3 else values[0]
    segment = LabelSegment(
        1, "Brain-like", what.colour, what.category, what.code, made=BrainLikeMask.name
    )
    words = label_words(LabelMap(volume.geometry, mask, (segment,)))
    return replace(
        volume, values=values, modality="", unit="", windows=(), pet=None, label_words=words
    )


def _masked(wanted: BrainLikeMask, image: Any, _: Volume | None) -> Job[Any]:
    values, grid = values_of(image), grid_of(image)
    mask = yield from brain_like(values, grid.spacing, wanted)
    if wanted.result == "mask":
        return image_of(mask.astype(np.uint8), grid)
    return image_of(np.where(mask, values, values.min()), grid)


def _median(wanted: VolumeMedian, image: Any, _: Volume | None) -> Job[Any]:
    step = itk().MedianImageFilter()
    step.SetRadius(wanted.radius)
    done = yield from executed(step, wanted.title, image)
    return done


def _diffusion(wanted: Diffusion, image: Any, _: Volume | None) -> Job[Any]:
    step = itk().CurvatureAnisotropicDiffusionImageFilter()
    step.SetNumberOfIterations(wanted.iterations)
    step.SetConductanceParameter(wanted.conductance)
    # The longest step that stays stable (PDE of second order in three dimensions).
    step.SetTimeStep(min(image.GetSpacing()) / 16.0)
    done = yield from executed(step, wanted.title, _float(image))
    return done


def _bias(wanted: BiasCorrection, image: Any, _: Volume | None) -> Job[Any]:
    step = itk().N4BiasFieldCorrectionImageFilter()
    step.SetMaximumNumberOfIterations([wanted.iterations] * wanted.levels)
    whole = _float(image)
    if min(whole.GetSize()) < 2:
        raise UsageError("Bias correction needs two voxels or more along each side of a volume.")
    coarse = itk().Shrink(
        whole, [min(wanted.shrink, max(1, side // _LEAST)) for side in whole.GetSize()]
    )
    yield from executed(step, wanted.title, coarse, coarse > 0.0)
    yield Progress(message="Dividing by the field")
    field = values_of(step.GetLogBiasFieldAsImage(whole))
    values = values_of(whole)
    above = values > 0.0
    values[above] /= np.exp(field[above])
    return image_of(values, grid_of(image))


def _match(wanted: HistogramMatch, image: Any, reference: Volume | None) -> Job[Any]:
    assert reference is not None
    step = itk().HistogramMatchingImageFilter()
    step.SetNumberOfHistogramLevels(_LEVELS)
    step.SetNumberOfMatchPoints(wanted.points)
    step.SetThresholdAtMeanIntensity(wanted.background)
    other = image_of(reference.at(0), reference.geometry)
    done = yield from executed(step, wanted.title, _float(image), _float(other))
    return done


def _resampled(wanted: Resample, image: Any, _: Volume | None) -> Job[Any]:
    ways = {"nearest": itk().sitkNearestNeighbor, "linear": itk().sitkLinear}
    kind = ways.get(wanted.interpolation, itk().sitkBSpline)
    target = straight_grid(grid_of(image), wanted.spacing)
    check_memory(target.shape, np.dtype(np.float32), 3.0)
    lowest = float(values_of(image).min())
    if wanted.interpolation != "nearest":
        image = yield from _without_what_is_finer(wanted, _float(image))
    step = itk().ResampleImageFilter()
    step.SetSize([int(side) for side in target.shape[::-1]])
    step.SetOutputOrigin(target.origin)
    step.SetOutputSpacing(target.spacing)
    step.SetOutputDirection(target.directions.ravel().tolist())
    step.SetDefaultPixelValue(lowest)
    step.SetInterpolator(kind)
    done = yield from executed(step, wanted.title, image)
    return done


def _without_what_is_finer(wanted: Resample, image: Any) -> Job[Any]:
    """Smooth along those sides on which voxels become larger."""
    finer = [wanted.spacing**2 - side**2 for side in image.GetSpacing()]
    variance = [max(0.0, each) / _WIDTH**2 for each in finer]
    if not any(variance):
        return image
    step = itk().DiscreteGaussianImageFilter()
    step.SetVariance(variance)
    done = yield from executed(step, wanted.title, image)
    return done


def straight_grid(grid: VolumeGeometry, spacing: float) -> VolumeGeometry:
    """Return a grid of cubes that covers another one, along its columns and rows.

    It reaches from edge to edge; where the sides are no whole number of cubes, half of what is over
    lies at each end.
    """
    basis, _ = np.linalg.qr(grid.directions)
    basis *= np.sign(np.einsum("ij,ij->j", basis, grid.directions))
    ends = [(-0.5, side - 0.5) for side in grid.shape[::-1]]
    corners = np.array(np.meshgrid(*ends)).reshape(3, -1).T
    along = grid.points(corners) @ basis
    low, high = along.min(axis=0), along.max(axis=0)
    counts = np.maximum(1, np.ceil((high - low) / spacing - _FIT)).astype(int)
    first = (low + high) / 2.0 - (counts - 1) / 2.0 * spacing
    columns, rows, planes = (int(count) for count in counts)
    return from_axes((planes, rows, columns), basis @ first, basis, (spacing,) * 3)


def _float(image: Any) -> Any:
    return itk().Cast(image, itk().sitkFloat32)


_OF: Final[dict[type[VolumeFilter], Callable[[Any, Any, Volume | None], Job[Any]]]] = {
    BiasCorrection: _bias,
    Diffusion: _diffusion,
    VolumeMedian: _median,
    Resample: _resampled,
    HistogramMatch: _match,
    BrainLikeMask: _masked,
}
