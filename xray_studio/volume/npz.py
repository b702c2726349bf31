"""NumPy archives (.npz) written frame by frame: the frames are never together in memory.

The keys stand in docs/exporting-values.md.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from xray_studio.core.clip import Frame
from xray_studio.core.value_output import ValueSpec

_VALUES = "values.npy"
_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip archive can tell: the same for the same data


class NpzWriter:
    """Writes `values`, and the small arrays that describe them after it. Nothing is compressed."""

    def __init__(self, path: Path, spec: ValueSpec) -> None:
        self._path, self._spec = path, spec
        self._archive: zipfile.ZipFile | None = None
        self._member: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._archive = zipfile.ZipFile(self._path, "w", zipfile.ZIP_STORED)
        info = zipfile.ZipInfo(_VALUES, _NO_DATE)
        self._member = self._archive.open(info, "w", force_zip64=True)
        _write_header(self._member, self._spec.shape, self._spec.dtype)
        return self

    def __exit__(self, *_: object) -> None:
        if self._member is not None:
            self._member.close()
        if self._archive is not None:
            self._archive.close()

    def write(self, frame: Frame) -> None:
        """Append one frame. Raises OSError."""
        assert self._member is not None
        self._member.write(np.ascontiguousarray(frame, self._spec.dtype).data)

    def close(self) -> None:
        """Add what describes the values and finish. Raises OSError."""
        assert self._member is not None
        assert self._archive is not None
        self._member.close()
        for name, array in described(self._spec).items():
            with self._archive.open(zipfile.ZipInfo(f"{name}.npy", _NO_DATE), "w") as member:
                npy.write_array(member, array, allow_pickle=False)
        self._archive.close()


def described(spec: ValueSpec) -> dict[str, npt.NDArray[Any]]:
    """Return what stands beside the values, by key."""
    found = {
        "times": np.array(spec.times, np.float64),
        "times_source": np.array(spec.times_source),
        "frames": np.array(spec.numbers, np.int64),
        "unit": np.array(spec.unit),
        "spacing": np.array(spec.spacing or (np.nan, np.nan), np.float64),
        "spacing_meaning": np.array(spec.spacing_meaning),
        "facts": np.array(json.dumps(spec.facts, ensure_ascii=False)),
    }
    return found | ({} if spec.grid is None else {"affine": spec.grid.affine})


def read_npz(path: Path) -> tuple[int, Frame, Frame]:
    """Return number of frames, first and last frame of an archive, read without the others.

    Raises OSError or ValueError where it is not whole.
    """
    with zipfile.ZipFile(path) as archive, archive.open(_VALUES) as member:
        shape, kind = _read_header(member)
        begin, size = member.tell(), int(np.prod(shape[1:])) * kind.itemsize
        frames = []
        for index in (0, shape[0] - 1):
            member.seek(begin + index * size)
            frames.append(np.frombuffer(member.read(size), kind).reshape(shape[1:]))
    return shape[0], frames[0], frames[1]


def _write_header(member: IO[bytes], shape: tuple[int, ...], kind: np.dtype[Any]) -> None:
    header = {"descr": npy.dtype_to_descr(kind), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(member, header)


def _read_header(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    npy.read_magic(member)
    shape, _, kind = npy.read_array_header_1_0(member)
    return shape, kind
