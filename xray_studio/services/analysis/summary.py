"""The page over several studies: a row for each, with a link to its own page.

It tells nothing of a patient but the names of files.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from xray_studio.core.files import replacing
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.report.engine import PROGRAM
from xray_studio.imaging.save import encoded
from xray_studio.services.analysis.page import UNREVIEWED
from xray_studio.services.analysis.result import Analysis
from xray_studio.services.analysis.sources import Planned
from xray_studio.services.analysis.study import leading
from xray_studio.services.page_style import STYLE
from xray_studio.services.thumbnails import letterboxed

SUMMARY: Final = "summary.html"
_SIZE: Final = 128  # pixels of a small picture


@dataclass(frozen=True, slots=True)
class Row:
    """One study: its name, a small picture as PNG, its views, what was found, or why it failed.

    `files` are the names of its files, "" where nobody is to know them.
    """

    name: str
    files: str = ""
    picture: bytes = b""
    views: str = ""
    found: str = ""
    failed: str = ""


def row_of(study: Planned, done: Analysis | str, *, anonymous: bool) -> Row:
    """Return the row of a study, `done` or failed with a reason."""
    files = "" if anonymous else ", ".join(Path(path).name for path in study.paths)
    if isinstance(done, str):
        return Row(study.names[0], files, failed=done)
    film = done.films[0]
    small = letterboxed(film.picture, _SIZE, film.clip.pixel_aspect)
    views = ", ".join(dict.fromkeys(one.view for one in done.films if one.view))
    return Row(done.name, files, encoded(small, ".png"), views, done.silent or _found(done))


def write_summary(folder: Path, rows: Sequence[Row], lost: int = 0) -> Path:
    """Write the page into a folder and return it. Raises WriteError.

    `lost` is how many files failed that no study is of.
    """
    target = folder / SUMMARY
    with replacing(target, private=True) as temporary:
        temporary.write_text("\n".join(_lines(rows, lost)) + "\n", "utf-8")
    return target


def _found(done: Analysis) -> str:
    """Return the findings that count as seen, with their probabilities, in a line."""
    told = done.assessment
    if told is None:
        return ""
    scores = {one.name: one for one in told.findings}
    seen = [scores[name] for name in leading(told) if scores[name].positive]
    words = [f"{one.name} {100.0 * one.probability:.0f} %" for one in seen]
    return ", ".join(words) or "no finding counts as seen"


def _lines(rows: Sequence[Row], lost: int) -> Iterator[str]:
    failed = sum(bool(row.failed) for row in rows)
    said = f"{len(rows) - failed:,} of {len(rows):,} studies analysed"
    said += f"; {lost:,} more file{'' if lost == 1 else 's'} could not be used" if lost else ""
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Analysis of films</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield "<h1>Analysis of films</h1>"
    yield f'<p class="badges"><span class="badge ai">{escape(BADGE)}</span></p>'
    yield f"<p>{escape(said)}. {escape(UNREVIEWED)}</p>"
    heads = '<th></th><th>Study</th><th class="narrow-not">View</th><th>Findings</th>'
    yield f"<table>\n<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    yield from map(_row, rows)
    yield f'</tbody>\n</table>\n<p class="dim">{escape(PROGRAM)}</p>\n</body>\n</html>'


def _row(row: Row) -> str:
    data = base64.b64encode(row.picture).decode()
    image = f'<img class="picture" alt="" src="data:image/png;base64,{data}">' if data else ""
    name = escape(row.name)
    link = name if row.failed else f'<a href="{escape(quote(row.name))}.html">{name}</a>'
    files = f'<br><span class="dim">{escape(row.files)}</span>' if row.files else ""
    told = escape(row.failed or row.found)
    views = f'<td class="narrow-not">{escape(row.views)}</td>'
    return f"<tr><td>{image}</td><td>{link}{files}</td>{views}<td>{told}</td></tr>"
