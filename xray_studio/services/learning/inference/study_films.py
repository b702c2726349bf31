"""Findings of the film in view, with the film from the other side where its study holds one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Cancelled, Job, Progress
from xray_studio.core.kinds import FILMS
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.learning.cases import View
from xray_studio.core.study import Series
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import VIEWS, Models, Shown, assess, views_of
from xray_studio.services.open import open_series

_MOST: Final = 8  # other films of a study that are looked at
_OPENING: Final = Progress(message="Looking for a film from the other side")


def models_there() -> Models | None:
    """Return the models that findings need, None where one is not installed.

    Raises StudioError for one that is there and cannot be used.
    """
    try:
        return Models.installed()
    except UsageError:
        return None


def assess_in_study(
    engine: Engine, models: Models, film: Shown, others: Sequence[Series]
) -> Job[Assessment]:
    """Return what the film in view shows, together with the first one from the other side.

    Raises StudioError where the film cannot be read or a model cannot be used; of other films those
    that cannot be read are passed over.
    """
    view = (yield from views_of(engine, models.view, [film]))[0]
    if view not in VIEWS:
        told = yield from assess(engine, models, [film])
        return told
    beside = yield from _opened(film, others)
    seen: list[str] = []
    if beside:
        seen = yield from views_of(engine, models.view, beside)
    wanted = View.LATERAL if view == View.FRONTAL else View.FRONTAL
    other = [one for one, what in zip(beside, seen, strict=True) if what == wanted]
    told = yield from assess(engine, models, [film, *other[:1]])
    return told


def _opened(film: Shown, others: Sequence[Series]) -> Job[list[Shown]]:
    """Return other films: those beside the one in view in its clip, and those of other series."""
    alone = film.clip.acquisition.modality not in FILMS
    frames = [] if alone else [n for n in range(len(film.clip)) if n != film.frame]
    found = [Shown(film.clip, number) for number in frames[:_MOST]]
    for series in others:
        yield _OPENING
        try:
            clip = yield from open_series(series)
        except Cancelled:
            raise
        except StudioError:
            continue
        found += [Shown(clip, number) for number in range(min(len(clip), _MOST))]
    return found[:_MOST]
