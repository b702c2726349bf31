"""A page of films with what was written of them and what was drafted, for the eye."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.core.files import replacing
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.core.workers import Priority, run_apart
from xray_studio.imaging.save import encoded
from xray_studio.services.decoding import awaited
from xray_studio.services.learning.evaluate.report import JudgedReports, Pair
from xray_studio.services.learning.films.reading import squashed_film

MOST: Final = 60  # studies on a page
_SIZE: Final = InputSpec(rows=256, columns=256)
_SECONDS: Final = 30.0
_STYLE: Final = (
    "body{font:14px/1.5 sans-serif;margin:24px;background:#fff;color:#111}"
    "table{border-collapse:collapse}td,th{vertical-align:top;text-align:left;padding:8px;"
    "border-top:1px solid #ccc;max-width:28em}img{width:256px;height:256px;background:#000}"
    "h1{font-size:20px}.badge{background:#ffd080;padding:2px 8px}p{margin:0 0 8px}"
)


def write_page(target: Path, found: JudgedReports) -> Job[Path]:
    """Write a page of the first studies that were judged: film, report, and every draft.

    It holds pictures and reports of its data, which stay where they may be. Raises WriteError.
    """
    shown, pictures = found.pairs[:MOST], list[str]()
    for number, pair in enumerate(shown):
        yield Progress(number, len(shown), "Drawing films")
        pictures += [(yield from _picture(pair.film))]
    with replacing(target) as temporary:
        temporary.write_text("\n".join(_lines(found, shown, pictures)) + "\n", "utf-8")
    return target


def _picture(path: str) -> Job[str]:
    """Return a film as an address of data, "" where it cannot be read."""
    future = run_apart(squashed_film, path, _SIZE, priority=Priority.BATCH, time_limit=_SECONDS)
    try:
        film = yield from awaited(future, Progress(message="Drawing films"))
    except Cancelled:
        raise
    except StudioError:
        return ""
    return f"data:image/png;base64,{base64.b64encode(encoded(film, '.png')).decode()}"


def _lines(found: JudgedReports, shown: Iterable[Pair], pictures: Iterable[str]) -> Iterable[str]:
    facts = found.facts
    yield "<!doctype html><html lang=en><head><meta charset=utf-8><title>Drafts of reports</title>"
    yield f"<style>{_STYLE}</style></head><body><h1>Drafts of reports</h1>"
    yield f"<p><span class=badge>{html.escape(BADGE)}</span></p>"
    yield (
        f"<p>{html.escape(str(facts['dataset']))}, split {facts['split']}, model"
        f" {facts['model'][:16]}. Each study is judged by a network that has not seen it.</p>"
    )
    yield "<table>"
    for pair, picture in zip(shown, pictures, strict=True):
        heads = "".join(f"<th>{html.escape(name)}</th>" for name in pair.drafts)
        yield f"<tr><th>{html.escape(pair.study)}</th><th>report</th>{heads}</tr>"
        cells = "".join(f"<td>{_text(one)}</td>" for one in (pair.report, *pair.drafts.values()))
        yield f'<tr><td><img alt="frontal film" src="{picture}"></td>{cells}</tr>'
    yield "</table></body></html>"


def _text(report: ReportText) -> str:
    parts = (report.findings, report.impression)
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts if part)
