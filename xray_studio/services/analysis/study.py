"""The pipeline on the films of one study: every part of it, each of which may have to be silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from xray_studio.core.anomaly.detection import Detection
from xray_studio.core.anomaly.detector import AnomalyDetector
from xray_studio.core.clip import Identity
from xray_studio.core.errors import StudioError, UnsupportedError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.cases import View
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.heat import Heat, Method
from xray_studio.core.learning.model import Model
from xray_studio.core.learning.question import Wish
from xray_studio.core.report.engine import Asked
from xray_studio.core.report.report import Report
from xray_studio.core.reporting.writing import sentences
from xray_studio.services.analysis.enhance import enhanced
from xray_studio.services.analysis.result import Analysis, FilmAnalysis
from xray_studio.services.anomaly.normal_films import NormalFilms
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import VIEWS, Models, Shown, assess
from xray_studio.services.learning.inference.heat_maps import explain
from xray_studio.services.learning.inference.map_files import explained
from xray_studio.services.learning.models.installed import model_for
from xray_studio.services.learning.tasks.anomaly import TASK
from xray_studio.services.report.drafting import drafted
from xray_studio.services.report.engines import DEFAULT, engine_called, usable
from xray_studio.services.report_engines.findings import points_of
from xray_studio.services.report_engines.refusals import check_asked, refused

MOST: Final = 4  # findings whose heat maps are made
STRUCTURED: Final = "structured"  # the engine that can always write


@dataclass(frozen=True, slots=True)
class How:
    """How films are analysed.

    `engine` writes the draft; `model` is the folder of another finding classifier than the
    installed one. `anonymous` leaves out who the patient is, and writes no DICOM objects. `whose`
    tells it of pictures that do not.
    """

    engine: str = DEFAULT
    model: Path | None = None
    indication: str = ""
    anonymous: bool = False
    whose: Identity = field(default_factory=Identity)


@dataclass(frozen=True, slots=True, eq=False)
class Tools:
    """What all studies share: the process that holds the models, and these.

    `models` is None where they cannot be used, and `lacking` tells why. `detector` is that of the
    unusual, None where it cannot be used.
    """

    engine: Engine
    models: Models | None
    lacking: str = ""
    detector: AnomalyDetector | None = None

    @classmethod
    def of(cls, engine: Engine, how: How) -> Tools:
        """Return what is there. Raises UnsupportedError for a chosen engine that cannot be used."""
        if how.engine != DEFAULT:
            usable(how.engine)
        detector = NormalFilms().on(engine)
        seeing = None if detector.unavailable() else detector
        try:
            return cls(engine, Models.installed(how.model), detector=seeing)
        except StudioError as error:
            if how.model is not None:
                raise
            return cls(engine, None, str(error), seeing)


def analysed(films: Sequence[FilmAnalysis], tools: Tools, how: How) -> Job[Analysis]:
    """Return all that is found in films of one study.

    Raises UsageError for films of several studies or patients, and StudioError where a film cannot
    be read or a model cannot be used.
    """
    asked = Asked(tuple((film.clip, film.frame) for film in films), indication=how.indication)
    check_asked(asked)
    silent, assessment = refused(asked) or tools.lacking, None
    if not silent and tools.models is not None:
        shown = [Shown(film.clip, film.frame) for film in films]
        assessment = yield from assess(tools.engine, tools.models, shown)
        silent = assessment.abstained
    notes = list[str]()
    made = list[FilmAnalysis]()
    for number, film in enumerate(films):
        yield Progress(number, len(films), "Enhancing")
        known = film if assessment is None else replace(film, view=assessment.pictures[number].view)
        heats = yield from _heats(known, assessment, tools, notes)
        better = yield from _enhanced(known, notes)
        unusual = yield from _unusual(better, tools, notes)
        made.append(replace(better, heats=heats, unusual=unusual))
    yield Progress(message="Writing the draft")
    report, engine, stood_in = yield from _report(replace(asked, assessment=assessment), how)
    told = () if assessment is None else assessment.notes
    return Analysis(
        tuple(made), report, engine, assessment, silent, stood_in,
        (*_models(tools, assessment), *_detecting(made)),
        tuple(dict.fromkeys((*told, *notes))),
    )  # fmt: skip


def leading(told: Assessment) -> list[str]:
    """Return the findings whose heat maps are made, the likeliest first.

    They are those that count as seen or that the draft tells, four at most, or the likeliest one.
    """
    chances = {one.name: one.probability for one in told.findings}
    drafted = [one.finding for one in sentences(chances, points_of(told)) if one.positive]
    seen = [one.name for one in told.findings if one.positive]
    names = dict.fromkeys(name for name in (*seen, *drafted) if name != NORMAL)
    return sorted(names or explained(told), key=lambda name: -chances[name])[:MOST]


def _heats(
    film: FilmAnalysis, told: Assessment | None, tools: Tools, notes: list[str]
) -> Job[tuple[Heat, ...]]:
    if told is None or tools.models is None or film.view not in VIEWS or not told.findings:
        return ()
    found = list[Heat]()
    try:
        for name in leading(told):
            shown, wish = Shown(film.clip, film.frame), Wish(name, Method.GRAD_CAM)
            found.append(
                (yield from explain(tools.engine, tools.models.findings, told, shown, wish))
            )
    except UnsupportedError as error:  # networks that users bring
        notes.append(str(error))
    return tuple(found)


def _unusual(film: FilmAnalysis, tools: Tools, notes: list[str]) -> Job[Detection | None]:
    """Return what is unlike normal films in one; None for a film that nobody is asked about."""
    if tools.detector is None or film.view != View.FRONTAL:
        return None
    try:
        found = yield from tools.detector.detect(film.clip)
    except Cancelled:
        raise
    except StudioError as error:
        notes.append(f"What is unusual in the film is not told: {error}")
        return None
    notes.extend(found.notes)
    return found


def _enhanced(film: FilmAnalysis, notes: list[str]) -> Job[FilmAnalysis]:
    try:
        made = yield from enhanced(film.clip, film.frame)
    except Cancelled:
        raise
    except StudioError as error:
        notes.append(f"The film is not enhanced: {error}")
        return film
    return replace(film, enhanced=made.picture, steps=made.steps)


def _report(asked: Asked, how: How) -> Job[tuple[Report, str, str]]:
    """Return a draft, the engine that wrote it, and why that is another than was asked for."""
    now = datetime.now().astimezone()
    model = how.model if how.engine == DEFAULT else None
    engine = engine_called(how.engine, model)
    reason = engine.unavailable()
    if not reason:
        written = yield from drafted(engine, asked, now)
        if written.report is not None:
            return written.report, how.engine, ""
        reason = written.abstained
    stand_in = yield from drafted(engine_called(STRUCTURED), asked, now)
    if stand_in.report is None:
        raise UnsupportedError(f"There is no draft: {stand_in.abstained}")
    return stand_in.report, STRUCTURED, reason


def _detecting(films: Sequence[FilmAnalysis]) -> list[Model]:
    """Return the model of the detector of the unusual, where it was asked."""
    return [model_for(TASK).model] if any(film.unusual for film in films) else []


def _models(tools: Tools, told: Assessment | None) -> tuple[Model, ...]:
    """Return the models that were asked: the view classifier, and where it lets it the other."""
    if told is None or tools.models is None:
        return ()
    view, findings = tools.models.view.model, tools.models.findings.model
    return (findings, view) if told.findings else (view,)
