"""A table of pictures and what is written about each: captions.csv, and a folder of pictures.

The first column that is called `image`, `filename`, `file`, `name`, `image_id` or `id` names the
picture, the first called `caption`, `report` or `text` holds the words. Each picture is a study of
its own, unless a column `study` or `patient` says otherwise.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

from xray_studio.core.learning.cases import Film, ReportText
from xray_studio.core.study import Skipped
from xray_studio.services.learning.readers.pictures import Pictures
from xray_studio.services.learning.readers.rows import Read, Row
from xray_studio.services.learning.readers.shared_tables import view_of
from xray_studio.services.learning.readers.tables import columns_of, rows_of

CAPTIONS: Final = "captions.csv"
_IMAGES: Final = ("image", "filename", "file", "name", "image_id", "id")
_WORDS: Final = ("caption", "report", "text")


def is_captions(folder: Path) -> bool:
    """Tell whether a folder has a table of pictures and captions."""
    columns = columns_of(folder / CAPTIONS)
    return bool(_first(_IMAGES, columns) and _first(_WORDS, columns))


def read_captions(folder: Path) -> Read:
    """Yield the pictures of `captions.csv`."""
    table, pictures = folder / CAPTIONS, Pictures(folder)
    columns = columns_of(table)
    image, words = _first(_IMAGES, columns), _first(_WORDS, columns)
    for row in rows_of(table, (image, words)):
        if isinstance(row, Skipped):
            yield row
            continue
        where, cells = row
        path = pictures.find(cells[image])
        if path is None:
            yield Skipped(where, pictures.why_not(cells[image]))
        elif not cells[words]:
            yield Skipped(where, "has no words")
        else:
            study = cells.get("study") or PurePosixPath(cells[image]).stem
            film = Film(path, view_of(cells.get("projection", "")))
            patient = cells.get("patient", "")
            yield Row(where, film, study, patient, report=ReportText(findings=cells[words]))


def _first(names: tuple[str, ...], columns: tuple[str, ...]) -> str:
    return next((name for name in names if name in columns), "")
