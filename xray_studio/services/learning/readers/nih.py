"""NIH ChestX-ray14 as it is handed out: Data_Entry_2017*.csv, BBox_List_2017.csv, lists of parts.

Wang et al., "ChestX-ray8", CVPR 2017. Pictures lie in `images`, or in images_001 to images_012.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import Final

from xray_studio.core.learning.cases import Box, Film
from xray_studio.core.learning.findings import nih_labels
from xray_studio.core.study import Skipped
from xray_studio.services.learning.readers.pictures import Pictures
from xray_studio.services.learning.readers.rows import Read, Row
from xray_studio.services.learning.readers.shared_tables import box_of, view_of
from xray_studio.services.learning.readers.tables import columns_of, rows_of

ENTRIES: Final = "Data_Entry_2017*.csv"
BOXES: Final = "BBox_List_2017.csv"
PARTS: Final = {"train_val_list.txt": "train", "test_list.txt": "test"}
_NEEDED: Final = ("image index", "finding labels", "patient id")


def is_nih(folder: Path) -> bool:
    """Tell whether a folder has the table of entries."""
    return _entries(folder) is not None


def _entries(folder: Path) -> Path | None:
    """Return the table of entries: the most whole, since one may be half a download."""
    tables = [(set(columns_of(table)), table) for table in sorted(folder.glob(ENTRIES))]
    tables = [(columns, table) for columns, table in tables if _NEEDED[0] in columns]
    known = max(tables, key=lambda one: len(one[0].intersection(_NEEDED)), default=None)
    return known and known[1]


def read_nih(folder: Path) -> Read:
    """Yield the films of the table of entries, with their boxes and parts."""
    boxes: dict[str, list[Box]] = defaultdict(list)
    if (folder / BOXES).is_file():
        yield from _read_boxes(folder / BOXES, boxes)
    parts = {name: part for listed, part in PARTS.items() for name in _lines(folder / listed)}
    pictures, table = Pictures(folder), _entries(folder)
    for row in () if table is None else rows_of(table, _NEEDED):
        if isinstance(row, Skipped):
            yield row
            continue
        where, cells = row
        name, labels = cells["image index"], nih_labels(cells["finding labels"])
        path, projection = pictures.find(name), cells.get("view position", "").upper()
        if path is None:
            yield Skipped(where, pictures.why_not(name))
        elif labels is None:
            yield Skipped(where, "names a finding that is not known")
        else:
            film = Film(path, view_of(projection), projection, tuple(boxes[name]))
            study, patient = PurePosixPath(name).stem, cells["patient id"]
            yield Row(where, film, study, patient, labels, part=parts.get(name, ""))


def _read_boxes(table: Path, boxes: dict[str, list[Box]]) -> Read:
    """Fill in the boxes of a table; its head names fewer columns than it has numbers."""
    for number, line in enumerate(_lines(table)[1:], start=2):
        cells = line.split(",")
        try:
            boxes[cells[0]].append(box_of(cells[1], [float(cell) for cell in cells[2:6]]))
        except (ValueError, TypeError, IndexError):
            yield Skipped(f"{table.name}, row {number}", "has no box that can be read")


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text("utf-8-sig", "replace").splitlines()]
    except OSError:
        return []
