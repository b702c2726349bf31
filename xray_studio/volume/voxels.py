"""Voxels as files hold them: mapped or unpacked, in the order of bytes of this machine, scaled."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np

from xray_studio.core.archive import on_disk
from xray_studio.core.errors import UnreadableError
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.volume.volume import Voxels, check_memory, size_words
from xray_studio.volume.formats import damaged_gzip

_PIECE: Final = 16 << 20  # bytes unpacked at once
_FLOAT32_BYTES: Final = 2  # of whole numbers that float32 holds without loss


def read_voxels(
    path: str, shape: tuple[int, ...], kind: np.dtype[Any], offset: int, *, packed: bool
) -> Voxels:
    """Return voxels of a file, in the order of `shape`, the first of which varies slowest.

    What is not packed stays on disk, unless its bytes are in the other order. Raises
    UnreadableError for a file that is cut short or damaged, UsageError where memory is too little.
    """
    try:
        if packed:
            return native(_unpacked(path, shape, kind, offset))
        return native(_mapped(path, shape, kind, offset))
    except OSError as error:
        raise UnreadableError(f"The voxels cannot be read: {why_not_opened(error)}.") from error


def native(voxels: Voxels) -> Voxels:
    """Return voxels with their bytes in the order of this machine."""
    if voxels.dtype.isnative:
        return voxels
    check_memory(voxels.shape, voxels.dtype)
    return voxels.astype(voxels.dtype.newbyteorder("="))


def _mapped(path: str, shape: tuple[int, ...], kind: np.dtype[Any], offset: int) -> Voxels:
    place = Path(on_disk(path))
    needed = _bytes(shape, kind)
    there = place.stat().st_size - offset
    if there < needed:
        raise _cut_short(there, needed, shape, kind)
    return np.memmap(place, kind, "r", offset, shape)


def _unpacked(path: str, shape: tuple[int, ...], kind: np.dtype[Any], offset: int) -> Voxels:
    check_memory(shape, kind)
    voxels = np.empty(shape, kind)
    room = voxels.reshape(-1).view(np.uint8).data
    try:
        with gzip.open(on_disk(path)) as stream:
            file = cast("IO[bytes]", stream)
            file.seek(offset)
            done = 0
            while done < len(room):
                read = stream.readinto(room[done : done + _PIECE])
                if not read:
                    raise _cut_short(done, len(room), shape, kind)
                done += read
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged_gzip() from error
    return voxels


def _bytes(shape: tuple[int, ...], kind: np.dtype[Any]) -> int:
    return int(np.prod([int(n) for n in shape], dtype=object)) * kind.itemsize


def _cut_short(
    there: int, needed: int, shape: tuple[int, ...], kind: np.dtype[Any]
) -> UnreadableError:
    share = 100.0 * max(0, there) / max(1, needed)
    return UnreadableError(
        f"The file is cut short: of {size_words(shape, kind)} of voxels {share:.0f} % are there."
    )


def scaled(stored: Voxels, slope: float, intercept: float) -> Voxels:
    """Return the values that stored ones stand for: whole where scale and stored ones are.

    Others are float32, or float64 where float32 would lose digits of what is stored.
    """
    if (slope, intercept) == (1.0, 0.0):
        return stored
    if stored.dtype.kind in "iu" and slope.is_integer() and intercept.is_integer():
        whole = _whole(stored, int(slope), int(intercept))
        if whole is not None:
            return whole
    kind = stored.dtype
    wide = kind.itemsize > (4 if kind.kind == "f" else _FLOAT32_BYTES)
    values = np.empty(stored.shape, np.float64 if wide else np.float32)
    check_memory(stored.shape, values.dtype, 0.0)
    for at in np.ndindex(stored.shape[:-2]):  # a plane at a time: little more memory
        values[at] = stored[at].astype(np.float64) * slope + intercept
    return values


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
