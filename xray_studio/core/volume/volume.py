"""Volume: values on a grid in the patient, at one moment or several. Pure."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Identity
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.presentation import Window
from xray_studio.core.volume.geometry import Shape, VolumeGeometry
from xray_studio.core.volume.suv import PetFacts

Voxels: TypeAlias = npt.NDArray[Any]

_SHARE: Final = 0.75  # of the memory that is free which one volume may take


@dataclass(frozen=True, slots=True)
class Along:
    """What tells the volumes of a four-dimensional one apart, in order.

    `kind` is "time", "phase", "b-value", "echo", "kind" (`words` are those of Image Type) or
    "number", where nothing else is told. `values` are in `unit`; those of "kind" count from 1.
    """

    kind: str
    values: tuple[float, ...]
    unit: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """Values (planes, rows, columns), or (moments, planes, rows, columns), read-only.

    They are what the file means by its numbers (Hounsfield units, Bq/ml), grey, and lie on disk
    where the file allows it. `missing` are the planes that the files lack, from 0: their place is
    kept, and they hold the lowest value there is. `along` tells the moments of a four-dimensional
    one, `windows` are those that the file offers. `placed` tells whether the file says where the
    volume lies; without that, left and right are by convention only. `spaced` tells whether its
    distances are millimetres that the file, or a person, told. `format` is that of the files.
    `origins` are the SOP Instance UID and the frame (from 1) of every plane, moment by moment, ""
    for one that is missing; without any, planes are not those of DICOM objects.
    `label_words` tell what its numbers stand for where they are labels (`core.labels.words`).
    """

    values: Voxels
    geometry: VolumeGeometry
    modality: str = ""
    unit: str = ""
    along: Along | None = None
    missing: tuple[int, ...] = ()
    placed: bool = True
    spaced: bool = True
    format: str = ""
    paths: tuple[str, ...] = ()
    description: str = ""
    identity: Identity = field(default_factory=Identity)
    frame_of_reference: str = ""
    origins: tuple[tuple[str, int], ...] = ()
    windows: tuple[Window, ...] = ()
    pet: PetFacts | None = None
    label_words: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values.shape[-3:] != self.geometry.shape or self.values.ndim not in {3, 4}:
            raise UnreadableError("The file holds another number of voxels than it says.")
        if self.values.flags.writeable:
            view = self.values.view()
            view.setflags(write=False)
            object.__setattr__(self, "values", view)

    def __repr__(self) -> str:
        """Return kind and size only: notebooks and logs must not tell whose volume this is."""
        size = " x ".join(map(str, self.values.shape))
        return f"<Volume {self.modality or 'no modality'} {size} {self.values.dtype}>"

    @property
    def moments(self) -> int:
        """Number of volumes along the fourth dimension, 1 for a three-dimensional one."""
        return self.values.shape[0] if self.values.ndim == 4 else 1

    def at(self, moment: int) -> Voxels:
        """Return the values of one moment, (planes, rows, columns)."""
        return self.values[moment] if self.values.ndim == 4 else self.values

    def alone(self, moment: int) -> Volume:
        """Return one moment, from 0, as a volume. Raises UsageError for one that is not there."""
        if not 0 <= moment < self.moments:
            raise UsageError(f"There are {self.moments} moments; choose one from 1 on.")
        planes = self.geometry.shape[0]
        own = self.origins[moment * planes : (moment + 1) * planes]
        return replace(self, values=self.at(moment), along=None, origins=own)

    def single(self, what: str) -> Volume:
        """Return the volume where it is three-dimensional.

        Raises UsageError, which begins with `what`, for several moments.
        """
        if self.moments > 1:
            raise UsageError(
                f"{what} takes a volume of one moment and this one has {self.moments}; choose one"
                " with --moment."
            )
        return self.alone(0) if self.values.ndim == 4 else self

    def warned(self, *warnings: str) -> Volume:
        """Return the volume with more warnings."""
        return replace(self, warnings=(*self.warnings, *warnings))


def size_words(shape: tuple[int, ...], kind: np.dtype[Any]) -> str:
    """Return what voxels take in memory, as "1.2 GB"."""
    return _bytes_words(int(np.prod([int(n) for n in shape], dtype=object)) * kind.itemsize)


def _bytes_words(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 100_000_000 else f"{max(size, 1) / 1e6:.1f} MB"


def check_memory(shape: tuple[int, ...], kind: np.dtype[Any], times: float = 1.0) -> None:
    """Raise UsageError where voxels take more memory than there is, `times` their size.

    Shapes that no memory can hold are those of damaged headers: they raise the same way.
    """
    size = int(np.prod([int(n) for n in shape], dtype=object)) * kind.itemsize
    free = free_memory()
    if size * times > free * _SHARE:
        raise UsageError(
            f"The volume takes {_bytes_words(int(size * times))} of memory and"
            f" {_bytes_words(free)} are free; close other programs, or take a part of it."
        )


def free_memory() -> int:
    """Return the bytes of memory that can still be used, 8 GB where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:  # noqa: PTH123 - no real file
            told = dict(line.split(":", 1) for line in file)
        return int(told["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return _physical()


def _physical() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return 8 << 30


def shape_of(sizes: tuple[int, ...]) -> Shape:
    """Return (planes, rows, columns) of voxels of three or four dimensions."""
    planes, rows, columns = sizes[-3:]
    return planes, rows, columns
