"""Any file, folder or series as a volume."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Job, Progress, finished
from xray_studio.core.kinds import DICOM, DOCUMENT
from xray_studio.core.place import Vector
from xray_studio.core.study import Catalog, Series
from xray_studio.core.volume.volume import Volume
from xray_studio.services.open import Paths, scan
from xray_studio.services.volume.parts import Part, chosen
from xray_studio.volume.formats import Format, format_of, header_beside
from xray_studio.volume.raw import RawForm, read_raw

_HEADERS: Final = (
    ".nii", ".nii.gz", ".hdr", ".hdr.gz", ".mnc", ".nrrd", ".nhdr", ".mha", ".mhd", ".hv", ".h33",
)  # fmt: skip


def open_volume(
    paths: Paths,
    *,
    part: int | None = None,
    raw: RawForm | None = None,
    spacing: Vector | None = None,
) -> Job[Volume]:
    """Return what files or a folder hold as a volume; `part` chooses one of several, from 1.

    `raw` says how the voxels of a file without a header lie, `spacing` (column, row, plane, mm) how
    far pictures do that do not tell. Raises UsageError where several volumes are there and none is
    chosen, and StudioError with the reason where none can be opened.
    """
    parts = yield from volume_parts(paths, raw=raw, spacing=spacing)
    volume = yield from chosen(parts, part).opener()
    return volume


def volume_of_series(series: Series, *, part: int | None = None) -> Job[Volume]:
    """Return the volume of a series of a catalogue, whatever its kind.

    `part` chooses one of several, from 1. Raises UsageError, which names them, where several are
    there and none is chosen, and StudioError with the reason where there is none.
    """
    parts = yield from series_parts(series)
    volume = yield from chosen(parts, part).opener()
    return volume


def series_parts(series: Series) -> Job[list[Part]]:
    """Return the volumes of a series of a catalogue. Raises the reason where there is none."""
    from xray_studio.services.volume.series import parts_of

    if series.kind in {DICOM, DOCUMENT}:
        return (yield from parts_of(series))
    return (yield from volume_parts(series.paths))


def volume_parts(
    paths: Paths, *, raw: RawForm | None = None, spacing: Vector | None = None
) -> Job[list[Part]]:
    """Return the volumes that files or a folder hold. Raises the reason where there is none."""
    named = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    listed = [os.fspath(path) for path in named]
    if not listed:
        raise UsageError("There is no file to open; name at least one.")
    if raw is not None:
        return [_raw_part(_only(listed), raw)]
    found: list[Part] = []
    rest: list[str] = []
    for path in listed:
        yield Progress(0, 0, "Reading headers")
        here = _researched(path)
        found += here
        rest += [] if here and not Path(path).is_dir() else [path]
    if rest:
        found += yield from _scanned(rest, spacing, beside=bool(found))
    return found


def _only(paths: Sequence[str]) -> str:
    if len(paths) > 1:
        raise UsageError("A raw volume lies in one file; name that file alone.")
    return paths[0]


def _researched(path: str) -> list[Part]:
    """Return the volumes of research formats that a file holds, or the files of a folder."""
    if Path(path).is_dir():
        inside = sorted(one for one in Path(path).iterdir() if one.is_file())
        named = [str(one) for one in inside if one.name.casefold().endswith(_HEADERS)]
        return [part for one in named for part in _of_file(one, keep=len(named) == 1)]
    return _of_file(path, keep=True) if Path(path).is_file() else []


def _of_file(path: str, *, keep: bool) -> list[Part]:
    """Return the volume of a file, none of one of another kind.

    It is read to be listed; only where it is the only one does it stay in memory.
    """
    header = header_beside(path)
    kind = format_of(header)
    if kind is None or kind is Format.TIFF:
        return []
    first = read_volume(header, kind)
    kept = first if keep else None

    def opener() -> Job[Volume]:
        return finished(kept or read_volume(header, kind))

    return [Part(Path(header).name, kind.value, first.values.shape, opener, first.paths)]


def read_volume(path: str, kind: Format) -> Volume:
    """Return the volume of one file of a research format. Raises StudioError with the reason."""
    from xray_studio.volume.envi import read_envi
    from xray_studio.volume.interfile import read_interfile
    from xray_studio.volume.itk import IMAGE_IO, read_itk_volume
    from xray_studio.volume.minc_reader import read_minc1_volume
    from xray_studio.volume.nifti_reader import read_nifti_volume

    if kind in IMAGE_IO:
        return read_itk_volume(path, kind)
    readers: dict[Format, Callable[[], Volume]] = {
        Format.MINC_1: lambda: read_minc1_volume(path),
        Format.INTERFILE: lambda: read_interfile(path),
        Format.ENVI: lambda: read_envi(path),
    }
    return readers.get(kind, lambda: read_nifti_volume(path, kind))()


def _raw_part(path: str, form: RawForm) -> Part:
    def opener() -> Job[Volume]:
        return finished(read_raw(path, form))

    return Part(Path(path).name, "RAW", form.sizes[::-1], opener, (path,))


def _scanned(paths: Sequence[str], spacing: Vector | None, *, beside: bool) -> Job[list[Part]]:
    """Return the volumes of DICOM series, or of pictures; none where others lie beside them."""
    catalog = yield from scan(paths)
    try:
        parts = yield from _of_catalog(catalog, paths, spacing)
    except StudioError:
        if not beside:
            raise
        return []
    return parts


def _of_catalog(catalog: Catalog, paths: Sequence[str], spacing: Vector | None) -> Job[list[Part]]:
    from xray_studio.services.volume.pictures import picture_parts
    from xray_studio.services.volume.series import dicom_parts

    kinds = {series.kind for series in catalog.pictures()}
    if kinds and DICOM not in kinds:
        found = [path for series in catalog.pictures() for path in series.paths]
        tiff = len(found) == 1 and format_of(found[0]) is Format.TIFF
        return (yield from picture_parts(paths, spacing, tiff=tiff))
    return (yield from dicom_parts(catalog))
