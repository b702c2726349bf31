"""Files of research formats, read so that a damaged one harms nothing.

Headers, and voxels that only a library of their format can read, are read in worker processes.
Voxels that lie in their file as they are, packed or not, need no library: they are mapped, or
unpacked piece by piece.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Final

from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.volume.volume import Volume, Voxels, check_memory
from xray_studio.core.workers import WorkerPool, run_apart
from xray_studio.core.workers.limits import time_for
from xray_studio.services.decoding import awaited
from xray_studio.services.volume.held import shared_voxels
from xray_studio.volume.formats import Format, format_of
from xray_studio.volume.header import VolumeHeader
from xray_studio.volume.read import library_values, read_header
from xray_studio.volume.voxels import number_warning, read_stored, scaled_planes

_SECONDS: Final = 20.0  # a library of a format takes a while to load
_BYTES_A_SECOND: Final = 5e6  # of a packed file on a busy core
_SHARED: Final = 100 << 20  # bytes of voxels for which the shared workers have memory
_TIMES: Final = 4  # the memory that a library takes for a volume, in volumes
_ROOM: Final = 512 << 20  # bytes for the library itself


def read_volume_header(path: str) -> Job[VolumeHeader]:
    """Return what a file of a research format tells. Raises UnreadableError, UnsupportedError."""
    kind = format_of(path)
    if kind is None or kind is Format.TIFF:
        raise UnreadableError("The file holds no volume any more; read the folder again.")
    future = run_apart(read_header, path, kind, time_limit=_SECONDS)
    header = yield from awaited(future, Progress(0, 0, "Reading headers"))
    return header


def stored_values(header: VolumeHeader) -> Job[Voxels]:
    """Return the voxels as they are stored, on disk where the file allows it.

    Their bytes may be in another order than those of this machine. Raises UnreadableError, or
    UsageError where memory is too little.
    """
    if header.stored is not None and not header.stored.packed:
        return (yield from read_stored(header.stored))
    return (yield from shared_voxels(header.paths, lambda: _into_memory(header)))


def _into_memory(header: VolumeHeader) -> Job[Voxels]:
    if header.stored is not None:
        return (yield from read_stored(header.stored))
    check_memory(header.shape, header.kind, 2)
    return (yield from _by_library(header))


def _by_library(header: VolumeHeader) -> Job[Voxels]:
    """Return values that a worker reads; a large volume has one of its own, with more memory."""
    limit = time_for(header.paths, _SECONDS, _BYTES_A_SECOND)
    if header.bytes <= _SHARED:
        future = run_apart(library_values, header.path, header.format, time_limit=limit)
        return (yield from _awaited(future))
    with WorkerPool(1, _ROOM + _TIMES * header.bytes) as pool:
        future = pool.submit(library_values, header.path, header.format, time_limit=limit)
        try:
            return (yield from _awaited(future))
        finally:
            pool.give_up(future)


def _awaited(future: Future[Voxels]) -> Job[Voxels]:
    return (yield from awaited(future, Progress(0, 0, "Reading the volume")))


def volume_of_header(header: VolumeHeader) -> Job[Volume]:
    """Return the volume that a header tells of. Raises as `stored_values`."""
    stored = yield from stored_values(header)
    values = scaled_planes(stored, header.scales)
    return Volume(
        values=values,
        geometry=header.geometry,
        modality=header.modality,
        unit=header.unit,
        label_words=header.label_words,
        along=header.along,
        placed=header.placed,
        spaced=header.spaced,
        format=header.format.value,
        paths=header.paths,
        windows=header.windows,
        warnings=(*header.warnings, *number_warning(values)),
    )
