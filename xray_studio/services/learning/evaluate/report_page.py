"""A page of films with what was written of them and what was drafted, for the eye.

The same stands as data beside it, which the window opens.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError, UnreadableError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.output import Picture
from xray_studio.core.reasons import why_not_opened
from xray_studio.core.reporting.side_by_side import (
    LARGEST,
    REPORT,
    Column,
    ShownStudy,
    SideBySide,
    data_file,
    from_json,
    to_json,
)
from xray_studio.core.workers import Priority, run_apart
from xray_studio.imaging.save import decoded, encoded
from xray_studio.services.decoding import awaited
from xray_studio.services.learning.evaluate.report import JudgedReports, Pair
from xray_studio.services.learning.films.reading import squashed_film
from xray_studio.services.page_style import STYLE

TITLE: Final = "Drafts beside reports"
MOST: Final = 60  # studies on a page
_SIZE: Final = InputSpec(rows=256, columns=256)
_SECONDS: Final = 30.0
NO_FILM: Final = "The film could not be read."
NOTHING: Final = "Nothing was written."
Opened = tuple[SideBySide, tuple[Picture | None, ...]]


def write_page(target: Path, found: JudgedReports) -> Job[Path]:
    """Write a page of the first studies that were judged: film, report, and every draft.

    Beside it stands the same as data, by the name that `data_file` tells. Both hold pictures and
    reports, which stay where they may be. Raises WriteError.
    """
    shown = yield from _shown(found)
    for path, text in (
        (target, "\n".join(_lines(shown)) + "\n"),
        (data_file(target), to_json(shown)),
    ):
        with replacing(path) as temporary:
            temporary.write_text(text, "utf-8")
    return target


def open_page(path: Path) -> Job[Opened]:
    """Return what a page shows, with the films as pictures, None for one that is missing.

    `path` is the page or the data beside it. Raises UnreadableError with the reason.
    """
    source = data_file(path) if path.suffix.lower() in {".html", ".htm"} else path
    future = run_apart(opened, str(source), priority=Priority.BATCH, time_limit=_SECONDS)
    found = yield from awaited(future, Progress(message="Opening drafts"))
    return found


def opened(path: str) -> Opened:
    """Return what `open_page` returns. Runs in a worker process."""
    source = Path(path)
    try:
        with source.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableError(f"{source.name}: {why_not_opened(error)}.") from error
    shown = from_json(data, source.name)
    return shown, tuple(_film(study, source.name) for study in shown.studies)


def _film(study: ShownStudy, where: str) -> Picture | None:
    if not study.film:
        return None
    try:
        return decoded(base64.b64decode(study.film, validate=True))
    except (binascii.Error, OSError) as error:
        raise UnreadableError(f"{where} cannot be read: a film in it is no picture.") from error


def _shown(found: JudgedReports) -> Job[SideBySide]:
    facts, pairs, studies = found.facts, found.pairs[:MOST], list[ShownStudy]()
    for number, pair in enumerate(pairs):
        yield Progress(number, len(pairs), "Drawing films")
        film = yield from _picture(pair.film)
        studies.append(ShownStudy(pair.study, film, tuple(_columns(pair))))
    return SideBySide(str(facts["dataset"]), facts["split"], facts["model"], tuple(studies))


def _columns(pair: Pair) -> Iterable[Column]:
    texts: dict[str, ReportText] = {REPORT: pair.report, **pair.drafts}
    for name, text in texts.items():
        yield Column(name, text.findings, text.impression)


def _picture(path: str) -> Job[str]:
    """Return a film as PNG in base64, "" where it cannot be read."""
    future = run_apart(squashed_film, path, _SIZE, priority=Priority.BATCH, time_limit=_SECONDS)
    try:
        film = yield from awaited(future, Progress(message="Drawing films"))
    except Cancelled:
        raise
    except StudioError:
        return ""
    return base64.b64encode(encoded(film, ".png")).decode()


def _lines(shown: SideBySide) -> Iterable[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<title>{TITLE}</title>\n<style>{STYLE}</style>\n</head>\n<body class="wide">'
    yield f'<h1>{TITLE}</h1>\n<p class="badges"><span class="badge ai">{escape(BADGE)}</span></p>'
    yield f"<p>{escape(shown.about)}. Each study is judged by a network that has not seen it.</p>"
    for study in shown.studies:
        yield f'<section class="study">\n<h2>{escape(study.name)}</h2>\n{_film_of(study)}'
        yield '<div class="texts">'
        yield from map(_text, study.columns)
        yield "</div>\n</section>"
    yield "</body>\n</html>"


def _film_of(study: ShownStudy) -> str:
    if not study.film:
        return f'<p class="nofilm">{NO_FILM}</p>'
    alt = escape(f"Frontal film of {study.name}")
    return f'<figure><img alt="{alt}" src="data:image/png;base64,{study.film}"></figure>'


def _text(column: Column) -> str:
    parts = [part for part in (column.findings, column.impression) if part] or [NOTHING]
    kind = ' class="person"' if column.name == REPORT else ""
    told = "".join(f"<p>{escape(part)}</p>" for part in parts)
    return f"<div{kind}><h3>{escape(column.title)}</h3>{told}</div>"
