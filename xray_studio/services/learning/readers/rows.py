"""What every reader of a layout yields: a film and its study at a time, or why a row is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xray_studio.core.job import Job, Progress
from xray_studio.core.learning.cases import Case, Collection, Film, ReportText
from xray_studio.core.study import Skipped

_STEP = 500  # rows between two places to stop
_PARTS = ("test", "val", "train")  # which counts where rows of a study differ


@dataclass(frozen=True, slots=True)
class Row:
    """One film, and what its row tells of the study; `where` names the row for a person."""

    where: str
    film: Film
    study: str
    patient: str
    labels: frozenset[str] | None = None
    report: ReportText = field(default_factory=ReportText)
    part: str = ""


Read = Iterator[Row | Skipped]


def gathered(
    name: str, layout: str, findings: tuple[str, ...], rows: Iterable[Row | Skipped]
) -> Job[Collection]:
    """Return rows as a collection; those of one study are one case, told by the first of them.

    A film that stands in two rows counts once. A study is of one patient, and held out by whoever
    published it when any of its rows says so.
    """
    cases: dict[str, list[Row]] = {}
    skipped: list[Skipped] = []
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if number % _STEP == 0:
            yield Progress(number, 0, f"Reading {name}")
        if isinstance(row, Skipped):
            skipped.append(row)
        elif row.film.path in seen:
            skipped.append(Skipped(row.where, "names a film that an earlier row names"))
        elif row.patient not in {"", _patient([*cases.get(row.study, ()), row])}:
            skipped.append(Skipped(row.where, "names another patient than its study has"))
        else:
            seen.add(row.film.path)
            cases.setdefault(row.study, []).append(row)
    found = tuple(_case(name, rows_of_one) for rows_of_one in cases.values())
    return Collection(name, layout, found, findings, tuple(skipped))


def _case(name: str, rows: list[Row]) -> Case:
    """Return the rows of one study as a case; names of other collections are others."""
    first = rows[0]
    return Case(
        f"{name}/{first.study}",
        f"{name}/{_patient(rows) or first.study}",
        tuple(row.film for row in rows),
        first.labels,
        first.report,
        next((part for part in _PARTS if any(row.part == part for row in rows)), ""),
    )


def _patient(rows: Iterable[Row]) -> str:
    """Return the first patient whom rows of a study name, "" where none does."""
    return next((row.patient for row in rows if row.patient), "")
