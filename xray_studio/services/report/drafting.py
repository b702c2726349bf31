"""Drafts: an engine writes about films, and a report begins with what it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.report.engine import Asked, ReportEngine, begun, begun_by_hand
from xray_studio.core.report.report import HEADINGS, Film, Report
from xray_studio.core.study import Series
from xray_studio.services.open import open_series
from xray_studio.services.report.films import film_of
from xray_studio.services.report.store import Kept, kept, versions

Shown: TypeAlias = tuple[Clip, int]
MOST: Final = 4  # films of a study that an engine is shown


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a draft: a report, or the sentence with which the engine abstained."""

    report: Report | None = None
    abstained: str = ""


def drafted(engine: ReportEngine, asked: Asked, time: datetime) -> Job[Written]:
    """Let an engine write; progress holds the Draft so far. `time` tells its zone.

    Raises StudioError where a film cannot be read or the engine cannot be used.
    """
    draft = yield from engine.draft(asked)
    if draft.abstained or not draft.sections:
        return Written(abstained=draft.abstained or "The engine wrote nothing about this film.")
    return Written(begun(draft, _study(asked), films_of(asked.films), time))


def by_hand(films: Sequence[Shown], time: datetime) -> Job[Report]:
    """Begin a report of the usual sections in which a person writes alone."""
    yield Progress(message="Beginning a report")
    study = films[0][0].acquisition.study_instance_uid
    return begun_by_hand(study, films_of(films), HEADINGS, time)


def films_of(films: Sequence[Shown]) -> tuple[Film, ...]:
    """Return clips and frames (from 0) as a report names them."""
    return tuple(film_of(clip, frame) for clip, frame in films)


def with_others(film: Shown, others: Sequence[Series]) -> Job[tuple[Shown, ...]]:
    """Return a film and the first frames of others of its study, those that can be read."""
    found = [film]
    for series in others[: MOST - 1]:
        yield Progress(message="Opening the other films of the study")
        try:
            clip = yield from open_series(series)
        except Cancelled:
            raise
        except StudioError:
            continue
        found.append((clip, 0))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Again:
    """Reports of a study that were kept, and whether the latest still fits the film in view.

    `older` are the versions before the latest of each.
    """

    kept: Kept
    older: tuple[Report, ...] = ()
    fits: bool = True


def kept_of(film: Shown) -> Job[Again]:
    """Return the reports that are kept of the study of a film."""
    clip, frame = film
    study = clip.acquisition.study_instance_uid
    found = yield from kept(study, () if study else films_of([film]))
    if not found.reports:
        return Again(found)
    older = [one for last in found.reports if last.version > 1 for one in versions(last)[:-1]]
    return Again(found, tuple(older), fits(found.reports[-1], film_of(clip, frame)))


def fits(report: Report, here: Film) -> bool:
    """Tell whether a film in view is none that a report is about with other pixels."""
    same = [
        one
        for one in report.films
        if one.sop_instance_uid == here.sop_instance_uid and one.frame == here.frame
    ]
    return not same or any(one.pixels_sha256 == here.pixels_sha256 for one in same)


def _study(asked: Asked) -> str:
    return asked.films[0][0].acquisition.study_instance_uid
