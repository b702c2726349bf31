"""Planes and slabs of a volume as pictures, or as volumes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import check_place, replacing
from xray_studio.core.job import Job, Progress
from xray_studio.core.lut import apply_window
from xray_studio.core.presentation import Window
from xray_studio.core.volume.geometry import VolumeGeometry
from xray_studio.core.volume.planes import Plane, Projection
from xray_studio.core.volume.volume import Volume, check_memory
from xray_studio.imaging.save import save
from xray_studio.services.volume.convert import ConvertOptions, convert, suffix_of
from xray_studio.services.volume.facts import value_range
from xray_studio.services.volume.noted import noted
from xray_studio.services.volume.planes import Cutter, Picture
from xray_studio.services.volume.windows import asked_window, suited_window

_OUTSIDE: Final = "Outside the volume stands its lowest value, since DICOM has no word for nothing."
PICTURES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Cut:
    """Planes one behind the other, `step` mm apart, and what stands for their slabs."""

    plane: Plane
    how: Projection = Projection.MIP
    count: int = 1
    step: float = 1.0

    def planes(self) -> list[Plane]:
        """Return the planes, from the viewer away, about the one that is told."""
        first = -(self.count - 1) / 2
        return [self.plane.moved((first + n) * self.step) for n in range(self.count)]


def cut(volume: Volume, wanted: Cut) -> Job[Volume]:
    """Return planes of a volume as a volume, float32, NaN where there is nothing.

    Raises UsageError for several moments, or planes of no distance.
    """
    if wanted.count < 1 or (wanted.count > 1 and not wanted.step > 0.0):
        raise UsageError("Choose at least one plane, and a step above 0 mm.")
    rows, columns = wanted.plane.size
    check_memory((wanted.count, rows, columns), np.dtype(np.float32))
    cutter, planes = Cutter(volume), wanted.planes()
    values = np.empty((wanted.count, rows, columns), np.float32)
    for number, plane in enumerate(planes):
        yield Progress(number, len(planes), "Cutting planes")
        values[number] = cutter.cut(plane, wanted.how)
    affine = planes[0].affine
    affine[:3, 2] *= _apart(wanted)
    return Volume(
        values,
        VolumeGeometry((len(planes), rows, columns), affine),
        volume.modality,
        volume.unit,
        placed=volume.placed,
        spaced=volume.spaced,
        format=volume.format,
        paths=volume.paths,
        description=" ".join(filter(None, ("Planes", volume.description))),
        identity=volume.identity,
        frame_of_reference=volume.frame_of_reference,
        windows=volume.windows,
    )


def _apart(wanted: Cut) -> float:
    return wanted.step if wanted.count > 1 else wanted.plane.thickness or 1.0


def write_cut(
    volume: Volume,
    wanted: Cut,
    target: Path,
    window: tuple[float, float] | None = None,
    *,
    overwrite: bool = False,
) -> Job[Volume]:
    """Write planes as a picture (one of them, square pixels), or as a volume; return them.

    `window` is (centre, width); without one that of the file holds, else an automatic one. What is
    written as DICOM stays in the study of its source, rounded, with the lowest value outside the
    volume; what is to be known of it stands among the warnings. Raises UsageError and WriteError
    with the reason.
    """
    suffix = target.suffix.lower()
    if suffix in PICTURES:
        if wanted.count > 1:
            raise UsageError("A picture holds one plane; choose a volume, as planes.nii.gz.")
        _check_free(target, overwrite=overwrite)
        made = yield from cut(volume, replace(wanted, plane=wanted.plane.squared()))
        picture = shown(made.values[0], window_of(volume, made, window))
        with replacing(target) as path:
            save(path, picture, suffix)
        return made.warned(*noted(target, volume.identity, named=False))
    made = yield from cut(volume, wanted)
    dicom = suffix_of(target) in {"", ".dcm"}
    made = _filled(made, volume) if dicom else made
    done = yield from convert(made, target, ConvertOptions(rounded=dicom, overwrite=overwrite))
    return made.warned(*done.notes)


def _filled(made: Volume, volume: Volume) -> Volume:
    """Return planes with the lowest value of their volume where they lie outside of it."""
    outside = np.isnan(made.values)
    if not outside.any():
        return made
    low, _ = value_range(volume.values)
    values = np.where(outside, np.float32(low or 0.0), made.values)
    return replace(made, values=values).warned(_OUTSIDE)


def _check_free(target: Path, *, overwrite: bool) -> None:
    check_place(target)
    if target.exists() and not overwrite:
        raise WriteError(
            f"{target.name} exists and would be lost; choose another name, or allow it to be"
            " replaced (--overwrite)."
        )


def window_of(volume: Volume, made: Volume, window: Sequence[float] | None) -> Window:
    """Return the window that is asked for, else that of the file, else one that suits the planes.

    `made` are planes of `volume`.
    """
    if window is not None:
        return asked_window(window, volume.values)
    if volume.windows:
        return volume.windows[0]
    found = suited_window(made.values)
    if found is None:
        raise UsageError("The plane lies outside the volume; choose another place with --at.")
    return found


def shown(values: Picture, window: Window) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return a plane as shown, 8 bit, black outside the volume."""
    levels = 255.0 * apply_window(values.astype(np.float64), window)
    return np.rint(np.nan_to_num(levels, nan=0.0)).astype(np.uint8)
