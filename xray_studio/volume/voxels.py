"""Voxels as files hold them: mapped or unpacked, in the order of bytes of this machine, scaled."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.volume.volume import Voxels, check_memory, size_words
from xray_studio.volume.formats import damaged_gzip
from xray_studio.volume.header import PLAIN, Scale, Stored

_PIECE: Final = 4 << 20  # bytes unpacked at once
_READ: Final = 1 << 20  # packed bytes read at once
_FLOAT32_BYTES: Final = 2  # of whole numbers that float32 holds without loss
_EITHER: Final = 47  # zlib: gzip or zlib, as the stream itself says


def read_stored(stored: Stored) -> Job[Voxels]:
    """Return voxels of a file in the order of the volume, as they are stored.

    What is not packed stays on disk. Raises UnreadableError for a file that is cut short or
    damaged, UsageError where memory is too little.
    """
    try:
        found = (yield from _unpacked(stored)) if stored.packed else _mapped(stored)
    except OSError as error:
        raise UnreadableError(f"The voxels cannot be read: {why_not_opened(error)}.") from error
    return found.transpose(stored.axes) if stored.axes else found


def read_plane(stored: Stored, number: int) -> Voxels:
    """Return plane `number` of a file that is not packed, of all moments counted from 0, as stored.

    It is read, not mapped: a file that is cut short meanwhile ends a program that has it mapped.
    Raises UnreadableError.
    """
    kind, size = np.dtype(stored.dtype), stored.shape[-2:]
    count = math.prod(size)
    try:
        with Path(on_disk(stored.path)).open("rb") as file:
            file.seek(stored.start + stored.offset + number * count * kind.itemsize)
            found = np.frombuffer(file.read(count * kind.itemsize), kind)
    except OSError as error:
        raise UnreadableError(f"The voxels cannot be read: {why_not_opened(error)}.") from error
    if found.size != count:
        raise UnreadableError("The file was cut short since it was opened; open it again.")
    return found.reshape(size)


def check_length(stored: Stored) -> None:
    """Raise UnreadableError where a file that is not packed is too short for its voxels."""
    if stored.packed:
        return
    kind = np.dtype(stored.dtype)
    needed = _bytes(stored.shape, kind)
    try:
        there = Path(on_disk(stored.path)).stat().st_size - stored.offset - stored.start
    except OSError as error:
        raise UnreadableError(f"The voxels cannot be read: {why_not_opened(error)}.") from error
    if there < needed:
        raise _cut_short(there, needed, stored.shape, kind)


def native(voxels: Voxels) -> Voxels:
    """Return voxels with their bytes in the order of this machine."""
    if voxels.dtype.isnative:
        return voxels
    check_memory(voxels.shape, voxels.dtype)
    return voxels.astype(voxels.dtype.newbyteorder("="))


def _mapped(stored: Stored) -> Voxels:
    check_length(stored)
    at = stored.start + stored.offset
    return np.memmap(Path(on_disk(stored.path)), np.dtype(stored.dtype), "r", at, stored.shape)


def _unpacked(stored: Stored) -> Job[Voxels]:
    """Unpack piece by piece: a place to stop comes after each, and nothing is held twice."""
    kind = np.dtype(stored.dtype)
    check_memory(stored.shape, kind)
    voxels = np.empty(stored.shape, kind)
    room = voxels.reshape(-1).view(np.uint8).data
    done, before = 0, stored.offset
    try:
        with Path(on_disk(stored.path)).open("rb") as file:
            file.seek(stored.start)
            unpacking = _Unpacking(file)
            while done < len(room):
                yield Progress(100 * done // len(room), 100, "Unpacking the volume")
                piece = unpacking.piece()
                if not piece:
                    raise _cut_short(done, len(room), stored.shape, kind)
                skipped = min(before, len(piece))
                before -= skipped
                count = min(len(piece) - skipped, len(room) - done)
                room[done : done + count] = piece[skipped : skipped + count]
                done += count
            unpacking.piece()  # the sum of the stream, which tells damage, stands behind it
    except (EOFError, zlib.error) as error:
        raise damaged_gzip() from error
    return voxels


class _Unpacking:
    """What a packed stream holds, piece by piece; of several streams one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._stream = zlib.decompressobj(_EITHER)
        self._packed = b""

    def piece(self) -> bytes:
        """Return some bytes, b"" after the last. Raises zlib.error and EOFError for damage."""
        while True:
            if self._stream.eof and not self._begin_next():
                return b""
            if not self._packed:
                self._packed = self._file.read(_READ)
            ended = not self._packed
            found = self._stream.decompress(self._packed, _PIECE)
            self._packed = self._stream.unconsumed_tail
            if found:
                return found
            if ended and not self._stream.eof:
                raise EOFError

    def _begin_next(self) -> bool:
        """Begin with the stream that follows; zeros after the last one are padding."""
        rest = (self._stream.unused_data or self._file.read(_READ)).lstrip(b"\0")
        self._stream, self._packed = zlib.decompressobj(_EITHER), rest
        return bool(rest)


def _bytes(shape: tuple[int, ...], kind: np.dtype[Any]) -> int:
    return int(np.prod([int(n) for n in shape], dtype=object)) * kind.itemsize


def _cut_short(
    there: int, needed: int, shape: tuple[int, ...], kind: np.dtype[Any]
) -> UnreadableError:
    share = 100.0 * max(0, there) / max(1, needed)
    return UnreadableError(
        f"The file is cut short: of {size_words(shape, kind)} of voxels {share:.0f} % are there."
    )


def scaled_planes(stored: Voxels, scales: Sequence[Scale]) -> Voxels:
    """Return values by one scale for all planes, or one for each along the first axis."""
    if len(set(scales)) == 1:
        return scaled(native(stored), *scales[0])
    values = np.empty(stored.shape, _fractions(stored.dtype))
    for plane, (slope, intercept) in enumerate(scales):
        values[plane] = stored[plane].astype(np.float64) * slope + intercept
    return values


def scaled(stored: Voxels, slope: float, intercept: float) -> Voxels:
    """Return the values that stored ones stand for: whole where scale and stored ones are.

    Others are float32, or float64 where float32 would lose digits of what is stored.
    """
    if (slope, intercept) == PLAIN:
        return stored
    if stored.dtype.kind in "iu" and slope.is_integer() and intercept.is_integer():
        whole = _whole(stored, int(slope), int(intercept))
        if whole is not None:
            return whole
    values = np.empty(stored.shape, _fractions(stored.dtype))
    check_memory(stored.shape, values.dtype, 0.0)
    for at in np.ndindex(stored.shape[:-2]):  # a plane at a time: little more memory
        values[at] = stored[at].astype(np.float64) * slope + intercept
    return values


def _fractions(kind: np.dtype[Any]) -> type[np.floating[Any]]:
    """Return the type of values with fractions that stored numbers lead to."""
    wide = kind.itemsize > (4 if kind.kind == "f" else _FLOAT32_BYTES)
    return np.float64 if wide else np.float32


def _whole(stored: Voxels, slope: int, intercept: int) -> Voxels | None:
    ends = [int(end) * slope + intercept for end in (stored.min(), stored.max())]
    for name in ("u1", "i1", "i2", "u2", "i4", "u4", "i8"):
        limits = np.iinfo(name)
        if limits.bits >= 8 * stored.dtype.itemsize and limits.min <= min(ends) <= limits.max:
            if max(ends) > limits.max:
                continue
            check_memory(stored.shape, np.dtype(name))
            values = stored.astype(np.int64) * slope + intercept
            return values.astype(name)
    return None


def unnumbered(values: Voxels) -> int:
    """Return how many voxels hold no number (NaN) or an infinite one."""
    if values.dtype.kind != "f":
        return 0
    return sum(int((~np.isfinite(values[at])).sum()) for at in np.ndindex(values.shape[:-2]))


def number_warning(values: Voxels) -> tuple[str, ...]:
    """Return what there is to say of voxels that hold no number."""
    odd = unnumbered(values)
    if not odd:
        return ()
    hold = "1 voxel holds" if odd == 1 else f"{odd:,} voxels hold"
    return (f"{hold} no finite number (NaN).",)
