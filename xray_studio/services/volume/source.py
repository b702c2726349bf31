"""Planes of a volume as the frames of a clip, read when they are asked for."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.job import Job, run
from xray_studio.core.volume.geometry import VolumeGeometry, reoriented
from xray_studio.core.volume.volume import Voxels
from xray_studio.core.workers import Priority, done
from xray_studio.services.volume.reading import stored_values
from xray_studio.volume.header import VolumeHeader
from xray_studio.volume.voxels import check_length, number_warning, read_plane


class VolumeSource:
    """FrameSource over the planes of a volume, all of a moment before those of the next.

    Planes that lie in a file as they are, one after the other, are read from there when they are
    asked for; what has to be unpacked or mapped is held as long as the source is. It pickles as its
    header, without voxels. `letters` tell where columns', rows' and planes' numbers grow to, which
    turns the planes; they follow one another along the same axis as in the file.
    """

    def __init__(self, header: VolumeHeader, letters: str) -> None:
        self._header, self._letters = header, letters
        none = np.broadcast_to(np.zeros((), header.kind), header.shape)
        turned, self.geometry = reoriented(none, header.geometry, letters)
        self.shape: tuple[int, ...] = (header.moments * turned.shape[-3], *turned.shape[-2:])
        stored = header.stored
        self._direct = None if stored is None or stored.packed or stored.axes else stored
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
        """Map or unpack voxels that cannot be read plane by plane. Raises as `stored_values`."""
        if self._direct is not None:
            check_length(self._direct)
            return
        values = yield from stored_values(self._header)
        with self._lock:
            self._values = values

    def number_warning(self, most: int) -> tuple[str, ...]:
        """Return what is to be said of voxels that hold no number, of no more than `most` bytes."""
        if self._header.bytes > most or self.dtype.kind != "f":
            return ()
        return number_warning(np.stack([self.read(n) for n in range(self.shape[0])]))

    def read(self, index: int) -> Frame:
        """Return frame `index` (from 0), read-only. Raises as `stored_values`."""
        moment, plane = divmod(index, self.geometry.shape[0])
        grid = self._header.geometry
        if grid.letters[2] != self._letters[2]:
            plane = self.geometry.shape[0] - 1 - plane
        found = self._plane(moment, plane)[np.newaxis]
        alone = VolumeGeometry((1, *found.shape[1:]), grid.affine)
        frame = np.array(reoriented(found, alone, self._letters)[0][0], self.dtype, order="C")
        frame.setflags(write=False)
        return frame

    def _plane(self, moment: int, plane: int) -> Voxels:
        """Return a plane as it is stored."""
        if self._direct is not None:
            return read_plane(self._direct, moment * self.geometry.shape[0] + plane)
        if self._values is None:
            run(self.load())
        assert self._values is not None
        values = self._values
        return np.asarray(values[moment, plane] if values.ndim == 4 else values[plane])

    def request(self, index: int, priority: Priority) -> Future[Frame]:
        """Return the frame as a future."""
        del priority
        return done(self.read(index))
