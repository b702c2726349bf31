"""Folders with a table of their own beside the pictures, known by its columns, whatever its name.

Reports have a row for each film with `image` and `study`, and what else is known of the study:
`patient`, `projection` (frontal, lateral), `split`, `mesh`, `problems`, `indication`, `comparison`,
`findings`, `impression`. Labels have `image` and `patient`, and `view` (AP, PA), `labels`
("Effusion|Mass") and `boxes_1024` (JSON, in a frame of 1,024 pixels). Cases have `case`, the name
of a picture with its masks CASE_lesion.png and CASE_lung.png beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from xray_studio.core.learning.cases import Box, Film, ReportText, View
from xray_studio.core.learning.findings import indiana_labels, nih_labels
from xray_studio.core.study import Skipped
from xray_studio.services.learning.readers.pictures import Pictures
from xray_studio.services.learning.readers.rows import Read, Row
from xray_studio.services.learning.readers.tables import Cells, rows_of, table_with

_REPORTS: Final = ("image", "study")
_LABELS: Final = ("image", "patient")
_CASES: Final = ("case",)
_FRAME: Final = 1024.0
_PARTS: Final = {
    "train": "train", "training": "train", "test": "test", "testing": "test",
    "val": "val", "valid": "val", "validate": "val", "validation": "val", "dev": "val",
}  # fmt: skip
_MASKS: Final = ("lesion", "lung")


def is_reports(folder: Path) -> bool:
    """Tell whether a folder has a table of films with reports."""
    return table_with(folder, _REPORTS) is not None


def is_labels(folder: Path) -> bool:
    """Tell whether a folder has a table of films with labels."""
    return table_with(folder, _LABELS) is not None


def is_cases(folder: Path) -> bool:
    """Tell whether a folder has a table of pictures with masks."""
    return table_with(folder, _CASES) is not None


def read_reports(folder: Path) -> Read:
    """Yield the films of a table of reports."""
    for where, cells, path in _found(folder, _REPORTS):
        if isinstance(path, Skipped):
            yield path
        elif not cells["study"]:
            yield Skipped(where, "names no study")
        else:
            film = Film(path, view_of(cells.get("projection", "")))
            yield Row(
                where, film, cells["study"], cells.get("patient", ""),
                indiana_labels(cells.get("mesh", ""), cells.get("problems", "")),
                report_of(cells), _PARTS.get(cells.get("split", "").casefold(), ""),
            )  # fmt: skip


def read_labels(folder: Path) -> Read:
    """Yield the films of a table of labels; each is a study of its own."""
    for where, cells, path in _found(folder, _LABELS):
        if isinstance(path, Skipped):
            yield path
            continue
        labels = nih_labels(cells.get("labels", ""))
        boxes = _boxes(cells.get("boxes_1024", ""))
        if cells.get("labels") and labels is None:
            yield Skipped(where, "names a finding that is not known")
        elif boxes is None:
            yield Skipped(where, "has boxes that cannot be read")
        else:
            projection = cells.get("view", "").upper()
            film = Film(path, view_of(projection), projection, boxes)
            study = PurePosixPath(cells["image"]).stem
            yield Row(where, film, study, cells["patient"], labels)


def read_cases(folder: Path) -> Read:
    """Yield the pictures of a table of cases with their masks; whose they are nobody tells."""
    for where, cells, path in _found(folder, _CASES):
        if isinstance(path, Skipped):
            yield path
            continue
        named = ((mask, folder / f"{cells['case']}_{mask}.png") for mask in _MASKS)
        masks = tuple((mask, str(place)) for mask, place in named if place.is_file())
        projection = cells.get("view", "").upper()
        film = Film(path, view_of(projection), projection, masks=masks)
        yield Row(where, film, cells["case"], cells["case"])


def view_of(words: str) -> View:
    """Return the view that a projection is: "PA", "Frontal", "LL"; untold for any other word."""
    word = words.strip().casefold()
    if word in {"frontal", "ap", "pa", "antero-posterior", "postero-anterior"}:
        return View.FRONTAL
    if word in {"lateral", "ll", "rl", "lat", "left lateral", "right lateral"}:
        return View.LATERAL
    return View.UNTOLD


def report_of(cells: Cells) -> ReportText:
    """Return the sections of a report that a row has."""
    return ReportText(*(cells.get(name, "") for name in ReportText.__slots__))


def _found(folder: Path, needed: tuple[str, ...]) -> Iterator[tuple[str, Cells, str | Skipped]]:
    """Yield place, cells and file of each row of a table, whose first needed column names the file.

    Where there is no file it is why there is none.
    """
    pictures, table = Pictures(folder), table_with(folder, needed)
    for row in () if table is None else rows_of(table, needed):
        if isinstance(row, Skipped):
            yield row.path, {}, row
            continue
        where, cells = row
        name = cells[needed[0]]
        yield where, cells, pictures.find(name) or Skipped(where, pictures.why_not(name))


def _boxes(words: str) -> tuple[Box, ...] | None:
    """Return boxes as shares of the film; None where they cannot be read."""
    try:
        listed: list[dict[str, Any]] = json.loads(words) if words else []
        found = [(str(one["label"]), [float(v) for v in one["xywh"]]) for one in listed]
        return tuple(box_of(name, place) for name, place in found)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def box_of(name: str, pixels: list[float]) -> Box:
    """Return a box from left, top, width and height in the frame of 1,024 pixels of NIH's pictures.

    What reaches out of it is cut off. Raises ValueError for what is no box.
    """
    left, top, width, height = (value / _FRAME for value in pixels)
    ends = [min(1.0, max(0.0, end)) for end in (left, top, left + width, top + height)]
    if not (ends[0] < ends[2] and ends[1] < ends[3]):
        raise ValueError(name)
    return Box(name, ends[0], ends[1], ends[2] - ends[0], ends[3] - ends[1])
