"""Which layout a folder has, and the collections that a folder holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.learning.cases import Collection
from xray_studio.core.learning.findings import FINDINGS, NIH_FINDINGS
from xray_studio.services.learning.readers import (
    captions,
    indiana,
    nih,
    open_i,
    shared_tables,
)
from xray_studio.services.learning.readers.files import read_files
from xray_studio.services.learning.readers.rows import Read, gathered


@dataclass(frozen=True, slots=True)
class Layout:
    """A way in which films and what is known of them lie in a folder.

    `findings` are those that its labels can tell.
    """

    name: str
    fits: Callable[[Path], bool]
    read: Callable[[Path], Read]
    findings: tuple[str, ...] = ()


LAYOUTS = (  # the first that fits; tables of any name come after those that are named
    Layout("indiana", indiana.is_indiana, indiana.read_indiana, FINDINGS),
    Layout("open-i", open_i.is_open_i, open_i.read_open_i, FINDINGS),
    Layout("nih", nih.is_nih, nih.read_nih, NIH_FINDINGS),
    Layout("captions", captions.is_captions, captions.read_captions),
    Layout("reports", shared_tables.is_reports, shared_tables.read_reports, FINDINGS),
    Layout("labels", shared_tables.is_labels, shared_tables.read_labels, NIH_FINDINGS),
    Layout("cases", shared_tables.is_cases, shared_tables.read_cases),
)


def read_collections(folder: Path) -> Job[tuple[Collection, ...]]:
    """Return the collections in a folder: the one that it is, or those of the folders in it.

    A folder that has no layout, nor any in it that has one, is read as files. Raises UsageError
    where there are no films at all, with the first reason.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name one that holds films.")
    places = [folder]
    if _layout(folder) is None:
        inner = sorted(path for path in folder.iterdir() if path.is_dir())
        if any(_layout(path) for path in inner):
            places = inner
    found = []
    for place in places:
        one = yield from read_collection(place)
        found.append(one)
    if not any(one.cases for one in found):
        raise UsageError(f"There are no X-ray films in {folder}{_first_reason(found)}.")
    return tuple(found)


def read_collection(folder: Path) -> Job[Collection]:
    """Return what a folder holds, by its layout, without one as files."""
    layout, name = _layout(folder), folder.resolve().name
    if layout is None:
        found = yield from read_files(name, str(folder))
        return found
    rows = layout.read(folder)
    found = yield from gathered(name, layout.name, layout.findings, rows)
    return found


def _layout(folder: Path) -> Layout | None:
    return next((layout for layout in LAYOUTS if layout.fits(folder)), None)


def _first_reason(found: list[Collection]) -> str:
    skipped = next((one for each in found for one in each.skipped), None)
    return f": {skipped.path} {skipped.told}" if skipped else ""
