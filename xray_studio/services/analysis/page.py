"""One page of HTML on the films of a study: pictures inside, no script, made for paper as well."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import quote

from xray_studio.core.learning.assessment import FindingScore
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.heat import ABOUT, BADGE
from xray_studio.core.learning.model import Model
from xray_studio.core.output import Picture
from xray_studio.core.report.engine import PROGRAM
from xray_studio.core.report.report import Report
from xray_studio.core.report.sentence import Sentence, chance_words
from xray_studio.core.report.words import badges, origin_lines, time_words
from xray_studio.imaging.save import encoded
from xray_studio.imaging.scale import scaled
from xray_studio.services.analysis.result import Analysis, FilmAnalysis
from xray_studio.services.analysis.unusual_pictures import unusual_over, unusual_words
from xray_studio.services.learning.inference.map_files import over_picture
from xray_studio.services.page_style import STYLE
from xray_studio.services.processing.steps import step_of

LARGEST: Final = 900  # pixels of a picture's longer side: 130 a centimetre at the size on paper
UNREVIEWED: Final = "Nobody has reviewed this. For research and education, not for diagnosis."
TEMPLATE: Final = "No draft was written about this picture; a template without AI stands here."
NO_MASK: Final = "What is unusual was not looked for: it is told of frontal films alone."
ABOUT_UNUSUAL: Final = (
    "The map of what is unlike normal films tells how atypical places of the lungs are, not where a"
    " disease is; what is marked is outlined. It has learned from normal films alone."
)
ABOUT_HEAT: Final = (
    "Heat maps show what the network reacts to, which is not where a disease is. The brightest"
    " colour is the strongest place of the picture, whatever its probability. The picture called"
    " enhanced is for the eye alone: no network was shown it."
)
ABOUT_TABLE: Final = (
    "Probabilities are calibrated. The mark on a bar is the operating point: a finding that reaches"
    " it counts as seen. Nine of ten films with the finding reach its sensitive point. The draft"
    " tells findings from points of its own, chosen by what reports say, and names what counts as"
    " seen but is too unsure to be told. It denies no finding that reaches its sensitive point."
)
Facts = tuple[tuple[str, str], ...]
_COLUMNS: Final = (
    ("Finding", ""), ("Probability", "number"), ("", "narrow-not"),
    ("Operating point", "number narrow-not"), ("Sensitive point", "number narrow-not"),
    ("", "says"),
)  # fmt: skip
_TASKS: Final = {
    "classifier": "findings",
    "view": "view of the film",
    "anomaly": "what is unlike normal films",
}


def page_text(found: Analysis, files: Mapping[str, str], now: datetime, who: Facts = ()) -> str:
    """Return the page; `files` are names of files beside it, by what they are.

    `who` are facts of patient and study.
    """
    return "\n".join(_lines(found, files, now, who)) + "\n"


def _lines(found: Analysis, files: Mapping[str, str], now: datetime, who: Facts) -> Iterator[str]:
    title = f"Analysis of {found.name}"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield "<header>"
    yield f"<h1>{escape(title)}</h1>"
    yield from _badges(found)
    yield f"<p>{escape(UNREVIEWED)}</p>"
    yield from _subject(who)
    yield from _summary(found)
    yield "</header>"
    yield from _films(found)
    yield from _findings(found)
    yield from _report(found)
    yield from _origin(found, now)
    yield from _files(files)
    yield "</body>\n</html>"


def _badges(found: Analysis) -> Iterator[str]:
    words = dict.fromkeys((*badges(found.report), *(("AI",) if found.assessment else ())))
    marks = [f'<span class="badge">{escape(word)}</span>' for word in words]
    if "AI" in words:
        marks.append(f'<span class="badge ai">{escape(BADGE)}</span>')
    yield f'<p class="badges">{" ".join(marks)}</p>'


def _subject(who: Facts) -> Iterator[str]:
    told = [(label, value) for label, value in who if value]
    if told:
        rows = "".join(
            f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in told
        )
        yield f"<dl>{rows}</dl>"


def _summary(found: Analysis) -> Iterator[str]:
    """Yield what a reader wants to know first."""
    if found.report.summary is not None:
        yield "<h2>At a glance</h2>"
        yield f'<p class="summary">{_sentence(found.report.summary)}</p>'


# -- films


def _films(found: Analysis) -> Iterator[str]:
    yield "<section>\n<h2>Films</h2>"
    for film in found.films:
        yield '<div class="pictures">'
        yield from _pictures(film)
        yield "</div>"
    if any(film.heats for film in found.films):
        yield f'<p class="dim">{escape(ABOUT_HEAT)}</p>'
    mapped = any(film.is_mapped for film in found.films)
    yield f'<p class="dim">{escape(ABOUT_UNUSUAL if mapped else NO_MASK)}</p>\n</section>'


def _pictures(film: FilmAnalysis) -> Iterator[str]:
    view = f", {film.view}" if film.view else ""
    frame = f", frame {film.frame + 1} of {len(film.clip)}" if len(film.clip) > 1 else ""
    size = f"{film.clip.columns} x {film.clip.rows}"
    small = _small(film.picture)
    yield _figure(small, f"{film.name}{view}{frame}", size)
    if film.enhanced is not None:
        titles = [step_of(words).title.lower() for words in film.steps]
        yield _figure(_small(film.enhanced), "Enhanced", ", ".join(titles))
    if film.is_mapped:
        yield _figure(unusual_over(film, small), "Unlike normal films", unusual_words(film))
    for heat in film.heats:
        about = f"heat map by {ABOUT[heat.method].title}"
        drawn = over_picture(small, replace(heat, shape=small.shape[:2]))
        yield _figure(drawn, heat.label.capitalize(), about)


def _small(picture: Picture) -> Picture:
    """Return a picture in the size of the page."""
    rows, columns = picture.shape[:2]
    part = min(1.0, LARGEST / max(rows, columns))
    return scaled(picture, max(1, round(part * columns)), max(1, round(part * rows)))


def _figure(picture: Picture, title: str, about: str) -> str:
    data = base64.b64encode(encoded(picture, ".jpg")).decode()
    return (
        f'<figure><img alt="{escape(title)}" src="data:image/jpeg;base64,{data}">'
        f'<figcaption><b>{escape(title)}</b> <span class="dim">{escape(about)}</span></figcaption>'
        "</figure>"
    )


# -- findings


def _findings(found: Analysis) -> Iterator[str]:
    yield "<section>\n<h2>Findings</h2>"
    scores = () if found.assessment is None else found.assessment.findings
    if not scores:
        yield f'<p class="note">{escape(found.silent)}</p>\n</section>'
        return
    heads = "".join(f'<th class="{kind}">{head}</th>' for head, kind in _COLUMNS)
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>"
    for score in sorted(scores, key=lambda one: (one.name != NORMAL, -one.probability)):
        yield _row(score)
    yield f'</tbody>\n</table>\n<p class="dim">{escape(ABOUT_TABLE)}</p>\n</section>'


def _row(score: FindingScore) -> str:
    kind = ' class="seen"' if score.positive else ""
    says = (
        "counts as seen" if score.positive else "below sensitive point" if score.ruled_out else ""
    )
    bar = (
        f'<span class="bar"><i style="width:{100.0 * score.probability:.1f}%"></i>'
        f'<u style="left:{100.0 * score.threshold:.1f}%"></u></span>'
    )
    return (
        f"<tr{kind}><td>{escape(score.name.capitalize())}</td>"
        f'<td class="number">{100.0 * score.probability:.1f} %</td>'
        f'<td class="narrow-not">{bar}</td>'
        f'<td class="number narrow-not">{100.0 * score.threshold:.1f} %</td>'
        f'<td class="number narrow-not">{100.0 * score.sensitive_threshold:.1f} %</td>'
        f'<td class="says">{says}</td></tr>'
    )


# -- report


def _report(found: Analysis) -> Iterator[str]:
    report = found.report
    yield f"<section>\n<h2>Report, a draft by the engine {escape(found.engine)}</h2>"
    if found.stood_in:
        reason = TEMPLATE if found.stood_in == found.silent else found.stood_in
        yield f'<p class="note">{escape(reason)}</p>'
    for section in report.sections:
        yield f"<h3>{escape(section.heading)}</h3>"
        yield from (f"<p>{_sentence(one)}</p>" for one in section.sentences)
    if any(one.is_open for _, one in report.each()):
        yield '<p class="dim">AI: a sentence that a model wrote and nobody has accepted.</p>'
    yield "</section>"


def _sentence(one: Sentence) -> str:
    mark = '<span class="mark">AI</span> ' if one.is_open else ""
    words = chance_words(one)
    chance = f' <span class="dim">{escape(words)}</span>' if words else ""
    return f"{mark}{escape(one.text)}{chance}"


# -- origin


def _origin(found: Analysis, now: datetime) -> Iterator[str]:
    yield "<section>\n<h2>Where this comes from</h2>"
    notes = dict.fromkeys((*found.notes, *_said(found.report)))
    yield from (f'<p class="dim">{escape(note)}</p>' for note in notes)
    for model in found.models:
        yield _model(model)
    yield f'<p class="dim">{escape(PROGRAM)}, {escape(time_words(now))}</p>\n</section>'


def _said(report: Report) -> list[str]:
    return list(origin_lines(report))


def _model(model: Model) -> str:
    task = _TASKS.get(model.task, model.task)
    return (
        f'<p class="model"><b>Model {escape(model.name)} {escape(model.version)}</b>'
        f" ({escape(task)})<br>{escape(model.intended_use)}<br>"
        f"Licence: {escape(model.licence)}<br><code>SHA-256 {escape(model.sha256)}</code></p>"
    )


def _files(files: Mapping[str, str]) -> Iterator[str]:
    names = [name for what, name in files.items() if what != "page"]
    links = [f'<a href="{escape(quote(name))}">{escape(name)}</a>' for name in names]
    yield f'<section class="files">\n<h2>Files</h2>\n<p>{" · ".join(links)}</p>\n</section>'
