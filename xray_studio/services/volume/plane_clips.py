"""Planes through a volume as clips, which are shown, scrolled, played and measured as any other.

Their frames are cut when they are asked for, so that a clip of a turned plane costs nothing until
it is looked at.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.lut import Pixels, Rescale
from xray_studio.core.orientation import of_cosines
from xray_studio.core.playback import Timing
from xray_studio.core.volume.looking import WAYS, Slab, Stack
from xray_studio.core.volume.planes import Plane, Projection, View
from xray_studio.core.volume.volume import Along, Volume
from xray_studio.core.workers import Priority

if TYPE_CHECKING:  # it loads OpenCV and VTK, which the window does not wait for
    from xray_studio.services.volume.planes import Cutter

TITLES: Final = {
    View.AXIAL: "Axial", View.CORONAL: "Coronal", View.SAGITTAL: "Sagittal",
}  # fmt: skip
_SLICES: Final = 15.0  # planes a second
_MOMENTS: Final = 5.0
_SECONDS: Final = {"s": 1.0, "ms": 1e-3}
_NUMBERS: Final = count()
_KEPT: Final = 6  # planes that were cut last: those on screen are asked for with each new window


class Planes:
    """A volume that planes are cut from, in a thread of its own; `close` it when it is not shown.

    It has one cutter for each moment that was looked at. `study` is the Study Instance UID of what
    it was opened from, "" where there is none; `badges` tell what was done to it since. `outside`
    stands for what is no voxel, or no number; where none is given it is lower than any value.
    `number` tells these planes from all others while the program runs.
    """

    def __init__(
        self,
        volume: Volume,
        study: str = "",
        outside: float | None = None,
        badges: tuple[str, ...] = (),
    ) -> None:
        self.volume, self.study, self.badges = volume, study, badges
        lower = float(np.float32(math.floor(_lowest(volume)) - 1.0)) if outside is None else outside
        self.outside = lower
        self.number = next(_NUMBERS)
        told = (*volume.paths, volume.unit, volume.description)
        # What was processed is another volume each time, whatever its badges say.
        self.key = _digest("\n".join((*told, *badges, str(self.number) if badges else "")))
        self._cutters: dict[int, Cutter] = {}
        self._kept: OrderedDict[tuple[Plane, Projection, int], Frame] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="planes")

    def close(self) -> None:
        """Cut nothing more; the plane that is being cut, some milliseconds long, is waited for."""
        self._thread.shutdown(cancel_futures=True)

    def request(self, plane: Plane, how: Projection, moment: int) -> Future[Frame]:
        """Return the values on a plane at a moment, float32 (rows, columns), as a future.

        `outside` stands beyond the volume. Once it is closed the future is cancelled.
        """
        try:
            return self._thread.submit(self._picture, plane, how, moment)
        except RuntimeError:  # somebody still asks for what is not shown any more
            gone: Future[Frame] = Future()
            gone.cancel()
            return gone

    def _picture(self, plane: Plane, how: Projection, moment: int) -> Frame:
        key = plane, how, moment
        picture = self._kept.get(key)
        if picture is None:
            picture = self._kept[key] = self._cut(plane, how, moment)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return picture

    def _cut(self, plane: Plane, how: Projection, moment: int) -> Frame:
        from xray_studio.services.volume.planes import Cutter

        cutter = self._cutters.get(moment)
        if cutter is None:
            cutter = self._cutters[moment] = Cutter(self.volume.alone(moment))
        picture = cutter.cut(plane, how)
        picture[np.isnan(picture)] = self.outside
        picture.setflags(write=False)
        return picture


@dataclass(frozen=True, slots=True, eq=False)
class PlaneSource:
    """FrameSource whose frames are planes of one volume.

    They are those of a stack at one moment, or its only plane at several.
    """

    planes: Planes
    stack: Stack
    how: Projection
    moments: tuple[int, ...]
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.float32))

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns)."""
        return (max(self.stack.count, len(self.moments)), *self.stack.first.size)

    def plane(self, index: int) -> Plane:
        """Return where frame `index` lies."""
        return self.stack.plane(0 if self.stack.count == 1 else index)

    def moment(self, index: int) -> int:
        """Return the moment of frame `index`, from 0."""
        return self.moments[0 if len(self.moments) == 1 else index]

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:  # noqa: ARG002 - no queue
        """Return the frame as a future."""
        return self.planes.request(self.plane(index), self.how, self.moment(index))


def _lowest(volume: Volume) -> float:
    """Return the lowest number of a volume, 0 where there is none."""
    each = (plane for moment in range(volume.moments) for plane in volume.at(moment))
    found = [float(np.fmin.reduce(plane, axis=None)) for plane in each]
    finite = [low for low in found if math.isfinite(low)]
    return min(finite, default=0.0)


@dataclass(frozen=True, slots=True)
class OverSource:
    """Another volume on the planes of a clip, number by number: what is laid over its frames.

    Where both volumes have as many moments they go together; else its first one is shown.
    """

    under: PlaneSource
    planes: Planes

    def request(self, index: int) -> Future[Frame]:
        """Return the values over frame `index` (from 0) as a future."""
        together = self.planes.volume.moments == self.under.planes.volume.moments
        moment = self.under.moment(index) if together else 0
        return self.planes.request(self.under.plane(index), self.under.how, moment)


def plane_source(clip: Clip) -> PlaneSource | None:
    """Return the planes that a clip shows, also through a cache; None for any other clip."""
    source: object = getattr(clip.source, "source", clip.source)
    return source if isinstance(source, PlaneSource) else None


def stack_clip(planes: Planes, stack: Stack, view: View, slab: Slab, moment: int = 0) -> Clip:
    """Return the planes of a stack at one moment, a frame each."""
    source = PlaneSource(planes, stack, slab.how, (moment,))
    return _clip(source, slab, view, Timing(_SLICES, "default"))


def moments_clip(planes: Planes, plane: Plane, view: View, slab: Slab) -> Clip:
    """Return one plane at every moment of a volume, a frame each."""
    volume = planes.volume
    source = PlaneSource(planes, Stack(plane, 1, 1.0), slab.how, tuple(range(volume.moments)))
    return _clip(source, slab, view, timing_of(volume.along))


def timing_of(along: Along | None) -> Timing:
    """Return how moments follow one another: as acquired, where they are told apart by time."""
    scale = None if along is None or along.kind != "time" else _SECONDS.get(along.unit)
    if along is None or scale is None or len(along.values) < 2:
        return Timing(_MOMENTS, "default")
    times = tuple((value - along.values[0]) * scale for value in along.values)
    apart = np.diff(times)
    if apart.min() <= 0.0:
        return Timing(_MOMENTS, "default")
    return Timing(_MOMENTS, "default", times, end=times[-1] + float(np.median(apart)))


def moment_words(along: Along | None, moment: int, count: int) -> str:
    """Return which moment it is, as "3 of 40 · 6.2 s"; "" for a volume of one."""
    if count < 2:
        return ""
    words = f"{moment + 1} of {count}"
    if along is None or along.kind == "number" or moment >= len(along.values):
        return words
    if along.words:
        return f"{words} · {along.words[moment]}"
    kind = "b " if along.kind == "b-value" else ""
    return f"{words} · {kind}{along.values[moment]:g} {along.unit}".rstrip()


def _clip(source: PlaneSource, slab: Slab, view: View, timing: Timing) -> Clip:
    volume, plane = source.planes.volume, source.stack.first
    made = Acquisition(
        modality=volume.modality,
        study_instance_uid=source.planes.study,
        series_description=" · ".join(filter(None, (volume.description, TITLES[view]))),
        pixel_spacing=plane.spacing,
        spacing_meaning="patient",
        photometric="MONOCHROME2",
        warnings=volume.warnings,
    )
    clip = Clip(
        source,
        timing,
        Pixels(bits=32, signed=True, padding=(source.planes.outside, source.planes.outside)),
        (Rescale(unit=volume.unit),),
        windows=volume.windows,
        pixel_aspect=plane.spacing[0] / plane.spacing[1],
        identity=volume.identity,
        acquisition=made,
        paths=volume.paths,
        processed=(*badges(plane, slab, view), *source.planes.badges),
        made=_name(source, slab, view),
    )
    if not volume.placed:  # nobody knows which side is which
        return clip
    places = source.stack.places(volume.frame_of_reference) * len(source.moments)
    edges = of_cosines((*plane.right, *plane.down))
    return replace(clip, places=places, orientation=edges)


def badges(plane: Plane, slab: Slab, view: View) -> tuple[str, ...]:
    """Return how a plane was made, as badges."""
    straight = np.allclose(plane.normal, WAYS[view].normal, atol=1e-6)
    thick = (f"{slab.how.name} {slab.thickness:g} mm",) if slab.thickness else ()
    return (("MPR",) if straight else ("OBLIQUE",)) + thick


def _name(source: PlaneSource, slab: Slab, view: View) -> str:
    """Return a name that tells the frames of a clip from those of any other."""
    told = repr((source.stack, slab, source.moments))
    return f"{view.value} {source.planes.key} {_digest(told)}"


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:16]
