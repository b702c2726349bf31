"""NIfTI files (.nii, .nii.gz) written frame by frame with nibabel's headers.

Voxels are (column, row, slice, moment), in that order in the file: rows of a frame follow one
another as they do in DICOM. What NIfTI has no field for stands in a comment (extension 6) as JSON.
"""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self, cast

import numpy as np

from xray_studio.core.clip import Frame
from xray_studio.core.place import Affine, to_ras
from xray_studio.core.value_output import ValueSpec

_LARGEST_1 = 32_767  # of any side of NIfTI-1, whose sizes are 16-bit numbers
_COMMENT = 6
_SCANNER = 1  # the affine leads to the scanner's coordinates
_GZIP_LEVEL = 4


class NiftiWriter:
    """Writes a header and then frame after frame; `.nii.gz` is compressed on the way."""

    def __init__(self, path: Path, spec: ValueSpec, *, packed: bool) -> None:
        self._path, self._spec, self._packed = path, spec, packed
        self._stack = contextlib.ExitStack()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._file = self._stack.enter_context(_opened(self._path, packed=self._packed))
        _write_header(self._file, self._spec)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, frame: Frame) -> None:
        """Append one frame. Raises OSError."""
        assert self._file is not None
        self._file.write(np.ascontiguousarray(frame, self._spec.dtype).data)

    def close(self) -> None:
        """Finish. Raises OSError."""
        self._stack.close()


@contextlib.contextmanager
def _opened(path: Path, *, packed: bool) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        if not packed:
            yield file
            return
        # No name and no date in it: the same data gives the same file.
        with gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as stream:
            yield cast("IO[bytes]", stream)


def _write_header(file: IO[bytes], spec: ValueSpec) -> None:
    """Write header and comment, up to the first voxel."""
    header = _header(spec)
    header.write_to(file)


def _header(spec: ValueSpec) -> Any:
    import nibabel

    sizes = _sizes(spec)
    small = max(sizes) <= _LARGEST_1
    kind: Any = nibabel.Nifti1Header if small else nibabel.Nifti2Header
    header = kind()
    header.set_data_dtype(_data_type(spec))
    header.set_data_shape(sizes)
    header.set_xyzt_units("mm", "sec")
    header.set_slope_inter(1.0, 0.0)
    _place(header, spec, len(sizes))
    header["descrip"] = _text(spec.facts.get("modality", ""), spec.unit)
    header["intent_name"] = spec.unit.encode("ascii", "replace")[:16]
    extension = nibabel.nifti1.Nifti1Extension(_COMMENT, _comment(spec))
    header.extensions.append(extension)
    header["vox_offset"] = 0  # as little as the extension needs
    header["magic"] = header.single_magic
    return header


def _text(modality: str, unit: str) -> bytes:
    words = filter(None, ("X-Ray Studio", modality, unit))
    return " ".join(words).encode("ascii", "replace")[:79]


def _data_type(spec: ValueSpec) -> Any:
    """Return the type of a voxel; three bytes of colour are one voxel."""
    if len(spec.frame_shape) == 3:
        return np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
    return spec.dtype


def _sizes(spec: ValueSpec) -> tuple[int, ...]:
    rows, columns = spec.frame_shape[:2]
    grid = spec.grid
    if grid is None and spec.stacked:
        return (columns, rows, len(spec.numbers))
    slices, moments = (1, len(spec.numbers)) if grid is None else (grid.slices, grid.phases)
    return (columns, rows, slices) if moments == 1 else (columns, rows, slices, moments)


def _place(header: Any, spec: ValueSpec, dimensions: int) -> None:
    """Set the sizes of voxels and, where it is known, their place in the patient.

    A sheared grid (tilted gantry) has an sform only: a quaternion cannot tell it.
    """
    rows, columns = spec.spacing or (1.0, 1.0)
    depth = 1.0
    if spec.grid is not None:
        affine = to_ras(spec.grid.affine)
        header.set_sform(affine, _SCANNER)
        if _is_straight(affine):
            header.set_qform(affine, _SCANNER)
        columns, rows, depth = np.linalg.norm(affine[:3, :3], axis=0)
    zooms = (columns, rows, depth, spec.interval)[:dimensions]
    header.set_zooms(tuple(float(size) for size in zooms))


def _is_straight(affine: Affine) -> bool:
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    return bool(np.allclose(axes.T @ axes, np.eye(3), atol=1e-4))


def _comment(spec: ValueSpec) -> bytes:
    told = {
        "unit": spec.unit,
        "spacing_meaning": spec.spacing_meaning,
        "frames": spec.numbers,
        "times": [None if np.isnan(time) else time for time in spec.times],
        "times_source": spec.times_source,
        "facts": spec.facts,
    }
    return json.dumps(told, ensure_ascii=True).encode()


def read_nifti(path: Path, spec: ValueSpec, *, packed: bool) -> tuple[int, Frame, Frame]:
    """Return number of frames, first and last frame of a file, read without the others.

    Raises OSError or ValueError where it is not whole.
    """
    import nibabel

    with gzip.open(path) if packed else path.open("rb") as file:
        large = max(_sizes(spec)) > _LARGEST_1
        kind: Any = nibabel.Nifti2Image if large else nibabel.Nifti1Image
        image = kind.from_stream(file)
        if image.shape[1::-1] != spec.frame_shape[:2]:
            raise ValueError("another size than was written")
        ends = [image.dataobj[(..., *[at] * (len(image.shape) - 2))] for at in (0, -1)]
        first, last = (_as_frame(end, spec) for end in ends)
        return int(np.prod(image.shape[2:])), first, last


def _as_frame(voxels: Any, spec: ValueSpec) -> Frame:
    """Return voxels (columns, rows) as a frame (rows, columns[, 3])."""
    frame = np.ascontiguousarray(np.asarray(voxels).T)
    return frame.view(np.uint8).reshape(spec.frame_shape) if frame.dtype.names else frame
