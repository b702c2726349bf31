"""Unusual work: asks detectors about the clip in view, and why they marked a region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from xray_studio.core.anomaly.detection import Detection, ScoreMap
from xray_studio.core.anomaly.explanation import Explanation
from xray_studio.core.anomaly.whereabouts import Mask
from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.services.anomaly.offers import Offer
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_jobs import (
    ASKING_WHY,
    COMPARING,
    LOOKING,
    Kept,
    compared,
    explained,
    looked,
    may_show_lungs,
    offered,
    placed,
)
from xray_studio.ui.unusual_state import (
    Answer,
    Looks,
    Place,
    Why,
    asked_detector,
    clip_of,
    offers_of,
    unchecked,
)
from xray_studio.ui.work import JobRunner, Task

LANE: Final = "unusual"
OFFERS: Final = "detectors"
LUNGS: Final = "lungs"
IDLE: Final = 120_000  # milliseconds after which detectors, and what they hold, are let go
GATHERED: Final = 200  # milliseconds in which frames that are ready gather


class UnusualWork(QObject):
    """Looks through clips when asked; what was said before is compared when a clip comes again."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        self._wanted = False
        self._offering: Clip | None = None
        self._detectors: Kept = {}
        self._idle = QTimer(self, singleShot=True, interval=IDLE)
        self._idle.timeout.connect(self.close)
        self._ready: list[tuple[Clip, ScoreMap]] = []
        self._progress: Progress | None = None
        self._gathering = QTimer(self, singleShot=True, interval=GATHERED)
        self._gathering.timeout.connect(self._gathered)
        session.changed.connect(self._follow)
        runner.ended.connect(self._ended)

    def look(self) -> None:
        """Ask the detector that is chosen, or the first that can be asked, about the clip."""
        state = self._session.state
        clip, offer = clip_of(state), asked_detector(state)
        if clip is None:
            return
        if not offers_of(state):  # it is not known yet who can be asked
            self._wanted = True
            self.find_offers()
            return
        if offer is None:  # the panel tells why
            return
        self._tell(shown=True, ahead=True, chosen=None, why=None, sight=None)
        self._start(
            clip, looked(self._detectors, offer.name, clip), LOOKING,
            lambda found: self._looked(clip, found),
            lambda progress: self._progressed(clip, progress),
        )  # fmt: skip

    def find_offers(self) -> None:
        """Find out which detectors can be asked about the clip in view."""
        clip = clip_of(self._session.state)
        if clip is None or clip is self._offering:
            return
        self._offering = clip
        self._runner.start(
            offered(clip), title="Looking for detectors", lane=OFFERS, visible=False,
            replace=True, on_result=lambda found: self._offered(clip, found),
        )  # fmt: skip

    def ask_why(self, place: Place) -> None:
        """Ask the detector why it marked a region, if it can tell."""
        looks, clip = self._looks, clip_of(self._session.state)
        answer = None if clip is None else looks.of(clip, looks.detector)
        if answer is None or looks.busy:
            return
        self._tell(why=Why(place))
        job = explained(self._detectors, answer, place)
        self._start(answer.clip, job, ASKING_WHY, lambda told: self._explained(place, told), None)

    def stop(self) -> None:
        """Give up what is being done; frames that are ready stay until another clip comes."""
        self._runner.cancel_lane(LANE)
        self._gathered()
        self._tell(busy="", progress=None)

    def close(self) -> None:
        """Let detectors go, with the processes that they hold; the next look makes others."""
        self._detectors = {}

    def _start(
        self,
        clip: Clip,
        job: Job[Any],
        title: str,
        done: Callable[[Any], None],
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._idle.stop()
        self._tell(busy=title, about=clip, progress=None, error="")
        self._runner.start(
            job, title=title, lane=LANE, replace=True, gives_way=True, on_result=done,
            on_progress=on_progress or self._told_progress, on_error=self._failed,
        )  # fmt: skip

    # -- answers

    def _looked(self, clip: Clip, found: Detection) -> None:
        own = found.threshold
        before = self._looks.of(clip, found.detector.name)
        if before is not None and before.own.value == own.value:  # moved while frames came
            found = replace(found, threshold=before.found.threshold)
        lungs = bool(found.maps) and may_show_lungs(clip)
        answer = Answer(clip, found, own, whole=True, placed=not lungs)
        self._session.update(looks=replace(self._looks.with_answer(answer), busy=""))
        if lungs:
            self._runner.start(
                placed(self._detectors, answer), title="Looking for the lungs", lane=LUNGS,
                visible=False, gives_way=True, on_result=lambda lungs: self._placed(answer, lungs),
            )  # fmt: skip

    def _placed(self, answer: Answer, lungs: Mask | None) -> None:
        """Tell where the lungs are in a film that was looked at, if it still is the one."""
        now = self._looks.of(answer.clip, answer.detector)
        if now is not None and lungs is not None:
            known = replace(now, lungs=lungs, placed=True)
            self._session.update(looks=self._looks.with_answer(known))

    def _place_others(self) -> None:
        """Let places be told by the picture where no lungs were found, or nobody looks any more."""
        looks = self._looks
        if not all(one.placed for one in looks.told):
            told = tuple(replace(one, placed=True) for one in looks.told)
            self._session.update(looks=replace(looks, told=told))

    def _progressed(self, clip: Clip, progress: Progress) -> None:
        """Take over what is known before the first frame; frames that are ready gather a moment.

        The window has other things to do while a loop plays.
        """
        partial = progress.partial
        if isinstance(partial, Detection):
            begun = Answer(clip, partial, partial.threshold, placed=not may_show_lungs(clip))
            self._session.update(looks=self._looks.with_answer(begun))
        elif isinstance(partial, ScoreMap):
            self._ready.append((clip, partial))
        self._told_progress(replace(progress, partial=None))

    def _told_progress(self, progress: Progress) -> None:
        self._progress = progress
        if not self._gathering.isActive():
            self._gathering.start()

    def _gathered(self) -> None:
        """Show the frames that are ready by now, and how far it is."""
        ready, self._ready = self._ready, []
        looks = self._looks
        if not looks.busy:
            return
        for clip in {id(clip): clip for clip, _ in ready}.values():
            before = next((one for one in looks.told if one.clip is clip and not one.whole), None)
            if before is not None:
                maps = tuple(one for other, one in ready if other is clip)
                found = replace(before.found, maps=(*before.found.maps, *maps))
                looks = looks.with_answer(replace(before, found=found))
        self._session.update(looks=replace(looks, progress=self._progress))

    def _compared(self, answer: Answer, clip: Clip, same: bool) -> None:
        """Take what was said of an object over to the clip that it was opened as again."""
        again = replace(answer, clip=clip, stale=not same)
        self._session.update(looks=replace(self._looks, busy="").with_answer(again))

    def _explained(self, place: Place, told: Explanation) -> None:
        self._tell(busy="", why=Why(place, told))

    def _failed(self, error: StudioError) -> None:
        """Say what went wrong; frames of an answer that was never finished are no result."""
        looks = self._looks
        kept = tuple(one for one in looks.told if one.whole)
        self._session.update(
            looks=replace(looks, told=kept, busy="", progress=None, error=str(error), why=None)
        )

    def _ended(self, task: Task) -> None:
        lanes = {one.lane for one in self._runner.tasks}
        if task.lane == LUNGS and LUNGS not in lanes:
            self._place_others()
        idle = LANE not in lanes
        if task.lane == LANE and idle:
            self._idle.start()
            if self._looks.busy:  # given up in the list of jobs
                self._tell(busy="", progress=None)

    @property
    def _looks(self) -> Looks:
        return self._session.state.looks

    def _tell(self, **changes: Any) -> None:
        self._session.update(looks=replace(self._looks, **changes))

    # -- what follows from the session

    def _follow(self, old: State, new: State) -> None:
        if clip_of(new) is clip_of(old):
            return
        self._wanted = False
        self._come(new)

    def _come(self, state: State) -> None:
        """Forget what belongs to another clip, and compare one that was looked at before."""
        looks = self._looks
        if looks.error or looks.chosen or looks.why:
            self._tell(error="", chosen=None, why=None, sight=None)
        answer, clip = unchecked(state), clip_of(state)
        if answer is not None and clip is not None:
            job = compared(self._detectors, answer, clip)
            done = partial(self._compared, answer, clip)
            self._start(clip, job, COMPARING, done, None)

    def _offered(self, clip: Clip, found: tuple[Offer, ...]) -> None:
        self._offering = None
        wanted, self._wanted = self._wanted, False
        self._tell(offers=found, offered=clip)
        if wanted and clip_of(self._session.state) is clip:
            self.look()
