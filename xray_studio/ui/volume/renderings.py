"""Renderings: keeps the rendering of a volume in step with how the session wants it.

One picture is drawn at a time, by a process of its own, so that older ones never follow newer ones.
While the scene changes pictures are coarse; when it rests the whole one comes.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from xray_studio.core.clip import Clip, Frame
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Cancelled, Job
from xray_studio.core.volume.camera import all_around
from xray_studio.core.volume.scene import LARGEST, VolumeScene
from xray_studio.core.workers import Priority
from xray_studio.services.volume.plane_clips import Planes
from xray_studio.services.volume.rendering import (
    VolumeDrawing,
    begun,
    pictured,
    rendered,
    taken,
)
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import Cine
from xray_studio.ui.viewer.geometry import Size
from xray_studio.ui.volume.look import RENDERING, places_of
from xray_studio.ui.work import JobRunner

LANE: Final = "rendering"
REST: Final = 150  # milliseconds without a change after which the whole picture is drawn
COARSE: Final = 512  # pixels of the longer side of a coarse picture
WHOLE: Final = 2048  # and of a whole one: screens with more have pixels too fine to be missed
MOVIE: Final = 1024  # and of those of a movie
PICTURES: Final = 120  # of a turn: 25 a second, so that it takes about five
_SMALLEST: Final = 16


@dataclass(frozen=True, slots=True)
class _Question:
    """A picture that is wanted."""

    planes: Planes
    scene: VolumeScene
    moment: int

    def coarse(self) -> _Question:
        """Return the question for the same picture, drawn fast."""
        scene = replace(self.scene, size=_within(self.scene.size, COARSE), coarse=True)
        return replace(self, scene=scene)

    def differs_in_size_alone(self, other: _Question | None) -> bool:
        """Tell whether another question is for the same picture."""
        if other is None:
            return False
        scene = replace(other.scene, size=self.scene.size)
        return replace(other, scene=scene) == self


class Renderings(QObject):
    """Puts renderings of the volume on screen into their viewport. Call `close` before it goes.

    `size_of` returns the size of the viewport at a place, in device pixels.
    """

    _drawn = Signal(object, object)

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        size_of: Callable[[int], Size],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._size_of = session, runner, size_of
        self._planes: Planes | None = None
        self._drawing: VolumeDrawing | None = None
        self._moment = 0  # that the drawing is of
        self._beginning = False
        self._wanted: _Question | None = None
        self._moving = False  # the scene changes, not only the size of the viewport
        self._asked: _Question | None = None
        self._answered: _Question | None = None
        self._future: Future[Frame] = Future()  # of what is asked for
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._go_on)
        self._drawn.connect(self._take, Qt.ConnectionType.QueuedConnection)
        session.changed.connect(self._follow)

    def close(self) -> None:
        """Draw nothing more."""
        self._session.changed.disconnect(self._follow)
        self._use(None)
        self._wanted = None
        self._rest.stop()

    def look_again(self) -> None:
        """Find out what is wanted, and draw it."""
        state = self._session.state
        planes = None if state.volume is None else state.volume.planes
        if planes is not self._planes:
            self._use(planes)
        wanted, before = self._question(state), self._wanted
        if wanted == before:
            return
        self._wanted = wanted
        if wanted is None:
            self._rest.stop()
            return
        self._moving = not wanted.differs_in_size_alone(before)
        asked = self._asked
        if self._drawing is not None and asked is not None and not asked.scene.coarse:
            self._drawing.give_up(self._future)  # it takes long, and is not the one any more
        self._rest.start()
        self._go_on()

    def turning(self) -> Clip | None:
        """Return a movie of a turn as a clip, None while nothing is drawn yet."""
        look, place = self._session.state.volume, places_of(self._session.state).get(RENDERING)
        if look is None or place is None or self._drawing is None or self._moment != look.moment:
            return None
        # Encoders take even sides only, and nobody wants a movie that is cut.
        width, height = self._size_of(place)
        rows, columns = (side - side % 2 for side in _within((height, width), MOVIE))
        scene = replace(look.scene, size=(rows, columns))
        scenes = [replace(scene, camera=one) for one in all_around(scene.camera, PICTURES)]
        return rendered(look.volume, self._drawing, scenes, look.planes.study)

    def _follow(self, old: State, new: State) -> None:
        if old.volume is not new.volume or old.views is not new.views or old.shown != new.shown:
            self.look_again()

    def _question(self, state: State) -> _Question | None:
        """Return what is wanted, None where no rendering is on screen."""
        look, place = state.volume, places_of(state).get(RENDERING)
        if look is None or place is None or place not in state.shown:
            return None
        size = self._size_of(place)
        scene = replace(look.scene, size=_within((size.height, size.width), WHOLE))
        return _Question(look.planes, scene, look.moment)

    def _use(self, planes: Planes | None) -> None:
        """Let go of what was drawn, and draw another volume from now on."""
        self._runner.cancel_lane(LANE)
        if self._drawing is not None:
            self._drawing.close()
        self._planes, self._drawing, self._beginning = planes, None, False
        self._asked = self._answered = None

    # -- drawing

    def _go_on(self) -> None:
        """Ask for the next picture, when there is one to be asked for."""
        wanted = self._wanted
        if wanted is None or self._asked is not None or self._beginning:
            return
        resting = not self._rest.isActive()
        if self._drawing is None:
            self._begin(begun(wanted.planes.volume, wanted.moment), wanted)
        elif self._moment != wanted.moment:
            if resting:
                self._begin(taken(self._drawing, wanted.moment), wanted)
        elif resting:
            self._ask(self._drawing, wanted)
        elif self._moving:
            self._ask(self._drawing, wanted.coarse())

    def _begin(self, job: Job[VolumeDrawing], wanted: _Question) -> None:
        self._beginning = True
        self._runner.start(
            job,
            title="Preparing the rendering",
            lane=LANE,
            visible=False,
            replace=True,
            on_result=partial(self._begun, wanted),
            on_error=partial(self._not_begun, wanted),
        )

    def _begun(self, wanted: _Question, drawing: VolumeDrawing) -> None:
        if wanted.planes is not self._planes:
            drawing.close()  # somebody looks at something else by now
            return
        self._drawing, self._moment, self._beginning = drawing, wanted.moment, False
        look = self._session.state.volume
        if look is not None:
            self._session.update(volume=replace(look, counts=drawing.counts))
        self._go_on()

    def _not_begun(self, wanted: _Question, error: StudioError) -> None:
        if wanted.planes is self._planes:  # it is tried again with the next change
            self._update(error=str(error))
            self._wanted, self._beginning = None, False

    def _ask(self, drawing: VolumeDrawing, question: _Question) -> None:
        if question == self._answered:
            return
        self._asked = question
        future = self._future = drawing.request(question.scene, Priority.PLAYBACK)
        future.add_done_callback(partial(self._drawn.emit, question))

    def _take(self, question: _Question, done: Future[Frame]) -> None:
        if question is not self._asked:
            return  # of a volume that has gone
        self._asked, self._answered = None, question
        if done.cancelled():
            return
        error = done.exception()
        if isinstance(error, Cancelled):
            self._answered = None
        elif error is None:
            self._show(question, done.result())
        else:
            known = isinstance(error, StudioError)
            words = str(error) if known else f"This did not work ({type(error).__name__})."
            self._update(error=words)
        self._go_on()

    def _show(self, question: _Question, picture: Frame) -> None:
        planes = question.planes
        clip = pictured(planes.volume, picture, question.scene, question.moment, planes.study)
        self._update(clip=clip)

    def _update(self, *, clip: Clip | None = None, error: str = "") -> None:
        """Show a picture, or what keeps it from being drawn."""
        state = self._session.state
        place = places_of(state).get(RENDERING)
        if place is None:
            return
        if clip is None:
            self._session.update_at(place, error=error)
            return
        # The camera goes nearer, so the picture always is as large as the viewport.
        fitted = replace(state.views[place].presentation, zoom=None, pan=(0.0, 0.0), area=None)
        self._session.update_at(
            place, clip=clip, presentation=fitted, frame=0, cine=Cine(), error="", worked=None
        )


def _within(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return a size of the same shape with at most `longest` pixels a side."""
    less = min(1.0, min(longest, LARGEST) / max(size))
    rows, columns = (max(_SMALLEST, round(side * less)) for side in size)
    return rows, columns
