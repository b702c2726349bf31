"""Any file, folder or series as a volume."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from xray_studio.core.archive import is_file
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.kinds import DICOM, DOCUMENT, VOLUME
from xray_studio.core.place import Vector
from xray_studio.core.study import Catalog, Series
from xray_studio.core.volume.volume import Volume
from xray_studio.services.open import Paths, scan
from xray_studio.services.volume.parts import Part, chosen
from xray_studio.services.volume.reading import read_volume_header, volume_of_header
from xray_studio.volume.formats import Format, format_of, header_beside
from xray_studio.volume.header import VolumeHeader
from xray_studio.volume.raw import RawForm, read_raw


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
        here = yield from _of_file(path)
        found += here
        rest += [] if here else [path]
    if rest:
        found += yield from _scanned(rest, spacing, beside=bool(found))
    return found


def _only(paths: Sequence[str]) -> str:
    if len(paths) > 1:
        raise UsageError("A raw volume lies in one file; name that file alone.")
    return paths[0]


def _of_file(path: str) -> Job[list[Part]]:
    """Return the volume of a file of a research format, none of one of another kind."""
    header = header_beside(path)
    if not is_file(header) or format_of(header) in {None, Format.TIFF}:
        return []
    return [part_of_header((yield from read_volume_header(header)))]


def part_of_header(header: VolumeHeader) -> Part:
    """Return the volume of a file of which only the header was read so far."""

    def opener() -> Job[Volume]:
        return volume_of_header(header)

    return Part(Path(header.path).name, header.format.value, header.shape, opener, header.paths)


def _raw_part(path: str, form: RawForm) -> Part:
    def opener() -> Job[Volume]:
        return read_raw(path, form)

    return Part(Path(path).name, "RAW", form.sizes[::-1], opener, (path,))


def _scanned(paths: Sequence[str], spacing: Vector | None, *, beside: bool) -> Job[list[Part]]:
    """Return the volumes that a scan finds; none where others lie beside them."""
    catalog = yield from scan(paths)
    found: list[Part] = []
    for series in catalog.pictures():
        if series.kind == VOLUME:
            found += yield from _of_volume(series.paths[0], spacing)
    try:
        found += yield from _of_catalog(catalog, paths, spacing)
    except StudioError:
        if not beside and not found:
            raise
    return found


def _of_volume(path: str, spacing: Vector | None) -> Job[list[Part]]:
    """Return the volume of a file that a scan found to be one."""
    found = yield from _of_file(path)
    if found:
        return found
    from xray_studio.services.volume.pictures import picture_parts

    return (yield from picture_parts([path], spacing, tiff=True))


def _of_catalog(catalog: Catalog, paths: Sequence[str], spacing: Vector | None) -> Job[list[Part]]:
    """Return the volumes of DICOM series, or of pictures where there is nothing else."""
    from xray_studio.services.volume.pictures import picture_parts
    from xray_studio.services.volume.series import dicom_parts

    kinds = {series.kind for series in catalog.pictures()}
    if kinds == {VOLUME}:
        return []
    if kinds and not kinds & {DICOM, VOLUME}:
        found = [path for series in catalog.pictures() for path in series.paths]
        tiff = len(found) == 1 and format_of(found[0]) is Format.TIFF
        return (yield from picture_parts(paths, spacing, tiff=tiff))
    return (yield from dicom_parts(catalog))
