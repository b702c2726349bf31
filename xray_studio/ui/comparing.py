"""Comparing: opens the dialog that puts clips side by side, and the clips that are added to it."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QObject

from xray_studio.core.study import Series
from xray_studio.ui.browser.series_text import same
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.desk import Desk
from xray_studio.ui.dialogs.compare.dialog import CompareDialog
from xray_studio.ui.dialogs.compare.entries import first_chosen
from xray_studio.ui.exports import Exports
from xray_studio.ui.opening import Opened, Read, open_for_view
from xray_studio.ui.preferences import Preferences
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner

LANE = "compare"
NO_PICTURES = "This series has no pictures; choose another one."


class Comparing(QObject):
    """Compares the clips of the viewports, and others of what is open."""

    def __init__(
        self,
        session: Session,
        runner: JobRunner,
        desk: Desk,
        exports: Exports,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._runner, self._desk, self._exports = session, runner, desk, exports
        self._lanes = count()

    def ask(self, preferences: Preferences, thumbnails: Thumbnails) -> None:
        """Open the dialog with the clips of all viewports."""
        state = self._session.state
        dialog = self._desk.compare(
            first_chosen(state), self._exports, preferences,
            catalog=state.catalog, thumbnails=thumbnails, hidden=state.identity_hidden,
        )  # fmt: skip
        if dialog is not None:
            dialog.added.connect(lambda series: self._add(dialog, series))

    def _add(self, dialog: CompareDialog, series: Series) -> None:
        """Put a series into the dialog: as a viewport shows it, else as it opens."""
        views = (view for view in self._session.state.views if view.clip is not None)
        shown = next((view for view in views if same(series, view.series)), None)
        if shown is not None:
            dialog.add(shown)
            return
        lane = f"{LANE} {next(self._lanes)}"
        dialog.finished.connect(lambda _result: self._runner.cancel_lane(lane))

        def found(answer: Opened | Read) -> None:
            if isinstance(answer, Opened):
                dialog.add(answer.view(series))
            else:
                dialog.say(NO_PICTURES, "danger")

        dialog.say("Opening the clip")
        self._runner.start(
            open_for_view(series, self._session.state.catalog),
            title="Opening a series",
            lane=lane,
            visible=False,
            on_result=found,
            on_error=lambda error: dialog.say(str(error), "danger"),
        )
