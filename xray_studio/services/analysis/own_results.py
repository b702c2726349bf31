"""What this program wrote about films before: it lies beside films in folders, and is none.

Objects are known by the badge in their description, pictures by their name and the file that is
always written beside them: a film that merely has such a name stays a film.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from xray_studio.core.archive import on_disk
from xray_studio.core.drawn_text import SECONDARY_CAPTURE
from xray_studio.core.kinds import DICOM
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.study import Catalog, Instance
from xray_studio.services.open import SEGMENTATION

SUFFIXES: Final = (
    ".enhanced.png", ".heatmap.png", ".overlay.png", ".mask.png", ".seg.dcm", ".overlay.dcm",
    ".findings.json", ".report.txt", ".report.json", ".sr.dcm", ".html",
)  # fmt: skip
RESULT: Final = "a result that this program wrote about films, and no film"
SEGMENTS: Final = "a segmentation, and no film"
_HEAD: Final = 1 << 16  # bytes in which the description of an object stands
_BESIDE: Final = (".report.json", ".findings.json")  # written with every page
_NOTE: Final = "note.npy"  # in the values of every heat map and of every map of the unusual


def own_results(catalog: Catalog, folder: Path) -> dict[str, str]:
    """Return the pictures of a catalogue that are no films, with the reason.

    In `folder`, where results go, the name is enough.
    """
    # In an archive no folder can be looked into: what was skipped there tells of the texts.
    pages = {Path(one.path).parent for one in catalog.skipped if one.path.endswith(_BESIDE)}
    found = dict[str, str]()
    for series in catalog.pictures():
        for one in series.instances:
            reason = _reason(one, folder.absolute(), pages)
            found |= {one.path: reason} if reason else {}
    return found


def _reason(one: Instance, folder: Path, pages: AbstractSet[Path]) -> str:
    if one.sop_class_uid.startswith(SEGMENTATION):
        return SEGMENTS
    path = Path(one.path)
    is_own = path.absolute().is_relative_to(folder) and one.path.endswith(SUFFIXES)
    if one.kind == DICOM and f"{one.sop_class_uid}.".startswith(f"{SECONDARY_CAPTURE}."):
        is_own = is_own or _bears_badge(path)
    elif one.kind != DICOM and path.suffix == ".png":
        is_own = is_own or _is_own_picture(path, pages)
    return RESULT if is_own else ""


def _has_page(folder: Path) -> bool:
    return any(any(folder.glob(f"*{suffix}")) for suffix in _BESIDE)


def _bears_badge(path: Path) -> bool:
    with contextlib.suppress(OSError), Path(on_disk(str(path))).open("rb") as file:
        return BADGE.encode() in file.read(_HEAD)
    return False


def _is_own_picture(path: Path, pages: AbstractSet[Path]) -> bool:
    """Tell whether a picture lies beside what is written with it: texts of a page, or values."""
    if path.name.endswith(".lungs.png"):
        return True
    if path.name.endswith(SUFFIXES) and (path.parent in pages or _has_page(path.parent)):
        return True
    with contextlib.suppress(OSError, zipfile.BadZipFile):
        values = on_disk(str(path.with_suffix(".npz")))
        with zipfile.ZipFile(values) as file:
            return _NOTE in file.namelist()
    return False
