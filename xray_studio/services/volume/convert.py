"""A volume into another format, opened again and compared: every value, and every voxel's place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.files import check_place, replacing, replacing_folder
from xray_studio.core.job import Job, Progress
from xray_studio.core.place import SliceGrid
from xray_studio.core.value_output import ValueSpec
from xray_studio.core.volume.geometry import reoriented
from xray_studio.core.volume.volume import Volume
from xray_studio.services.export.earlier import check_not_source
from xray_studio.services.export.manifest import program_facts
from xray_studio.services.export.values import SHEARED
from xray_studio.services.volume.noted import noted
from xray_studio.services.volume.open import open_volume
from xray_studio.services.volume.stored import kept_values
from xray_studio.volume.analyze_writer import ORDER, write_analyze
from xray_studio.volume.formats import Format

SUFFIXES: Final = (".nii", ".nii.gz", ".nrrd", ".mha", ".mnc", ".hdr", ".dcm")
APART: Final = 1e-4  # mm
_ITK: Final = {".nrrd": Format.NRRD, ".mha": Format.META, ".mnc": Format.MINC_2}
_NO_PLACE: Final = (
    "Analyze holds no place: the volume keeps its values, spacing and order to the left, front and"
    " head, and loses where it lies."
)
_NO_IDENTITY: Final = "Only NIfTI, NRRD and MetaImage have room to say whose volume it is."


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """How a volume is written.

    `kind` is that of DICOM slices, "CT" or "MR", "" for the volume's own. `rounded` lets values be
    rounded to 16 bits where DICOM cannot keep them. `identity` tells inside whose volume it is.
    `packed` compresses NRRD and MetaImage.
    """

    kind: str = ""
    rounded: bool = False
    identity: bool = False
    packed: bool = True
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written: its files, how many, and what is to be known of it."""

    target: Path
    format: str
    files: int
    notes: tuple[str, ...] = ()


def convert(volume: Volume, target: Path, options: ConvertOptions | None = None) -> Job[Converted]:
    """Write a volume by the suffix of the target; a name without one is a folder of DICOM slices.

    What was written is opened again and compared, and stays only where all is equal. Raises
    UsageError for what the format cannot hold, WriteError where nothing can be written.
    """
    how = options or ConvertOptions()
    suffix = suffix_of(target)
    _check(volume, target, suffix, how)
    yield Progress(0, 1, "Writing the volume")
    done = yield from _written(volume, target, suffix, how)
    of_study = suffix in {"", ".dcm"} and volume.format == "DICOM"
    told = noted(target, volume.identity, named=of_study or how.identity)
    return replace(done, notes=(*done.notes, *told))


def _written(volume: Volume, target: Path, suffix: str, how: ConvertOptions) -> Job[Converted]:
    notes: tuple[str, ...]
    if suffix == "":
        notes = yield from _series(volume, target, how)
        return Converted(target, "DICOM series", _planes(volume), notes)
    if suffix == ".dcm":
        notes = yield from _multiframe(volume, target, how)
        return Converted(target, "DICOM multi-frame", 1, notes)
    if suffix == ".hdr":
        yield from _analyze(volume, target)
        return Converted(target, Format.ANALYZE.value, 2, (_NO_PLACE,))
    with replacing(target) as temporary:
        named = temporary.with_name(f"{temporary.name}{suffix}")  # libraries go by the suffix
        try:
            yield from _research(volume, named, suffix, how)
            yield from _verified(volume, named)
            named.replace(temporary)
        finally:
            named.unlink(missing_ok=True)
    notes = (SHEARED,) if suffix.startswith(".nii") and not volume.geometry.is_straight else ()
    return Converted(target, _format(suffix), 1, notes)


def suffix_of(target: Path) -> str:
    """Return the suffix that names a format, "" for a folder. Raises UsageError for another one."""
    name = target.name.casefold()
    if name.endswith(".img"):
        raise UsageError("Name the header of an Analyze volume, which ends in .hdr.")
    found = [suffix for suffix in SUFFIXES if name.endswith(suffix)]
    if not found and target.suffix and not target.is_dir():
        raise UsageError(
            f"{target.suffix} is no format of volumes; choose one of {', '.join(SUFFIXES)}, or a"
            " folder for DICOM slices."
        )
    return max(found, key=len) if found else ""


def _format(suffix: str) -> str:
    return _ITK[suffix].value if suffix in _ITK else Format.NIFTI.value


def _planes(volume: Volume) -> int:
    return volume.moments * volume.geometry.shape[0]


def _check(volume: Volume, target: Path, suffix: str, how: ConvertOptions) -> None:
    check_place(target)
    check_not_source(target, volume.paths)
    others = [target.with_suffix(".img")] if suffix == ".hdr" else []
    for path in (target, *others):
        if path.is_dir() and any(path.iterdir()):
            raise WriteError(f"The folder {path.name} holds files already; choose another name.")
        if path.is_file() and not how.overwrite:
            raise WriteError(
                f"{path.name} exists and would be lost; choose another name, or allow it to be"
                " replaced (--overwrite)."
            )
    if how.identity and suffix not in {".nii", ".nii.gz", ".nrrd", ".mha"}:
        raise UsageError(_NO_IDENTITY)
    if suffix == ".mnc" and not volume.geometry.is_straight:
        raise UsageError(
            "The slices lie askew, as those of a tilted gantry, which MINC cannot hold; choose"
            " NIfTI, NRRD or MetaImage."
        )


def _identity(volume: Volume, how: ConvertOptions) -> dict[str, str]:
    who = volume.identity
    told = {"patient_name": who.patient_name, "patient_id": who.patient_id,
            "birth_date": who.birth_date, "study_description": who.study_description,
            "date": who.date}  # fmt: skip
    return {key: text for key, text in told.items() if text} if how.identity else {}


def _research(volume: Volume, path: Path, suffix: str, how: ConvertOptions) -> Job[None]:
    if suffix in _ITK:
        from xray_studio.volume.itk import write_itk_volume

        told = _identity(volume, how) | dict(volume.label_words)
        with _refusals(suffix):
            write_itk_volume(path, volume, _ITK[suffix], packed=how.packed, told=told)
        return
    from xray_studio.volume.nifti import NiftiWriter

    with NiftiWriter(path, _spec(volume, how), packed=suffix.endswith(".gz")) as writer:
        for done, at in enumerate(np.ndindex(volume.values.shape[:-2])):
            yield Progress(done, _planes(volume), "Writing the volume")
            writer.write(volume.values[at])
        writer.close()


@contextlib.contextmanager
def _refusals(suffix: str) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise WriteError(
            f"{_format(suffix)} cannot hold values of this type or the disk refuses; choose NIfTI,"
            " or another place."
        ) from error


def _spec(volume: Volume, how: ConvertOptions) -> ValueSpec:
    planes, rows, columns = volume.geometry.shape
    count, along = _planes(volume), volume.along
    times = along.values if along is not None and along.kind == "time" else ()
    interval = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    who = _identity(volume, how)
    facts: dict[str, Any] = {"program": program_facts(), "modality": volume.modality}
    facts |= dict(volume.label_words)
    return ValueSpec(
        frame_shape=(rows, columns),
        dtype=volume.values.dtype,
        numbers=tuple(range(count)),
        times=tuple(times[n // planes] if times else float("nan") for n in range(count)),
        times_source="moments" if times else "not told",
        interval=interval,
        unit=volume.unit,
        spacing=(volume.geometry.spacing[1], volume.geometry.spacing[0]),
        spacing_meaning="patient",
        grid=SliceGrid(tuple(range(count)), planes, volume.moments, volume.geometry.affine),
        facts=facts | ({"identity": who} if who else {}),
    )


def _analyze(volume: Volume, target: Path) -> Job[None]:
    values, grid = reoriented(volume.values, volume.geometry, ORDER)
    wanted = replace(volume, values=values, geometry=grid, missing=())
    with replacing(target) as header, replacing(target.with_suffix(".img")) as image:
        pair = [part.with_name(f"{header.name}{end}") for part, end in
                ((header, ".hdr"), (image, ".img"))]  # fmt: skip
        try:
            write_analyze(pair[0], pair[1], volume)
            yield from _verified(wanted, pair[0], placed=False)
            pair[0].replace(header)
            pair[1].replace(image)
        finally:
            for part in pair:
                part.unlink(missing_ok=True)


def _series(volume: Volume, target: Path, how: ConvertOptions) -> Job[tuple[str, ...]]:
    from xray_studio.dicom.write.volume import write_slices

    order, notes = _order(volume, how, how.kind or volume.modality)
    with replacing_folder(target) as folder:
        total = _planes(volume)
        for done in write_slices(folder, order):
            yield Progress(done, total, "Writing slices")
        yield from _verified(volume, folder, rounded=how.rounded)
    return notes


def _multiframe(volume: Volume, target: Path, how: ConvertOptions) -> Job[tuple[str, ...]]:
    from xray_studio.dicom.write.volume import write_multiframe

    order, notes = _order(volume, how, volume.modality or "OT", unsigned=True)
    with replacing(target) as path:
        write_multiframe(path, order)
        yield from _verified(volume, path, rounded=how.rounded)
    return notes


def _order(
    volume: Volume, how: ConvertOptions, modality: str, *, unsigned: bool = False
) -> tuple[Any, tuple[str, ...]]:
    from xray_studio.dicom.write.volume import CLASSES, VolumeOrder

    if modality not in CLASSES and not unsigned:
        raise UsageError(
            "DICOM slices are of CT or MR, and this volume says neither; choose with --as ct or"
            " --as mr, or write one multi-frame object (.dcm)."
        )
    kept, notes = kept_values(volume, rounded=how.rounded, unsigned=unsigned)
    order = VolumeOrder(
        kept,
        volume.geometry,
        modality,
        source=volume.paths[0] if volume.format == "DICOM" else "",
        frame_of_reference=volume.frame_of_reference,
        description=volume.description,
        windows=tuple((one.center, one.width) for one in volume.windows),
    )
    return order, notes


def _verified(
    volume: Volume, path: Path, *, placed: bool = True, rounded: bool = False
) -> Job[None]:
    """Open what was written. Raises WriteError unless it holds the same values at one place."""
    yield Progress(0, 1, "Checking the volume")
    found = yield from open_volume(path)
    same = _same_values(found.values, volume.values) or rounded
    if not same or found.values.shape != volume.values.shape:
        raise WriteError("The finished volume holds other values than were written; it is removed.")
    if placed and not found.geometry.lies_as(volume.geometry, APART):
        raise WriteError("The finished volume lies elsewhere than it should; it is removed.")
    spacing = np.abs(np.subtract(found.geometry.spacing, volume.geometry.spacing)).max()
    if spacing > APART:
        raise WriteError("The finished volume has another spacing than it should; it is removed.")


def _same_values(one: Any, other: Any) -> bool:
    if one.shape != other.shape:
        return False
    floating = "f" in {one.dtype.kind, other.dtype.kind}
    return all(
        np.array_equal(one[at], other[at], equal_nan=floating) for at in np.ndindex(one.shape[:-2])
    )
