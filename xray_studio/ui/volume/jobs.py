"""Jobs of a volume in the window: finding what a series holds, opening it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xray_studio.core.job import Job, Progress
from xray_studio.core.place import FramePlace, Vector
from xray_studio.core.presentation import Presentation, StoredWindow
from xray_studio.core.study import Series
from xray_studio.core.volume.looking import Aim, Slab, first_aim, nearest_voxel, stack_of
from xray_studio.core.volume.planes import View as Plane
from xray_studio.core.volume.suv import Uptake
from xray_studio.services.presets import initial_presentation, presets
from xray_studio.services.volume.plane_clips import Planes, stack_clip
from xray_studio.ui.volume.contrasts import OpenCase, case_of_volume
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.uptake import valued, with_uptake

if TYPE_CHECKING:  # heavy libraries, which the window does not wait for
    from xray_studio.services.volume.parts import Part


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A volume, the point that is looked at first, and how it is shown."""

    planes: Planes
    aim: Aim
    initial: Presentation
    windows: tuple[StoredWindow, ...]
    case: OpenCase | None = None


def found_parts(series: Series) -> Job[list[Part]]:
    """Return the volumes of a series: those of several slices, all where there is none.

    Raises the reason where there is no volume.
    """
    from xray_studio.services.volume.open import series_parts

    parts = yield from series_parts(series)
    return [part for part in parts if part.shape[-3] > 1] or parts


def opened(part: Part, study: str, here: FramePlace | None) -> Job[Opened]:
    """Open a volume, aimed at the middle of a slice, or at its own middle."""
    volume = yield from part.opener()
    yield Progress(message="Choosing a window")
    planes = Planes(volume, study)
    aim = first_aim(volume.geometry)
    middle = None if here is None or not volume.placed else _middle(here)
    if middle is not None:
        aim = aim.moved(nearest_voxel(volume.geometry, middle))
    return replace(shown_first(planes, aim), case=case_of_volume(volume))


def revalued(look: VolumeLook, uptake: Uptake) -> Job[Opened]:
    """Find uptake values of the volume on screen. Raises UsageError with what is not told."""
    yield Progress(message="Finding uptake values")
    return shown_first(Planes(valued(look.stored, uptake), look.planes.study), look.aim)


def shown_first(planes: Planes, aim: Aim) -> Opened:
    """Return how planes are shown at first; they are closed where that cannot be found."""
    axial = stack_of(planes.volume.geometry, aim, Plane.AXIAL, Slab())
    clip = stack_clip(planes, axial, Plane.AXIAL, Slab())
    try:
        return Opened(
            planes, aim, *with_uptake(planes.volume, initial_presentation(clip), presets(clip))
        )
    except BaseException:
        planes.close()
        raise


def _middle(place: FramePlace) -> Vector | None:
    """Return the middle of a slice."""
    if place.position is None or place.orientation is None or None in {place.spacing, place.size}:
        return place.position
    assert place.spacing is not None
    assert place.size is not None
    right, down = np.asarray(place.orientation[:3]), np.asarray(place.orientation[3:])
    width, height = (place.size[1] - 1) * place.spacing[1], (place.size[0] - 1) * place.spacing[0]
    x, y, z = np.asarray(place.position) + right * width / 2 + down * height / 2
    return float(x), float(y), float(z)
