"""What this program wrote about films before: it lies beside films in folders, and is none.

Objects are known by the badge in their description, pictures by their name and the file that is
always written beside them: a film that merely has such a name stays a film.
"""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path
from typing import Final

from xray_studio.core.drawn_text import SECONDARY_CAPTURE
from xray_studio.core.kinds import DICOM
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.study import Catalog, Instance
from xray_studio.services.open import SEGMENTATION

SUFFIXES: Final = (
    ".enhanced.png", ".heatmap.png", ".overlay.png", ".overlay.dcm", ".findings.json",
    ".report.txt", ".report.json", ".sr.dcm", ".html",
)  # fmt: skip
RESULT: Final = "a result that this program wrote about films, and no film"
SEGMENTS: Final = "a segmentation, and no film"
_HEAD: Final = 1 << 16  # bytes in which the description of an object stands
_BESIDE: Final = ("*.report.json", "*.findings.json")  # written with every page
_NOTE: Final = "note.npy"  # in the values of every heat map and of every map of the unusual


def own_results(catalog: Catalog, folder: Path) -> dict[str, str]:
    """Return the pictures of a catalogue that are no films, with the reason.

    In `folder`, where results go, the name is enough.
    """
    found = dict[str, str]()
    for series in catalog.pictures():
        for one in series.instances:
            reason = _reason(one, folder.absolute())
            found |= {one.path: reason} if reason else {}
    return found


def _reason(one: Instance, folder: Path) -> str:
    if one.sop_class_uid.startswith(SEGMENTATION):
        return SEGMENTS
    path = Path(one.path)
    is_own = path.absolute().is_relative_to(folder) and one.path.endswith(SUFFIXES)
    if one.kind == DICOM and f"{one.sop_class_uid}.".startswith(f"{SECONDARY_CAPTURE}."):
        is_own = is_own or _bears_badge(path)
    elif one.kind != DICOM and path.suffix == ".png":
        is_own = is_own or _is_own_picture(path)
    return RESULT if is_own else ""


def _bears_badge(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return BADGE.encode() in file.read(_HEAD)
    return False


def _is_own_picture(path: Path) -> bool:
    """Tell whether a picture lies beside what is written with it: texts of a page, or values."""
    if path.name.endswith(".lungs.png"):
        return True
    if path.name.endswith(SUFFIXES) and any(any(path.parent.glob(one)) for one in _BESIDE):
        return True
    values = path.with_suffix(".npz")
    with contextlib.suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(values) as file:
        return _NOTE in file.namelist()
    return False
