"""A page of films with what was written of them and what was drafted, for the eye.

The same stands as data beside it, which the window opens.
"""

from __future__ import annotations

import base64
import binascii
import html
from collections.abc import Iterable
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

MOST: Final = 60  # studies on a page
REPORT: Final = "report"
_SIZE: Final = InputSpec(rows=256, columns=256)
_SECONDS: Final = 30.0
_STYLE: Final = (
    "body{font:14px/1.5 sans-serif;margin:24px;background:#fff;color:#111}"
    "table{border-collapse:collapse}td,th{vertical-align:top;text-align:left;padding:8px;"
    "border-top:1px solid #ccc;max-width:28em}img{width:256px;height:256px;background:#000}"
    "h1{font-size:20px}.badge{background:#ffd080;padding:2px 8px}p{margin:0 0 8px}"
)
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
    yield "<!doctype html><html lang=en><head><meta charset=utf-8><title>Drafts of reports</title>"
    yield f"<style>{_STYLE}</style></head><body><h1>Drafts of reports</h1>"
    yield f"<p><span class=badge>{html.escape(BADGE)}</span></p>"
    yield (
        f"<p>{html.escape(shown.about)}. Each study is judged by a network that has not seen"
        " it.</p>"
    )
    yield "<table>"
    for study in shown.studies:
        heads = "".join(f"<th>{html.escape(one.name)}</th>" for one in study.columns)
        yield f"<tr><th>{html.escape(study.name)}</th>{heads}</tr>"
        cells = "".join(f"<td>{_text(one)}</td>" for one in study.columns)
        source = f"data:image/png;base64,{study.film}" if study.film else ""
        yield f'<tr><td><img alt="frontal film" src="{source}"></td>{cells}</tr>'
    yield "</table></body></html>"


def _text(column: Column) -> str:
    parts = (column.findings, column.impression)
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts if part)
