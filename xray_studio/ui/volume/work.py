"""Volume work: opens the series in view as a volume, and lets it go with the last viewport."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job
from xray_studio.core.place import FramePlace
from xray_studio.core.presentation import Presentation, Window
from xray_studio.core.study import Series
from xray_studio.ui.actions.menus import open_menu
from xray_studio.ui.errand import Errand
from xray_studio.ui.in_the_window import in_the_window
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.volume.jobs import Opened, found_parts, opened
from xray_studio.ui.volume.look import Before, VolumeLook, first_scene, left, shown

if TYPE_CHECKING:  # heavy libraries, which the window does not wait for
    from xray_studio.services.volume.parts import Part

LANE: Final = "volume"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was in view when a volume was asked for."""

    series: Series
    view: View
    study: str
    here: FramePlace | None


class VolumeWork(Errand):
    """Shows the series in view as planes and a rendering, or the grid of before again."""

    def follow(self) -> None:
        """Let go of what nobody looks at any more."""
        self._session.changed.connect(self._followed)

    def toggle(self) -> None:
        """Open the series in view as a volume; close the one on screen."""
        state = self._session.state
        if state.volume is not None:
            self._session.update(**left(state))
            return
        view = state.view
        if view.series is None or view.clip is None:
            return
        # The first frame is where every series begins: nobody has chosen it.
        here = view.clip.places[view.frame] if 0 < view.frame < len(view.clip.places) else None
        asked = _Asked(view.series, view, view.clip.acquisition.study_instance_uid, here)
        self._start(found_parts(view.series), partial(self._choose, asked))

    def close(self) -> None:
        """Let the volume on screen go."""
        look = self._session.state.volume
        for planes in () if look is None else look.held:
            planes.close()

    def _start(self, job: Job[T], then: Callable[[T], None]) -> None:
        self._runner.start(
            job, title="Opening a volume", lane=LANE, replace=True,
            on_result=then, on_error=self._refused,
        )  # fmt: skip

    def _choose(self, asked: _Asked, parts: list[Part]) -> None:
        """Open the only volume of a series, or ask which of several."""
        if len(parts) == 1:
            self._open(asked, parts[0])
            return
        window = self.parent()
        assert isinstance(window, QWidget)
        choices = [QAction(part.words, window) for part in parts]
        for choice, part in zip(choices, parts, strict=True):
            choice.triggered.connect(partial(self._open, asked, part))
        place = window.mapToGlobal(window.rect().center())
        menu = open_menu([choices], place, window)
        for choice in choices:
            choice.setParent(menu)

    def _open(self, asked: _Asked, part: Part, *_: object) -> None:
        self._start(opened(part, asked.study, asked.here), partial(self._show, asked))

    def _show(self, asked: _Asked, found: Opened) -> None:
        state = self._session.state
        if state.volume is not None or asked.series is not state.view.series:
            found.planes.close()  # somebody looks at something else by now
            return
        before = Before(state.layout, state.views, state.active, state.tool)
        look = VolumeLook(
            asked.series, found.planes, found.aim, first_scene(found.planes.volume), before,
            _as_shown(found.initial, asked.view), found.windows, case=found.case,
        )  # fmt: skip
        self._session.update(**shown(look))

    def _refused(self, error: StudioError) -> None:
        self.told.emit(in_the_window(str(error)), "danger")

    def _followed(self, old: State, new: State) -> None:
        if old.volume is None or old.volume is new.volume:
            return
        kept = () if new.volume is None else new.volume.held
        for planes in old.volume.held:
            if planes not in kept:
                planes.close()


def _as_shown(initial: Presentation, view: View) -> Presentation:
    """Return a presentation with the window that the series has in view, where that is one."""
    voi = view.presentation.voi
    return replace(initial, voi=voi) if isinstance(voi, Window) else initial
