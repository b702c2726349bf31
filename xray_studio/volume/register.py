"""Registration of volumes by ITK, and correction of movements between moments."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from xray_studio.core.errors import UnsupportedError
from xray_studio.core.job import Job, Progress
from xray_studio.core.place import Affine
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.registration import Moved, Movement, Registration
from xray_studio.core.volume.volume import Volume, Voxels
from xray_studio.volume.itk_images import grid_of, image_of, itk, values_of
from xray_studio.volume.running import executed

_BINS: Final = 50
_SEED: Final = 1
_SMALLEST: Final = 16  # voxels a side, below which a volume is not made coarser
_ORDER: Final = 3
_THIN: Final = 4  # voxels a side that ITK's smoothed slopes need
_OUTSIDE: Final = "map outside"  # in what ITK says where volumes do not overlap
_MOST_BENDING: Final = 100  # iterations of the bending movement
_APART: Final = (
    "The volumes could not be laid onto each other: they do not overlap where they lie. Check that"
    " they are of the same patient and part of the body."
)


class _Pair(NamedTuple):
    """ITK's images of both volumes."""

    fixed: Any
    moving: Any


def registered(fixed: Volume, moving: Volume, wanted: Registration) -> Job[tuple[Volume, Moved]]:
    """Return the moving volume in the grid of the fixed one, and what was found.

    Both have one moment. What the moving volume does not reach has its lowest value. The same
    volumes give the same answer. Raises UnsupportedError where they cannot be laid onto each other.
    """
    still, image = _image(fixed), _image(moving)
    transform = yield from _found(still, image, wanted)
    yield Progress(message="Laying the volume onto the other one")
    values = _laid(image, still, transform)
    before = _likeness(still, image, itk().Transform(3, itk().sitkIdentity))
    moved = Moved(
        _affine(transform) if wanted.movement is not Movement.DEFORMABLE else None,
        _likeness(still, image, transform), before, _largest(transform, fixed.geometry),
    )  # fmt: skip
    made = replace(moving, values=values, geometry=fixed.geometry, missing=(), origins=())
    return made, moved


def steadied(volume: Volume, wanted: Registration) -> Job[tuple[Volume, tuple[Moved, ...]]]:
    """Return a volume of several moments with each laid onto the first, and what was found.

    Raises UnsupportedError as `registered` does.
    """
    still = volume.alone(0)
    made, found = [volume.at(0)], list[Moved]()
    for moment in range(1, volume.moments):
        yield Progress(moment, volume.moments, "Correcting movement")
        laid, moved = yield from registered(still, volume.alone(moment), wanted)
        made.append(laid.values)
        found.append(moved)
    return replace(volume, values=np.stack(made)), tuple(found)


def _image(volume: Volume) -> Any:
    return image_of(volume.at(0).astype(np.float32), volume.geometry)


def _found(fixed: Any, moving: Any, wanted: Registration) -> Job[Any]:
    pair = _Pair(fixed, moving)
    straight = yield from _straight(pair, wanted)
    if wanted.movement is not Movement.DEFORMABLE:
        return straight
    bent = yield from _bent(pair, wanted, straight)
    whole = itk().CompositeTransform(3)
    whole.AddTransform(straight)
    whole.AddTransform(bent)
    return whole


def _straight(pair: _Pair, wanted: Registration) -> Job[Any]:
    method = _method(wanted)
    method.SetInitialTransform(_start(pair.fixed, pair.moving, wanted.movement), True)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=1.0, minStep=1e-4, numberOfIterations=wanted.iterations,
        gradientMagnitudeTolerance=1e-8,
    )  # fmt: skip
    method.SetOptimizerScalesFromPhysicalShift()
    _coarse_first(method, _levels(pair.fixed, wanted.levels))
    _plain_slopes(method, pair)
    found = yield from _run(method, "Looking for the movement", pair)
    return found


def _bent(pair: _Pair, wanted: Registration, before: Any) -> Job[Any]:
    sides = zip(pair.fixed.GetSize(), pair.fixed.GetSpacing(), strict=True)
    mesh = [max(1, round(side * gap / wanted.grid)) for side, gap in sides]
    method = _method(wanted)
    method.SetMovingInitialTransform(before)
    start = itk().BSplineTransformInitializer(pair.fixed, mesh, _ORDER)
    method.SetInitialTransform(start, True)
    method.SetOptimizerAsLBFGSB(
        numberOfIterations=min(wanted.iterations, _MOST_BENDING), gradientConvergenceTolerance=1e-5
    )
    _coarse_first(method, 1)
    _plain_slopes(method, pair)
    found = yield from _run(method, "Bending", pair)
    return found


def _coarse_first(method: Any, levels: int) -> None:
    method.SetShrinkFactorsPerLevel([2**level for level in reversed(range(levels))])
    method.SetSmoothingSigmasPerLevel([float(level) for level in reversed(range(levels))])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()


def _plain_slopes(method: Any, pair: _Pair) -> None:
    """Take differences of neighbours for slopes where a volume is too thin for smoothed ones."""
    if min(*pair.fixed.GetSize(), *pair.moving.GetSize()) < _THIN:
        method.MetricUseFixedImageGradientFilterOff()
        method.MetricUseMovingImageGradientFilterOff()


def _run(method: Any, message: str, pair: _Pair) -> Job[Any]:
    try:
        found = yield from executed(method, message, pair.fixed, pair.moving)
    except UnsupportedError as error:
        if _OUTSIDE not in str(error):
            raise
        raise UnsupportedError(_APART) from error
    return found


def _start(fixed: Any, moving: Any, movement: Movement) -> Any:
    kind = itk().Euler3DTransform() if movement is Movement.RIGID else itk().AffineTransform(3)
    start = itk().CenteredTransformInitializer(
        fixed, fixed, kind, itk().CenteredTransformInitializerFilter.GEOMETRY
    )
    if _overlap(fixed, moving):
        return start
    # Without overlap as they lie nothing can be compared; their middles are laid onto each other.
    return itk().CenteredTransformInitializer(
        fixed, moving, kind, itk().CenteredTransformInitializerFilter.GEOMETRY
    )


def _overlap(fixed: Any, moving: Any) -> bool:
    one, other = grid_of(fixed).corners(), grid_of(moving).corners()
    low = np.maximum(one.min(axis=0), other.min(axis=0))
    high = np.minimum(one.max(axis=0), other.max(axis=0))
    return bool((high > low).all())


def _method(wanted: Registration) -> Any:
    method = itk().ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(_BINS)
    if wanted.sampled < 1.0:
        method.SetMetricSamplingStrategy(method.RANDOM)
        method.SetMetricSamplingPercentage(wanted.sampled, _SEED)
    method.SetInterpolator(itk().sitkLinear)
    return method


def _levels(image: Any, wanted: int) -> int:
    """Return how many levels there can be while the coarsest has voxels enough."""
    finest = math.log2(max(1.0, min(image.GetSize()) / _SMALLEST))
    return max(1, min(wanted, int(finest) + 1))


def _laid(moving: Any, fixed: Any, transform: Any) -> Voxels:
    lowest = float(values_of(moving).min())
    laid: Voxels = values_of(itk().Resample(moving, fixed, transform, itk().sitkLinear, lowest))
    return laid


def _likeness(fixed: Any, moving: Any, transform: Any) -> float:
    """Return the mutual information of two volumes, 0 where they do not overlap."""
    method = _method(Registration(sampled=1.0))
    method.SetInitialTransform(transform)
    try:
        return -float(method.MetricEvaluate(fixed, moving))
    except RuntimeError:
        return 0.0


def _affine(transform: Any) -> Affine:
    """Return a straight movement as a 4 x 4 matrix of millimetres."""
    ends = np.vstack([np.zeros(3), np.eye(3)])
    moved = np.array([transform.TransformPoint(end.tolist()) for end in ends])
    affine = np.eye(4)
    affine[:3, :3] = (moved[1:] - moved[0]).T
    affine[:3, 3] = moved[0]
    return affine


def _largest(transform: Any, grid: VolumeGeometry) -> float:
    corners = grid.corners()
    moved = np.array([transform.TransformPoint(corner.tolist()) for corner in corners])
    return float(np.linalg.norm(moved - corners, axis=1).max())
