"""Renderings of a volume as a clip: every frame is a scene, drawn when it is asked for.

A clip of renderings is shown, played and exported as any other. A process of its own draws, since
VTK holds all threads of a process up; it takes the volume in once.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import shutil
import tempfile
import uuid
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.histogram import BINS, Histogram
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import Pixels
from xray_studio.core.orientation import of_cosines
from xray_studio.core.playback import Timing
from xray_studio.core.volume.camera import Camera
from xray_studio.core.volume.scene import VolumeScene
from xray_studio.core.volume.volume import Volume
from xray_studio.core.workers import Priority, WorkerLostError, WorkerPool

_KEEP: Final = "xray_studio.volume.drawing:keep"
_DRAW: Final = "xray_studio.volume.drawing:draw"
_MEMORY: Final = 2 << 30  # bytes beside the volume: libraries, pictures
_TIMES: Final = 6  # what a volume takes there, with the directions of its surfaces
_SECONDS: Final = 120.0
_SAMPLED: Final = 1 << 21  # voxels that are counted
_RATE: Final = 25.0  # pictures a second of a movie
_LOST: Final = (
    "The volume could not be drawn: memory or the graphics library gave out. Close other programs,"
    " or resample the volume to larger voxels first."
)
_CLOSED: Final = "The volume was closed before this was drawn; open it and begin again."
_ANOTHER: Final = "Another moment was chosen before this was drawn; begin again with it."


class VolumeDrawing:
    """One volume in a process of its own, until it is closed (`contextlib.closing`).

    `moment` is that of a volume of several, from 0. `counts` tells how often its values occur,
    `key` is another one for each moment that is taken.
    """

    def __init__(self, volume: Volume, moment: int = 0) -> None:
        self._volume, self._closed = volume, False
        self._stops = Path(tempfile.mkdtemp(prefix="x-ray-studio-"))
        self._asked: dict[Future[Frame], Path] = {}  # with the files whose being there stops them
        self._pool = WorkerPool(1, _MEMORY + _TIMES * volume.at(0).nbytes, _SECONDS)
        self.take(moment)

    def take(self, moment: int) -> None:
        """Draw another moment from now on; what was asked for before may still be of the last."""
        values = self._volume.at(moment)
        self.key = uuid.uuid4().hex
        self.counts = counted(values)
        span = self.counts.low, self.counts.high
        self._given = (values, self._volume.geometry.affine, span)
        self._taken: Future[None] | None = None

    def close(self) -> None:
        """End the process, whatever it is drawing."""
        self._closed = True
        self._pool.shutdown()
        shutil.rmtree(self._stops, ignore_errors=True)

    def give_up(self, asked: Future[Frame]) -> None:
        """Draw a picture no further; its future then raises Cancelled."""
        stop = self._asked.get(asked)
        if stop is not None:
            with contextlib.suppress(OSError):
                stop.touch()

    def request(self, scene: VolumeScene, priority: Priority, key: str = "") -> Future[Frame]:
        """Return a picture, RGB uint8 (rows, columns, 3), as a future.

        `key` is that of the moment that is meant, the one that was taken last without it. The
        future raises UnsupportedError where nothing can be drawn, or of that moment nothing more.
        """
        key = key or self.key
        if self._taken is None or (self._taken.done() and self._taken.exception() is not None):
            self._taken = self._pool.submit(_KEEP, self.key, *self._given)
        stop = self._stops / uuid.uuid4().hex
        asked: Future[Any] = self._pool.submit(_DRAW, key, scene, str(stop), priority=priority)
        told: Future[Frame] = Future()
        self._asked[told] = stop
        told.add_done_callback(lambda done: self._asked.pop(done, None))
        asked.add_done_callback(lambda done: self._tell(done, told, key))
        told.add_done_callback(lambda done: asked.cancel() if done.cancelled() else None)
        return told

    def _tell(self, asked: Future[Any], told: Future[Frame], key: str) -> None:
        if not told.set_running_or_notify_cancel():
            return
        if self._closed or asked.cancelled():
            told.set_exception(UnsupportedError(_CLOSED))
            return
        error = asked.exception()
        if error is None and asked.result() is not None:
            picture = asked.result()
            picture.setflags(write=False)
            told.set_result(picture)
            return
        if error is None and key != self.key:
            error = UnsupportedError(_ANOTHER)
        elif error is None or isinstance(error, WorkerLostError):
            self._taken = None  # the process is another one, or begins anew
            error = UnsupportedError(_LOST)
        told.set_exception(error)


def counted(values: Frame) -> Histogram:
    """Return how often values (planes, rows, columns) occur, of large volumes by a sample.

    Its ends are the lowest and the highest value that is a finite number, 0 where there is none.
    """
    low, high = _span(values)
    step = max(1, math.ceil((values.size / _SAMPLED) ** (1 / 3)))
    sample = values[::step, ::step, ::step]
    least = 2 * BINS * math.ulp(max(abs(low), abs(high)))  # or bins would have no width
    end = max(high if high > low else low + 1.0, low + least)
    numbers = sample[np.isfinite(sample)].astype(np.float64)  # as wide as the bins are told
    counts, _ = np.histogram(numbers, bins=BINS, range=(low, end))
    return Histogram(low, high, tuple(int(count) for count in counts))


def _span(values: Frame) -> tuple[float, float]:
    """Return the lowest and the highest finite number, found plane by plane to need no copy."""
    if values.dtype.kind != "f":
        return float(values.min()), float(values.max())
    planes = (plane[np.isfinite(plane)] for plane in values)
    ends = [(float(plane.min()), float(plane.max())) for plane in planes if plane.size]
    if not ends:
        return 0.0, 0.0
    lows, highs = zip(*ends, strict=True)
    return min(lows), max(highs)


@dataclass(frozen=True, slots=True, eq=False)
class RenderedSource:
    """FrameSource whose frames are scenes of one volume at one moment, all of one size."""

    drawing: VolumeDrawing
    scenes: tuple[VolumeScene, ...]
    key: str = ""
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype(np.uint8))

    def __post_init__(self) -> None:
        if len({scene.size for scene in self.scenes}) != 1:
            raise UsageError("All renderings of a clip have one size.")

    @property
    def shape(self) -> tuple[int, ...]:
        """(frames, rows, columns, 3)."""
        return (len(self.scenes), *self.scenes[0].size, 3)

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises UnsupportedError."""
        return self.request(index, Priority.PLAYBACK).result()

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        return self.drawing.request(self.scenes[index], priority, self.key)


def begun(volume: Volume, moment: int) -> Job[VolumeDrawing]:
    """Look through a volume and return what draws it; `close` that when it is not shown."""
    yield Progress(message="Preparing the rendering")
    return VolumeDrawing(volume, moment)


def taken(drawing: VolumeDrawing, moment: int) -> Job[VolumeDrawing]:
    """Let a drawing go on with another moment."""
    yield Progress(message="Preparing the rendering")
    drawing.take(moment)
    return drawing


@dataclass(frozen=True, slots=True, eq=False)
class PictureSource:
    """FrameSource of one picture that was drawn, RGB uint8 (rows, columns, 3), in memory."""

    picture: Frame

    @property
    def shape(self) -> tuple[int, ...]:
        """(1, rows, columns, 3)."""
        return (1, *self.picture.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """uint8."""
        return self.picture.dtype

    def read(self, index: int) -> Frame:  # noqa: ARG002 - there is one
        """Return the picture, read-only."""
        return self.picture

    def request(self, index: int, priority: Priority) -> Future[Frame]:  # noqa: ARG002 - at hand
        """Return the picture as a future that is done."""
        there: Future[Frame] = Future()
        there.set_result(self.picture)
        return there


def rendered(
    volume: Volume, drawing: VolumeDrawing, scenes: Sequence[VolumeScene], study: str = ""
) -> Clip:
    """Return renderings as a clip of the patient and study of the volume.

    `study` is the Study Instance UID, "" where there is none.
    """
    return _clip(RenderedSource(drawing, tuple(scenes), drawing.key), volume, study)


def pictured(
    volume: Volume, picture: Frame, scene: VolumeScene, moment: int = 0, study: str = ""
) -> Clip:
    """Return one rendering that was drawn as a clip, which tells from where it is seen."""
    clip = _clip(PictureSource(picture), volume, study)
    told = hashlib.sha256(repr((volume.paths, moment, scene)).encode()).hexdigest()[:32]
    clip = replace(clip, made=f"rendering {told}")
    if not volume.placed:  # nobody knows which side is which
        return clip
    camera = scene.camera
    edges = of_cosines([*camera.right.tolist(), *(-camera.up).tolist()])
    return replace(
        clip, orientation=edges, acquisition=replace(clip.acquisition, angles=_angles(camera))
    )


def _angles(camera: Camera) -> tuple[float, float]:
    return camera.primary, camera.secondary


def _clip(source: RenderedSource | PictureSource, volume: Volume, study: str) -> Clip:
    return Clip(
        source,
        Timing(_RATE, "default"),
        Pixels(bits=8),
        identity=volume.identity,
        acquisition=replace(
            Acquisition(), modality=volume.modality, photometric="RGB", study_instance_uid=study,
            series_description=" · ".join(filter(None, (volume.description, "Rendering"))),
            warnings=volume.warnings,
        ),
        paths=volume.paths,
        processed=("RENDERED",),
    )  # fmt: skip
