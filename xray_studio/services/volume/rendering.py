"""Renderings of a volume as a clip: every frame is a scene, drawn when it is asked for.

A clip of renderings is shown, played and exported as any other. A process of its own draws, since
VTK holds all threads of a process up; it takes the volume in once.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.errors import UnsupportedError, UsageError
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
_RATE: Final = 25.0  # pictures a second of a movie
_LOST: Final = (
    "The volume could not be drawn: memory or the graphics library gave out. Close other programs,"
    " or resample the volume to larger voxels first."
)


class VolumeDrawing:
    """One volume in a process of its own, until it is closed (`contextlib.closing`).

    `moment` is that of a volume of several, from 0.
    """

    def __init__(self, volume: Volume, moment: int = 0) -> None:
        self._volume = volume
        self._pool = WorkerPool(1, _MEMORY + _TIMES * volume.at(0).nbytes, _SECONDS)
        self.take(moment)

    def take(self, moment: int) -> None:
        """Draw another moment from now on; what was asked for before may still be of the last."""
        values = self._volume.at(moment)
        self._key = uuid.uuid4().hex
        self._given = (values, self._volume.geometry.affine, _span(values))
        self._taken: Future[None] | None = None

    def close(self) -> None:
        """End the process, whatever it is drawing."""
        self._pool.shutdown()

    def request(self, scene: VolumeScene, priority: Priority) -> Future[Frame]:
        """Return a picture, RGB uint8 (rows, columns, 3), as a future.

        It raises UnsupportedError where nothing can be drawn.
        """
        if self._taken is None or (self._taken.done() and self._taken.exception() is not None):
            self._taken = self._pool.submit(_KEEP, self._key, *self._given)
        asked: Future[Any] = self._pool.submit(_DRAW, self._key, scene, priority=priority)
        told: Future[Frame] = Future()
        asked.add_done_callback(lambda done: self._tell(done, told))
        told.add_done_callback(lambda done: asked.cancel() if done.cancelled() else None)
        return told

    def _tell(self, asked: Future[Any], told: Future[Frame]) -> None:
        if asked.cancelled() or not told.set_running_or_notify_cancel():
            told.cancel()
            return
        error = asked.exception()
        if error is None and asked.result() is not None:
            picture = asked.result()
            picture.setflags(write=False)
            told.set_result(picture)
            return
        if error is None or isinstance(error, WorkerLostError):
            self._taken = None  # the process is another one, or begins anew
            error = UnsupportedError(_LOST)
        told.set_exception(error)


def _span(values: Frame) -> tuple[float, float]:
    """Return the lowest and the highest value that is a number."""
    if values.dtype.kind == "f":
        return float(np.nanmin(values)), float(np.nanmax(values))
    return float(values.min()), float(values.max())


@dataclass(frozen=True, slots=True, eq=False)
class RenderedSource:
    """FrameSource whose frames are scenes of one volume, all of one size."""

    drawing: VolumeDrawing
    scenes: tuple[VolumeScene, ...]
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
        return self.drawing.request(self.scenes[index], priority)


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
    return _clip(RenderedSource(drawing, tuple(scenes)), volume, study)


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
