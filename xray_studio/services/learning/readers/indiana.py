"""Indiana University's collection as two tables: indiana_reports.csv, indiana_projections.csv.

One has a row for each study (`uid`), the other one for each picture (`uid`, `filename`,
`projection`). Demner-Fushman et al., "Preparing a collection of radiology examinations for
distribution and retrieval", JAMIA 23(2), 2016.
"""

from __future__ import annotations

from pathlib import Path

from xray_studio.core.learning.cases import Film
from xray_studio.core.learning.findings import indiana_labels
from xray_studio.core.study import Skipped
from xray_studio.services.learning.readers.pictures import Pictures
from xray_studio.services.learning.readers.rows import Read, Row
from xray_studio.services.learning.readers.shared_tables import report_of, view_of
from xray_studio.services.learning.readers.tables import Cells, columns_of, rows_of

REPORTS, PROJECTIONS = "indiana_reports.csv", "indiana_projections.csv"


def is_indiana(folder: Path) -> bool:
    """Tell whether a folder has both tables."""
    return all("uid" in columns_of(folder / name) for name in (REPORTS, PROJECTIONS))


def read_indiana(folder: Path) -> Read:
    """Yield the films of both tables."""
    reports: dict[str, Cells] = {}
    for row in rows_of(folder / REPORTS, ("uid",)):
        if isinstance(row, Skipped):
            yield row
        else:
            reports.setdefault(row[1]["uid"], row[1])
    pictures = Pictures(folder)
    for row in rows_of(folder / PROJECTIONS, ("uid", "filename")):
        if isinstance(row, Skipped):
            yield row
            continue
        where, cells = row
        path, report = pictures.find(cells["filename"]), reports.get(cells["uid"])
        if path is None:
            yield Skipped(where, pictures.why_not(cells["filename"]))
        elif report is None:
            yield Skipped(where, f"is of a study that {REPORTS} does not name")
        else:
            labels = indiana_labels(report.get("mesh", ""), report.get("problems", ""))
            film = Film(path, view_of(cells.get("projection", "")))
            yield Row(where, film, cells["uid"], cells["uid"], labels, report_of(report))
