"""Report engines judged on studies that their networks never saw, beside what is simpler."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.learning.bootstrap import interval
from xray_studio.core.learning.cases import ReportText
from xray_studio.core.learning.findings import FINDINGS
from xray_studio.core.learning.fusion import probabilities
from xray_studio.core.report.engine import Asked
from xray_studio.core.reporting.finding_f1 import NAMES
from xray_studio.core.reporting.points import chosen_points
from xray_studio.core.reporting.words import LONGEST
from xray_studio.core.reporting.writing import Points
from xray_studio.services.learning.evaluate.report_writer import by_writer, timed
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.learning.models.installed import Installed
from xray_studio.services.learning.readers.layouts import read_collections
from xray_studio.services.learning.reports.baselines import FOR_ALL, nearest
from xray_studio.services.learning.reports.judging import Reference, counted, told_matrix
from xray_studio.services.learning.reports.labeller import labeller_facts
from xray_studio.services.learning.reports.seen import Seen, seen
from xray_studio.services.learning.reports.studies import ReportStudies, report_studies
from xray_studio.services.learning.tasks.classifier import EVERY, FOLDS, LABELS
from xray_studio.services.learning.tasks.known import NONE
from xray_studio.services.open import open_paths
from xray_studio.services.report_engines.encoder_decoder import NAME as WRITER
from xray_studio.services.report_engines.findings import NAME, drafted, written_draft

VALIDATION, ALL = "val", "all"
SPLITS: Final = (VALIDATION, ALL)
_TIMED: Final = 5  # studies that an engine is timed on

Numbers = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
Drafts = Mapping[int, ReportText]


@dataclass(frozen=True, slots=True)
class Judging:
    """What is judged: a split, with which chance, and the folder where answers are kept.

    `writer` is a report network that is judged beside the others; None for none.
    """

    split: str = VALIDATION
    seed: int = 1
    folder: Path | None = None
    writer: Installed | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A study as a page shows it: its frontal film, its report, and drafts by who wrote them."""

    study: str
    film: str
    report: ReportText
    drafts: dict[str, ReportText]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedReports:
    """The answer as JSON tells it, studies for a page, and films that could not be read."""

    facts: dict[str, Any]
    pairs: tuple[Pair, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Studies, which are judged, and for each of them which may be learned from.

    `groups` are (rows that are judged, rows to learn from, the network that has seen none of the
    former or `NONE`).
    """

    chosen: ReportStudies
    answers: Seen
    groups: tuple[tuple[Numbers, Numbers, int], ...]

    @property
    def rows(self) -> list[int]:
        """The studies that are judged."""
        return sorted(int(row) for rows, _, _ in self.groups for row in rows)


def evaluate_report(data: Path, models: Models, how: Judging) -> Job[JudgedReports]:
    """Return how drafts for the studies of `data` compare with the reports that were written.

    Each study is judged by the network that has never seen it; points, constants and neighbours
    come from other studies. Raises StudioError where nothing is there to judge.
    """
    if models.findings.model.labels != LABELS:
        raise UsageError(f"{models.findings.model.name} tells other findings than the tables here.")
    chosen = report_studies((yield from read_collections(data)))
    chosen, answers = yield from seen(chosen, models.findings, how.folder)
    task = Task(chosen, answers, _groups(chosen, answers.parts, how.split))
    told = told_matrix(chosen.reports)
    yield Progress(message="Comparing drafts with reports")
    over = counted(told, _folds(chosen, answers.parts))
    reference = Reference.of(chosen, task.rows, over)
    drafts: dict[str, Drafts] = {NAME: by_findings(task, told, models.findings)}
    left_out = dict[str, str]()
    if how.writer is not None:
        try:
            drafts[WRITER] = yield from by_writer(chosen, answers, task.rows, how.writer)
        except UsageError as error:
            left_out[WRITER] = str(error)
    engines = list(drafts)
    drafts |= yield from _baselines(task, how.seed)
    facts: dict[str, Any] = {}
    for name, own in drafts.items():
        yield Progress(message=f"Scoring {name}")
        facts[name] = reference.facts([own[row] for row in task.rows], how.seed)
    seconds = yield from _seconds(task, models, how.writer if WRITER in engines else None)
    for name in engines:
        facts[name] |= _time_facts(seconds[name], how.seed)
    return JudgedReports(
        {
            "dataset": data.resolve().name, "n": len(task.rows), "split": how.split,
            "protocol": f"findings section, lower case, at most {LONGEST} words",
            "model": models.findings.model.sha256,
            "writer": how.writer.model.sha256 if how.writer else None,
            "macro_over": [NAMES[number] for number in over],
            "engines": {name: facts.pop(name) for name in engines}, "baselines": facts,
            "left_out": left_out,
            "labeller": labeller_facts(chosen),
        },
        tuple(_pair(task, row, drafts) for row in task.rows),
        answers.unreadable,
    )  # fmt: skip


def report_points(data: Path, model: Installed, folder: Path | None) -> Job[Points]:
    """Return the points for reports, chosen on all studies that nobody holds out.

    What the model says of each comes from the network that has not seen it.
    """
    chosen = report_studies((yield from read_collections(data)))
    chosen, answers = yield from seen(chosen, model, folder)
    rows = np.flatnonzero(~chosen.held_out & (answers.parts >= 0))
    return _points(chosen, answers, told_matrix(chosen.reports), rows, model)


def _folds(chosen: ReportStudies, parts: Numbers) -> Numbers:
    """Return the part of each study; those that no network has seen are parted here."""
    return np.where(parts < 0, chosen.studies.folds(FOLDS, 0), parts)


def _groups(
    chosen: ReportStudies, parts: Numbers, split: str
) -> tuple[tuple[Numbers, Numbers, int], ...]:
    """Return who is judged by what: see `Task`. Raises UsageError where nobody is."""
    folds, open_ones = _folds(chosen, parts), parts != EVERY
    judged = open_ones & (chosen.held_out if split == VALIDATION else True)
    found = []
    for fold in np.unique(folds):
        own = judged & (folds == fold)
        rest = ~chosen.held_out if split == VALIDATION else folds != fold
        for part in np.unique(parts[own]):
            rows = np.flatnonzero(own & (parts == part))
            found.append((rows, np.flatnonzero(rest & open_ones), int(part)))
    if not found or not all(len(rest) for _, rest, _ in found):
        raise UsageError(
            f"No study is left to judge in the split {split!r}, or none to learn from; --split all"
            " judges every study."
        )
    return tuple(found)


def by_findings(task: Task, told: Truth, model: Installed) -> dict[int, ReportText]:
    """Return the drafts of the findings engine, with points from the studies to learn from.

    Of studies that no network has seen, with the points of the model itself.
    """
    chances, found = probabilities(task.answers.logits), dict[int, ReportText]()
    for rows, rest, part in task.groups:
        if part == NONE:
            points = Points.of(model.model.thresholds)
        else:
            known = rest[task.answers.parts[rest] >= 0]
            points = _points(task.chosen, task.answers, told, known, model)
        for row in rows:
            found[int(row)] = drafted(dict(zip(LABELS, chances[row], strict=True)), points)
    return found


def _points(
    chosen: ReportStudies, answers: Seen, told: Truth, rows: Numbers, model: Installed
) -> Points:
    chances = probabilities(answers.logits[rows])
    points = chosen_points(
        {name: chances[:, number] for number, name in enumerate(FINDINGS)},
        {name: told[rows, number] for number, name in enumerate(NAMES)},
        [chosen.studies.owners[row] for row in rows],
    )
    return points.denying_what_is_ruled_out(model.model.thresholds)


def _baselines(task: Task, seed: int) -> Job[dict[str, Drafts]]:
    """Return drafts by baseline, learned from the studies that each judged one leaves."""
    reports, found = task.chosen.reports, dict[str, Drafts]()
    for name, made in FOR_ALL.items():
        own, known = dict[int, ReportText](), dict[bytes, ReportText]()
        for rows, rest, _ in task.groups:
            yield Progress(message=f"Choosing the baseline {name}")
            mark = rest.tobytes()
            if mark not in known:
                known[mark] = made([reports[row] for row in rest], seed)
            own |= dict.fromkeys(map(int, rows), known[mark])
        found[name] = own
    own = {}
    for rows, rest, part in task.groups:
        features = task.answers.features
        view = np.concatenate(features, axis=1) if part == NONE else features[part]
        likest = nearest(view[rows], view[rest])
        own |= {int(row): reports[rest[n]] for row, n in zip(rows, likest, strict=True)}
    return found | {"nearest": own}


def _seconds(task: Task, models: Models, writer: Installed | None) -> Job[dict[str, list[float]]]:
    """Return seconds from an opened study to its whole draft, models loaded, of a few studies."""
    found: dict[str, list[float]] = {NAME: [], WRITER: []}
    with Engine() as engine:
        for number, row in enumerate(task.rows[: _TIMED + 1]):
            films = [film.path for film in task.chosen.cases[row].films]
            yield Progress(number, _TIMED + 1, "Measuring the time")
            try:
                clips = yield from _opened(films)
                begun = time.perf_counter()
                told = yield from assess(engine, models, [Shown.of(clip) for clip in clips])
                yield from written_draft(told, Asked(tuple((c, len(c) // 2) for c in clips)))
                found[NAME].append(time.perf_counter() - begun)
                if writer is not None:
                    found[WRITER].append((yield from timed(engine, models, writer, clips)))
            except Cancelled:
                raise
            except StudioError:
                continue
    # The first one loads the models.
    return {name: times[1:] for name, times in found.items()}


def _time_facts(seconds: Sequence[float], seed: int) -> dict[str, Any]:
    owners = [str(number) for number in range(len(seconds))]
    return {
        "seconds_per_report": float(np.mean(seconds)) if seconds else None,
        "seconds_per_report_ci": interval(seconds, owners, seed),
    }


def _opened(paths: Sequence[str]) -> Job[list[Clip]]:
    clips = list[Clip]()
    for path in paths:
        clips += [(yield from open_paths([path]))]
    return clips


def _pair(task: Task, row: int, drafts: Mapping[str, Drafts]) -> Pair:
    case, studies = task.chosen.cases[row], task.chosen.studies
    film = studies.paths[studies.cases[row][0][0]]
    return Pair(case.study, film, case.report, {name: own[row] for name, own in drafts.items()})
