"""What in its films speaks for the findings that a report tells, shown on the page with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.heat import Method
from xray_studio.core.learning.question import Wish
from xray_studio.core.report.report import Report
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import VIEWS, Models, Shown, assess
from xray_studio.services.learning.inference.heat_maps import explain
from xray_studio.services.learning.models.installed import installed_for
from xray_studio.services.report.files import Heated
from xray_studio.services.report.films import pixels_sha256

MOST: Final = 4  # maps on one report
NO_FINDING: Final = (
    "No sentence of this report tells a finding of the installed model, so there is no heat map to"
    " show; leave --heat out."
)


NONE_SEEN: Final = (
    "No finding that the report tells counts as seen in these films, so there is no heat map to"
    " show."
)


def heats_of(report: Report, clips: Sequence[Clip]) -> Job[tuple[Heated, ...]]:
    """Return Grad-CAM maps of the findings that sentences of installed models tell as seen.

    They show what the installed classifier sees in the films, whoever chose the words. At most
    four, the first told first. Raises UsageError where no sentence is of such a model, StudioError
    where the model is missing or a film cannot be read.
    """
    models = Models.installed()
    writers = [one.model.sha256 for one in installed_for("report")]
    names = _told(report, {models.findings.model.sha256, *writers})
    if not names:
        raise UsageError(NO_FINDING)
    films = [Shown(clip, index) for clip in clips for index in _frames(report, clip)]
    found = list[Heated]()
    with Engine() as engine:
        told = yield from assess(engine, models, films)
        seen = {one.name for one in told.findings if one.positive}
        for name in (name for name in names if name in seen):
            for film, picture in zip(films, told.pictures, strict=True):
                if picture.view in VIEWS and len(found) < MOST:
                    wish = Wish(name, Method.GRAD_CAM)
                    heat = yield from explain(engine, models.findings, told, film, wish)
                    found.append(Heated(film.clip, film.frame, heat))
    return tuple(found)


def _told(report: Report, hashes: set[str]) -> list[str]:
    """Return the findings of sentences that models wrote, by their hashes."""
    names = dict[str, None]()
    for _, one in report.each():
        model = one.source.model if one.source else None
        if model is not None and model.sha256 in hashes and one.finding not in {"", NORMAL}:
            names[one.finding] = None
    return list(names)


def _frames(report: Report, clip: Clip) -> list[int]:
    """Return the frames of a clip that a report is about."""
    known = {film.pixels_sha256 for film in report.films}
    wanted = {film.frame for film in report.films}
    likely = [0] if len(clip) == 1 else [index for index in range(len(clip)) if index in wanted]
    return [index for index in likely if pixels_sha256(clip, index) in known]
