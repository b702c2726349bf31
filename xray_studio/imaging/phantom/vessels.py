"""All vessels of the heart as one set of tubes, with what the contrast needs to know of each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from xray_studio.imaging.phantom import anatomy, coronary
from xray_studio.imaging.phantom.curves import Array, arc_length, smooth, through, wander
from xray_studio.imaging.phantom.heart import Heart
from xray_studio.imaging.phantom.splat import Tubes

THIN = 0.5  # mm: vessels of a smaller radius are sampled less densely


@dataclass(frozen=True)
class Stenosis:
    """A narrowing that is really there: `severity` is the fraction of the diameter that is lost."""

    vessel: str = anatomy.TRUNK
    distance: float = 54.0
    length: float = 11.0
    severity: float = 0.65

    def narrowing(self, at: Array) -> Array:
        """Factor (n,) on the radius at path lengths `at` from the ostium."""
        inside = np.clip((at - self.distance) / (0.5 * self.length), -1.0, 1.0)
        return 1.0 - self.severity * (0.5 + 0.5 * np.cos(np.pi * inside)) ** 0.8


@dataclass(frozen=True)
class Vessels:
    """Arteries first, then veins.

    `tubes` in the patient at the end of diastole; `names` one per tube; `distance` (n,) the path
    length from the ostium (for veins: from their own beginning); `visible` (n,) is 0 where a branch
    still lies within its parent; `arteries` the number of arterial samples.
    """

    tubes: Tubes
    names: tuple[str, ...]
    distance: Array
    visible: Array
    arteries: int
    stenosis: Stenosis | None

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """The samples of every tube."""
        bounds = [*self.tubes.starts.tolist(), len(self.tubes.points)]
        return tuple(slice(a, b) for a, b in itertools.pairwise(bounds))

    @property
    def is_artery(self) -> NDArray[np.bool_]:
        """True (n,) on arterial samples."""
        return np.arange(len(self.distance)) < self.arteries


@dataclass(frozen=True)
class _Tube:
    """One vessel: its samples, radii, path lengths of blood and visible shares, each (n, ...)."""

    name: str
    points: Array
    radius: Array
    distance: Array
    visible: Array

    def thinned(self) -> _Tube:
        """Return every other sample: the detector's blur hides the difference on faint vessels."""
        arrays = (self.points, self.radius, self.distance, self.visible)
        return _Tube(self.name, *(array[::2] for array in arrays))


@lru_cache(maxsize=2)
def grow(heart: Heart, seed: int, stenosis: Stenosis | None) -> Vessels:
    """Grow arteries and veins of one heart."""
    rng = np.random.default_rng([seed, 3])
    arteries = [_artery(rng, branch, stenosis) for branch in coronary.grow(heart, seed)]
    veins = [_vein(heart, rng, vein).thinned() for vein in anatomy.VEINS]
    both = [*arteries, *veins]
    return Vessels(
        tubes=Tubes.join([tube.points for tube in both], [tube.radius for tube in both]),
        names=tuple(tube.name for tube in both),
        distance=np.concatenate([tube.distance for tube in both]),
        visible=np.concatenate([tube.visible for tube in both]),
        arteries=sum(len(tube.points) for tube in arteries),
        stenosis=stenosis,
    )


def _artery(rng: np.random.Generator, branch: coronary.Branch, stenosis: Stenosis | None) -> _Tube:
    at = arc_length(branch.points)
    distance = branch.origin_distance + at
    visible = branch.outside_parent()
    if branch.parent is None:
        visible = np.clip(at / 1.5, 0.0, 1.0)  # the catheter's tip fills the ostium
    radius = _wall(rng, branch, distance, stenosis)
    tube = _Tube(branch.name, branch.points, radius, distance, visible)
    return tube.thinned() if branch.flow < THIN**3 else tube


def _fading(count: int) -> Array:
    """Weight (n,) of a vein: it gathers blood slowly and ends in the dilution of the atrium."""
    along = np.linspace(0.0, 1.0, count)
    return np.clip(along / 0.25, 0.0, 1.0) * np.clip((1.0 - along) / 0.2, 0.0, 1.0)


def _wall(
    rng: np.random.Generator, branch: coronary.Branch, distance: Array, stenosis: Stenosis | None
) -> Array:
    """Radius with a slightly uneven wall, a funnel at the origin and the narrowing."""
    at = arc_length(branch.points)
    radius = branch.radius * (1.0 + wander(rng, at, (24.0, 9.0, 4.0), (0.035, 0.025, 0.015)))
    if branch.parent is None:
        radius *= 0.55 + 0.45 * np.clip(at / 5.0, 0.0, 1.0)
    else:
        radius *= 1.0 + 0.22 * np.exp(-np.maximum(at - 1.0, 0.0) / 1.6)
    if stenosis is not None and branch.name == stenosis.vessel:
        radius *= stenosis.narrowing(distance)
    return radius


def _vein(heart: Heart, rng: np.random.Generator, vein: anatomy.Vein) -> _Tube:
    points = through(coronary.surface_path(heart, vein.controls), coronary.SPACING, 4.0)
    at = arc_length(points)
    aside = np.stack([wander(rng, at, (60.0, 25.0), (1.6, 0.6)) for _ in range(3)], axis=1)
    first, last = vein.first_radius, vein.last_radius
    radius = first + (last - first) * (at / at[-1]) ** 1.3
    radius *= 1.0 + wander(rng, at, (20.0,), (0.06,))
    return _Tube(vein.name, smooth(points + aside, 8.0), radius, at, _fading(len(points)))
