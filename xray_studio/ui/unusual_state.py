"""What a detector has said of the clip in view, and whether it still holds. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from xray_studio.core.anomaly.detection import Detection, ScoreMap, Threshold, Unusual
from xray_studio.core.anomaly.explanation import Explanation
from xray_studio.core.anomaly.timeline import peaks
from xray_studio.core.anomaly.verdict import Act, latest
from xray_studio.core.anomaly.whereabouts import Mask
from xray_studio.core.clip import Clip
from xray_studio.core.job import Progress
from xray_studio.core.learning.heat import Heat
from xray_studio.core.measure.mark import Mark
from xray_studio.core.region import Region
from xray_studio.services.anomaly.offers import Offer
from xray_studio.ui.finding_state import HIDDEN, heat_shown, image_of
from xray_studio.ui.mark_state import chosen_mark
from xray_studio.ui.over_state import plain
from xray_studio.ui.step_state import Compared, is_behind, is_processed

if TYPE_CHECKING:
    from xray_studio.ui.state import State

MOST = 6  # clips whose answers are kept in memory: a long loop has 32 MB of maps
PROCESSED = (
    "The picture is processed now. The map is of the picture as it was stored: switch the steps"
    " off to see it."
)
CHANGED = "The picture or the detector has changed since this map was made. Look again."
Place = tuple[int, Region]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a detector has said of a clip as it was opened.

    `found` has the maps that are ready, with the threshold in use; `own` is the detector's own.
    `whole` tells that it has looked at all frames, `stale` that the same object has other pixels
    now, or the detector another model. `lungs` are those of a frontal film, None where they are
    not known; `placed` tells that nobody looks for them any more, so that places can be told.
    """

    clip: Clip
    found: Detection
    own: Threshold
    whole: bool = False
    stale: bool = False
    lungs: Mask | None = None
    placed: bool = True
    by_frame: Mapping[int, ScoreMap] = field(init=False)

    def __post_init__(self) -> None:
        """Sort maps by their frame."""
        known = {one.frame: one for one in self.found.maps}
        object.__setattr__(self, "by_frame", MappingProxyType(known))

    @property
    def detector(self) -> str:
        """The name of the detector."""
        return self.found.detector.name

    @property
    def image(self) -> tuple[str, int]:
        """The object that it is of, by SOP Instance UID or file."""
        return image_of(self.clip, 0)

    def same_question(self, other: Answer) -> bool:
        """Tell whether another answer is of the same object by the same detector."""
        return (self.image, self.detector) == (other.image, other.detector)


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """Why a region was marked, as its detector tells; None while it is asked for."""

    place: Place
    told: Explanation | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What is known of the unusual, clips that were asked about last first.

    `offers` are the detectors for the clip `offered`. `detector` is the one that a person chose, ""
    for the first that can be asked. `busy` are words for what is being done, "" when nothing is,
    and `about` the clip that it is done with; `error` is why the last of it did not work. `shown`
    tells that the map lies over the picture, `ahead` that it comes before that of a finding.
    `chosen` is a region: its frame and box. `sight` is the number of the picture of an explanation
    that is shown in place of the map. `acts` are what readers made of regions.
    """

    told: tuple[Answer, ...] = ()
    offers: tuple[Offer, ...] = ()
    offered: Clip | None = None
    detector: str = ""
    busy: str = ""
    about: Clip | None = None
    progress: Progress | None = None
    error: str = ""
    shown: bool = True
    ahead: bool = False
    chosen: Place | None = None
    why: Why | None = None
    sight: int | None = None
    acts: tuple[Act, ...] = ()

    def of(self, clip: Clip, detector: str = "") -> Answer | None:
        """Return the latest answer about a clip, or that of a detector."""
        mine = (one for one in self.told if one.clip is clip)
        return next((one for one in mine if detector in ("", one.detector)), None)

    def with_answer(self, answer: Answer) -> Looks:
        """Return this with another answer for its clip and detector."""
        others = (one for one in self.told if not one.same_question(answer))
        return replace(self, told=(answer, *others)[:MOST])


def clip_of(state: State) -> Clip | None:
    """Return the clip in view as it was opened, None without one."""
    stored = plain(state.view)
    return None if stored is None else stored.clip


def answer_of(state: State) -> Answer | None:
    """Return what was said of the clip in view, stale or not."""
    clip = clip_of(state)
    return None if clip is None else state.looks.of(clip, state.looks.detector)


def unchecked(state: State) -> Answer | None:
    """Return what was said of the object in view as it was opened before, if it was.

    Where a detector abstained it is asked anew: there are no pixels by which that could be held.
    """
    clip = clip_of(state)
    if clip is None or state.looks.of(clip) is not None:
        return None
    image = image_of(clip, 0)
    mapped_ones = (one for one in state.looks.told if one.whole and one.found.maps)
    return next((one for one in mapped_ones if one.image == image), None)


def why_not_shown(state: State) -> str:
    """Return why what was said does not hold for the picture on screen, "" where it does."""
    answer = answer_of(state)
    if answer is None:
        return ""
    if state.ai_hidden:
        return HIDDEN
    if answer.stale:
        return CHANGED
    return PROCESSED if is_processed(state.view) or is_behind(state.view) else ""


def holds(state: State) -> Answer | None:
    """Return what was said of the picture on screen, None where nothing was that holds."""
    answer = answer_of(state)
    return None if answer is None or why_not_shown(state) else answer


def is_ahead(state: State) -> bool:
    """Tell whether the map, shown or not, comes before the heat map of a finding."""
    return state.looks.ahead and answer_of(state) is not None


def heat_over(state: State) -> Heat | None:
    """Return the heat map of a finding that lies over the picture in view, None where none does."""
    hidden = is_ahead(state) or state.view.compared is Compared.ORIGINAL
    return None if hidden else heat_shown(state)


def overlaid(state: State) -> bool:
    """Tell whether what AI says lies over the picture in view."""
    return mapped(state) is not None or heat_over(state) is not None


def can_be_overlaid(state: State) -> bool:
    """Tell whether it would, were not the original shown in its place."""
    view = replace(state.view, compared=Compared.NOT)
    return overlaid(state.with_view(view))


def mapped(state: State) -> Answer | None:
    """Return the answer whose maps lie over the picture in view, None where none do."""
    answer, looks = holds(state), state.looks
    if answer is None or not (looks.shown and looks.ahead and answer.found.maps):
        return None
    return None if state.view.compared is Compared.ORIGINAL else answer


def offers_of(state: State) -> tuple[Offer, ...]:
    """Return the detectors for the clip in view, () while they are looked for."""
    looks = state.looks
    return looks.offers if looks.offered is not None and looks.offered is clip_of(state) else ()


def asked_detector(state: State) -> Offer | None:
    """Return the detector that a look would ask, None where none can be asked."""
    usable = [one for one in offers_of(state) if not one.reason]
    chosen = (one for one in usable if one.name == state.looks.detector)
    return next(chosen, usable[0] if usable else None)


def peak_frames(answer: Answer) -> list[int]:
    """Return the frames that stand out, as far as frames are known, in order."""
    maps = sorted(answer.found.maps, key=lambda one: one.frame)
    best = peaks([one.score for one in maps], answer.found.threshold.value)
    return [maps[number].frame for number in best]


def sight_shown(state: State) -> int | None:
    """Return the number of the picture of an explanation that is shown, None for the map."""
    why, looks = state.looks.why, state.looks
    if mapped(state) is None or why is None or why.told is None or looks.sight is None:
        return None
    here = why.place == looks.chosen and why.place[0] == state.view.frame
    return looks.sight if here and looks.sight < len(why.told.sights) else None


def title_of_detector(state: State, name: str) -> str:
    """Return what a person calls a detector; its name while nobody has told."""
    return next((one.title for one in state.looks.offers if one.name == name), name)


def regions_here(state: State) -> tuple[Unusual, ...]:
    """Return the regions of the frame in view, the highest score first."""
    answer = holds(state)
    scores = None if answer is None else answer.by_frame.get(state.view.frame)
    if answer is None or scores is None:
        return ()
    least = state.settings.unusual.least
    return _regions(scores, answer.found.threshold.value, least, tuple(answer.found.channels))


@lru_cache(maxsize=256)
def _regions(
    scores: ScoreMap, threshold: float, least: int, channels: tuple[str, ...]
) -> tuple[Unusual, ...]:
    from xray_studio.imaging.unusual import regions_of  # OpenCV: not needed to start

    return tuple(regions_of(scores, threshold, channels, least))


def chosen_region(state: State) -> Unusual | None:
    """Return the region of the frame in view that is chosen, None without one."""
    chosen = state.looks.chosen
    if chosen is None or state.view.cine.playing:
        return None
    return next((one for one in regions_here(state) if (one.frame, one.box) == chosen), None)


def why_told(state: State) -> Explanation | None:
    """Return what the detector said of the chosen region, None where nobody has asked."""
    why = state.looks.why
    return why.told if why is not None and why.place == state.looks.chosen else None


def reader_of(state: State) -> str:
    """Return whose verdicts are kept: who judged last, else who signs reports."""
    return state.settings.unusual.reader or state.settings.reports.name


def drawn_area(state: State) -> Mark | None:
    """Return the ellipse or outline that is chosen on the frame in view."""
    chosen = chosen_mark(state)
    return chosen if chosen is not None and chosen.kind.has_area else None


def verdict_on(state: State, answer: Answer, region: Unusual) -> str:
    """Return what readers made of a region, in words, "" where nobody has judged it."""
    scores = answer.by_frame.get(region.frame)
    key = answer.found.detector, "" if scores is None else scores.pixels_sha256, region.frame
    here = (o for o in state.looks.acts if (o.detector, o.pixels_sha256, o.frame) == key)
    known = region.box, region.score, answer.found.threshold.value
    told = [f"{one.verdict} by {one.reader}" for one in latest(here) if one.is_about(*known)]
    words = ", ".join(told)
    return f"{words[:1].upper()}{words[1:]}"
