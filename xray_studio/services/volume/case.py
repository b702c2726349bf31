"""Contrasts and labels of one case opened together, and labels drawn over planes.

case = run(open_case("BraTS20_Training_001/"))
case.contrasts[0].volume, case.labels.labels
numbers = LabelCutter(case.labels).cut(plane)      # as the contrasts are cut
picture = labelled(picture, numbers, case.labels.labels)
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.volume.case import (
    Case,
    CaseFiles,
    Contrast,
    LabelMap,
    case_of,
    check_one_grid,
    label_map,
)
from xray_studio.core.volume.planes import Plane
from xray_studio.core.volume.volume import Volume
from xray_studio.imaging.labels import labelled
from xray_studio.services.volume.open import open_volume
from xray_studio.services.volume.planes import Cutter

__all__ = ["LabelCutter", "case_facts", "case_in", "labelled", "open_case"]

_NONE = (
    "The folder holds no case: contrasts are named as those of BraTS, NAME_t1, _t1ce, _t2, _flair"
    " and _seg, or NAME-t1n, -t1c, -t2w, -t2f and -seg (.nii, .nii.gz)."
)


def case_in(folder: str | os.PathLike[str]) -> CaseFiles | None:
    """Return the files of the case that a folder holds, None where it holds none."""
    try:
        inside = [one.name for one in Path(folder).iterdir() if one.is_file()]
    except OSError:
        return None
    return case_of(inside)


def open_case(folder: str | os.PathLike[str]) -> Job[Case]:
    """Return the contrasts of a folder, and its map of labels, all on one grid.

    Raises UnreadableError where there is no case, or its grids differ, and as `open_volume`.
    """
    files = case_in(folder)
    if files is None:
        raise UnreadableError(_NONE)
    named = [*files.contrasts, *((("The map of labels", files.labels),) if files.labels else ())]
    found: list[tuple[str, Volume]] = []
    for done, (title, name) in enumerate(named):
        yield Progress(done, len(named), "Reading contrasts")
        volume = yield from open_volume(Path(folder) / name)
        found.append((title, replace(volume, description=title)))
    check_one_grid(found)
    labels = label_map(found[-1][1], files.names) if files.labels else None
    contrasts = found[:-1] if files.labels else found
    return Case(files.name, tuple(Contrast(title, one) for title, one in contrasts), labels)


class LabelCutter:
    """Cuts a map of labels by planes as contrasts are cut, each pixel the label it lies in."""

    def __init__(self, labels: LabelMap) -> None:
        self._cutter = Cutter(labels.volume, nearest=True)

    def cut(self, plane: Plane) -> npt.NDArray[np.int32]:
        """Return the labels on a plane without its slab, (rows, columns), 0 for none."""
        found = self._cutter.cut(replace(plane, thickness=0.0))
        return np.nan_to_num(found, nan=0.0).astype(np.int32)


def case_facts(case: Case) -> dict[str, Any]:
    """Return what a case holds, for JSON and for people."""
    labels = case.labels.labels if case.labels is not None else ()
    return {
        "name": case.name,
        "contrasts": [
            {"title": one.title, "file": _files(one.volume.paths)}
            for one in case.contrasts
        ],
        "labels": [
            {"value": one.value, "name": one.name, "voxels": one.voxels,
             "millilitres": round(one.millilitres, 6)}
            for one in labels
        ],
    }  # fmt: skip


def _files(paths: Iterable[str]) -> str:
    return ", ".join(Path(path).name for path in paths)
