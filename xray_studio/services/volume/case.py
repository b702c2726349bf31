"""Contrasts and labels of one case opened together.

    case = run(open_case("BraTS20_Training_001/"))
    case.contrasts[0].volume, case.labels.segments

Labels are a map of segments, shown, edited and saved as any other (`services.segmenting`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.labels.label_map import LabelMap
from xray_studio.core.volume.case import Case, Contrast, check_one_grid
from xray_studio.core.volume.volume import Volume
from xray_studio.services.segmenting.opening import open_segments
from xray_studio.services.volume.case_files import case_in
from xray_studio.services.volume.open import open_volume

_NONE = (
    "The folder holds no case: contrasts are named as those of BraTS, NAME_t1, _t1ce, _t2, _flair"
    " and _seg, or NAME-t1n, -t1c, -t2w, -t2f and -seg (.nii, .nii.gz)."
)


def open_case(folder: str | os.PathLike[str]) -> Job[Case]:
    """Return the contrasts of a folder, and its map of labels, all on one grid.

    Raises UnreadableError where there is no case, or its grids differ, and as `open_volume`.
    """
    files = case_in(folder)
    if files is None:
        raise UnreadableError(_NONE)
    found: list[tuple[str, Volume]] = []
    for done, (title, name) in enumerate(files.contrasts):
        yield Progress(done, len(files.contrasts), "Reading contrasts")
        volume = yield from open_volume(Path(folder) / name)
        found.append((title, replace(volume, description=title)))
    check_one_grid(found)
    contrasts = tuple(Contrast(title, volume) for title, volume in found)
    if not files.labels:
        return Case(files.name, contrasts, None)
    opened = yield from open_segments(Path(folder) / files.labels, contrasts[0].volume)
    return Case(files.name, contrasts, opened.labels)


def case_facts(case: Case) -> dict[str, Any]:
    """Return what a case holds, for JSON and for people."""
    return {
        "name": case.name,
        "contrasts": [
            {"title": one.title, "file": _files(one.volume.paths)} for one in case.contrasts
        ],
        "labels": [] if case.labels is None else _labels(case.labels),
    }


def _labels(labels: LabelMap) -> list[dict[str, Any]]:
    counts = np.bincount(labels.values.reshape(-1))
    amount = labels.geometry.voxel_volume / 1000.0
    return [
        {"value": one.number, "name": one.name, "voxels": int(counts[one.number]),
         "millilitres": round(float(counts[one.number]) * amount, 6)}
        for one in labels.segments
        if one.number < len(counts)
    ]  # fmt: skip


def _files(paths: Iterable[str]) -> str:
    return ", ".join(Path(path).name for path in paths)
