"""Renderings of a volume as a clip: every frame is a scene, drawn when it is asked for.

A clip of renderings is shown, played and exported as any other. A process of its own draws, since
VTK holds all threads of a process up; it takes the volume in once.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from xray_studio.core.clip import Acquisition, Clip, Frame
from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.lut import Pixels
from xray_studio.core.playback import Timing
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
        values = volume.at(moment)
        self._key = uuid.uuid4().hex
        self._given = (values, volume.geometry.affine, _span(values))
        self._pool = WorkerPool(1, _MEMORY + _TIMES * values.nbytes, _SECONDS)
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


def rendered(volume: Volume, drawing: VolumeDrawing, scenes: Sequence[VolumeScene]) -> Clip:
    """Return renderings as a clip of the patient and study of the volume."""
    return Clip(
        RenderedSource(drawing, tuple(scenes)),
        Timing(_RATE, "default"),
        Pixels(bits=8),
        identity=volume.identity,
        acquisition=replace(
            Acquisition(), modality=volume.modality, photometric="RGB",
            series_description=volume.description, warnings=volume.warnings,
        ),
        paths=volume.paths,
        processed=("RENDERED",),
    )  # fmt: skip
