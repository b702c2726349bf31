"""Cases to learn from: a study, its films, its labels, its report, and whose it is."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from xray_studio.core.study import Skipped


class View(enum.StrEnum):
    """What a film shows. What nobody tells is "", never guessed."""

    FRONTAL = "frontal"
    LATERAL = "lateral"
    OTHER = "other"
    UNTOLD = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A finding marked by a rectangle: left, top, width and height as shares (0 to 1) of the film.

    `name` is the finding in the words of its source.
    """

    name: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Film:
    """One picture file of a case; `projection` is "AP" or "PA" where the source tells it.

    `modality` is that of an object, "" for a picture file. `masks` are files of marked regions by
    what they mark: "lesion", "lung".
    """

    path: str
    view: View = View.UNTOLD
    projection: str = ""
    boxes: tuple[Box, ...] = ()
    masks: tuple[tuple[str, str], ...] = ()
    modality: str = ""


@dataclass(frozen=True, slots=True)
class ReportText:
    """What a radiologist wrote, as it stands in the source: "XXXX" is text removed for privacy."""

    indication: str = ""
    comparison: str = ""
    findings: str = ""
    impression: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One study: the unit that labels and reports belong to.

    `labels` are names of `findings.FINDINGS`; None where nobody has labelled the study, which is
    not the same as having found nothing. `patient` is whom splits keep together; where the source
    tells none it is the study itself. `part` is "train", "val" or "test" where the source says so.
    """

    study: str
    patient: str
    films: tuple[Film, ...]
    labels: frozenset[str] | None = None
    report: ReportText = field(default_factory=ReportText)
    part: str = ""

    def seen(self, view: View) -> tuple[Film, ...]:
        """Return the films of one view."""
        return tuple(film for film in self.films if film.view is view)


@dataclass(frozen=True, slots=True)
class Collection:
    """Cases of one source, and the rows and files that are none, each with its reason.

    `findings` are the labels that the source can tell: one that it never looked for is not absent.
    """

    name: str
    layout: str
    cases: tuple[Case, ...]
    findings: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def films(self) -> int:
        """Number of films of all cases."""
        return sum(len(case.films) for case in self.cases)

    def views(self) -> Counter[str]:
        """Return how many films there are of each view; "untold" where nobody says."""
        return Counter(film.view or "untold" for case in self.cases for film in case.films)

    def counts(self) -> dict[str, int]:
        """Return how many cases have each of the labels that the source tells."""
        found = Counter(label for case in self.cases for label in case.labels or ())
        return {name: found[name] for name in self.findings}


def rows_left_out(collections: Iterable[Collection]) -> tuple[tuple[str, str], ...]:
    """Return the rows of tables that give no film, named with their collection, and the reasons.

    Files of folders without a table are none.
    """
    return tuple(
        (f"{one.name}/{each.path}", each.reason)
        for one in collections
        if one.layout != "files"
        for each in one.skipped
    )
