"""Subtracting: finds how far the mask of the active view is to be moved."""

from __future__ import annotations

from PySide6.QtCore import QObject

from xray_studio.core.clip import Clip
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.services.processing.pixel_shift import Moved, find_shift
from xray_studio.ui.session import Session
from xray_studio.ui.step_state import unprocessed
from xray_studio.ui.viewer.subtraction_commands import place_of_subtraction
from xray_studio.ui.work import JobRunner

LANE = "find the shift of a mask"


class Subtracting(QObject):
    """Asks for the shift that leaves least of the background of the frame in view."""

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner

    def find(self) -> None:
        """Move the mask onto the frame in view; a note says what was found."""
        state, place = self._session.state, self._session.state.active
        clip, pipeline = unprocessed(state.view).clip, state.view.pipeline
        if clip is not None:
            self._runner.start(
                find_shift(clip, pipeline, state.view.frame),
                title="Moving the mask",
                lane=LANE,
                visible=False,
                replace=True,
                on_result=lambda found: self._move(place, clip, pipeline, found),
                on_error=lambda error: self._session.update_at(place, note=str(error)),
            )

    def _move(self, place: int, clip: Clip, asked: Pipeline, found: Moved) -> None:
        view = self._session.state.views[place]
        here = place_of_subtraction(view.pipeline)
        if unprocessed(view).clip is not clip or view.pipeline != asked or here is None:
            return
        stages = view.pipeline.stages
        moved = Pipeline((*stages[:here], Stage(found.step), *stages[here + 1 :]))
        self._session.update_at(place, pipeline=moved, stage=here, note=found.sentence)
