"""Planes of a volume as the frames of a clip, read when they are asked for."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.job import Job, run
from xray_studio.core.volume.geometry import reoriented
from xray_studio.core.volume.volume import Voxels
from xray_studio.core.workers import Priority, done
from xray_studio.services.volume.reading import stored_values
from xray_studio.volume.header import VolumeHeader
from xray_studio.volume.voxels import number_warning


class VolumeSource:
    """FrameSource over the planes of a volume, all of a moment before those of the next.

    Voxels on disk stay there, a plane is read at a time; those that have to be unpacked are held
    as long as the source is. It pickles as its header, without voxels. `letters` tell where
    columns', rows' and planes' numbers grow to, which turns the planes.
    """

    def __init__(self, header: VolumeHeader, letters: str) -> None:
        self._header, self._letters = header, letters
        none = np.broadcast_to(np.zeros((), header.kind), header.shape)
        turned, self.geometry = reoriented(none, header.geometry, letters)
        self.shape: tuple[int, ...] = (header.moments * turned.shape[-3], *turned.shape[-2:])
        self._lock = threading.Lock()
        self._values: Voxels | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as header and letters."""
        return VolumeSource, (self._header, self._letters)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the stored numbers."""
        return self._header.kind

    def load(self) -> Job[None]:
        """Map or unpack the voxels. Raises as `stored_values`."""
        values = yield from stored_values(self._header)
        with self._lock:
            self._values = reoriented(values, self._header.geometry, self._letters)[0]

    def number_warning(self, most: int) -> tuple[str, ...]:
        """Return what is to be said of voxels that hold no number, of no more than `most` bytes."""
        small = self._values is not None and self._header.bytes <= most
        return number_warning(self._values) if small and self._values is not None else ()

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises as `stored_values`."""
        if self._values is None:
            run(self.load())
        values = self._values
        assert values is not None
        moment, plane = divmod(index, values.shape[-3])
        found = values[moment, plane] if values.ndim == 4 else values[plane]
        frame = np.array(found, self.dtype, order="C")
        frame.setflags(write=False)
        return frame

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        del priority
        return done(self.read(index))
