"""What a model has said of the film in view, and whether it still holds. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from xray_studio.core.clip import Clip
from xray_studio.core.job import Progress
from xray_studio.core.kinds import FILMS
from xray_studio.core.learning.assessment import Assessment, FindingScore
from xray_studio.core.learning.findings import NORMAL
from xray_studio.core.learning.heat import Heat, Method
from xray_studio.core.learning.question import Wish
from xray_studio.core.study import Catalog, Series
from xray_studio.ui.over_state import plain
from xray_studio.ui.step_state import is_behind, is_processed

if TYPE_CHECKING:
    from xray_studio.ui.state import State
    from xray_studio.ui.view import View

MOST = 32  # films whose answers are kept
PROCESSED = (
    "The picture is processed now. The findings are of the picture as it was stored: switch the"
    " steps off to see them."
)
CHANGED = (
    "The picture or the model has changed since these findings were found. Look for them again."
)
HIDDEN = "Results of AI are hidden for teaching; F9 shows them."
_NONE: Mapping[Wish, Heat] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a model has said of one frame (from 0) of a clip as it was opened.

    `heats` are the maps that were asked for, as they are shown. `stale` tells that the same object
    has other pixels now.
    """

    clip: Clip
    frame: int
    assessment: Assessment
    heats: Mapping[Wish, Heat] = field(default_factory=lambda: _NONE)
    stale: bool = False

    @property
    def image(self) -> tuple[str, int]:
        """The object that it is of, by SOP Instance UID or file, and the frame."""
        return image_of(self.clip, self.frame)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What is known of findings, films that were asked for last first.

    `busy` are words for what is being done, "" when nothing is; `error` is why the last of it did
    not work. `missing` tells that no model is installed, None that nobody has looked. `chosen` is
    the finding whose heat map is shown while `shown` is on.
    """

    told: tuple[Told, ...] = ()
    busy: str = ""
    progress: Progress | None = None
    error: str = ""
    missing: bool | None = None
    chosen: str = ""
    shown: bool = True

    def of(self, clip: Clip, frame: int) -> Told | None:
        """Return what was said of a frame of a clip."""
        return next((one for one in self.told if one.clip is clip and one.frame == frame), None)

    def with_told(self, told: Told) -> Found:
        """Return this with another answer for its film."""
        others = (one for one in self.told if one.image != told.image)
        return replace(self, told=(told, *others)[:MOST])


def image_of(clip: Clip, frame: int) -> tuple[str, int]:
    """Return the object of a frame, by SOP Instance UID, else by file, and the frame."""
    uid = clip.origin(frame)[0] or clip.acquisition.sop_instance_uid
    return uid or clip.made or "|".join(clip.paths), frame


def film_of(view: View) -> tuple[Clip, int] | None:
    """Return clip and frame of a view as they were opened, None without a picture."""
    stored = plain(view)
    return None if stored is None else (stored.clip, view.frame)


def told_of(state: State) -> Told | None:
    """Return what was said of the film in view, stale or not."""
    film = film_of(state.view)
    return None if film is None else state.findings.of(*film)


def unchecked(state: State) -> Told | None:
    """Return what was said of the object in view as it was opened before, if it was."""
    film = film_of(state.view)
    if film is None or state.findings.of(*film) is not None:
        return None
    return next((one for one in state.findings.told if one.image == image_of(*film)), None)


def why_not_shown(state: State) -> str:
    """Return why what was said does not hold for the picture on screen, "" where it does."""
    told = told_of(state)
    if told is not None and state.ai_hidden:
        return HIDDEN
    if told is not None and told.stale:
        return CHANGED
    if told is not None and (is_processed(state.view) or is_behind(state.view)):
        return PROCESSED
    return ""


def holds(state: State) -> Told | None:
    """Return what was said of the picture on screen, None where nothing was that holds."""
    told = told_of(state)
    return None if told is None or why_not_shown(state) else told


def wish_of(state: State) -> Wish | None:
    """Return which heat map is to be shown, None where none is."""
    told, found = holds(state), state.findings
    names = () if told is None else [one.name for one in told.assessment.findings]
    if not found.shown or found.chosen not in names:
        return None
    return Wish(found.chosen, Method(state.settings.findings.method))


def heat_shown(state: State) -> Heat | None:
    """Return the heat map that lies over the picture in view, None where none does."""
    told, wish = holds(state), wish_of(state)
    return None if told is None or wish is None else told.heats.get(wish)


def listed(assessment: Assessment) -> tuple[FindingScore, ...]:
    """Return findings as they are listed: "normal" first, then the likeliest first."""
    order = sorted(assessment.findings, key=lambda one: (one.name != NORMAL, -one.probability))
    return tuple(order)


def title_of(name: str) -> str:
    """Return a finding as a person reads it."""
    return f"{name[:1].upper()}{name[1:]}"


def other_films(catalog: Catalog, series: Series) -> tuple[Series, ...]:
    """Return the other series of films in the study of one.

    Files that tell no patient stand together without being of one person: they have none.
    """
    for patient in catalog.patients:
        for study in patient.studies:
            if any(one.identity == series.identity for one in study.series):
                others = (one for one in study.series if one.identity != series.identity)
                films = tuple(one for one in others if one.modality in FILMS)
                return () if patient.loose else films
    return ()
