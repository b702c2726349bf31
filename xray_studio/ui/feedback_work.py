"""Feedback work: keeps what a reader makes of regions, and knows what was made of others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from xray_studio.core.anomaly.detection import Detection, Unusual
from xray_studio.core.anomaly.verdict import Line, Verdict
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.mark import Kind
from xray_studio.core.measure.sketch import area_border
from xray_studio.ui.desk import Desk
from xray_studio.ui.errand import Errand
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import chosen_region, drawn_area, holds, reader_of
from xray_studio.ui.work import JobRunner

if TYPE_CHECKING:
    from xray_studio.services.anomaly.feedback import Judged

LANE: Final = "anomaly feedback"
MASKS: Final = "anomaly-masks"
AREAS: Final = frozenset(kind.value for kind in Kind if kind.has_area)


class FeedbackWork(Errand):
    """Keeps verdicts line by line, in the background."""

    def __init__(
        self, session: Session, runner: JobRunner, desk: Desk, parent: QObject | None = None
    ) -> None:
        super().__init__(session, runner, desk, parent)
        self._asked = False
        session.changed.connect(self._follow)

    def judge(self, verdict: Verdict) -> None:
        """Keep what the reader says of the chosen region; without an area, let it be drawn."""
        state = self._session.state
        answer, region, area = holds(state), chosen_region(state), drawn_area(state)
        if answer is None or region is None:
            return
        redraws = verdict is Verdict.REDRAWN
        if redraws and area is None:
            if state.tool not in AREAS:
                self._session.update(tool="outline")
            return
        drawn = (area_border(area),) if redraws and area is not None else ()
        self._runner.start(
            kept_verdict(answer.found, region, verdict, reader_of(state), drawn),
            title="Keeping feedback", lane=LANE, visible=False,
            on_result=self._kept, on_error=self._refused,
        )  # fmt: skip

    def ask_masks(self) -> None:
        """Ask where masks of judged regions go."""
        self._desk.save_as("Export masks of judged regions", MASKS, "Folder (*)", self._export)

    def _export(self, target: Path) -> None:
        self._runner.start(
            exported(target), title="Exporting masks", lane=LANE,
            on_result=lambda count: self.told.emit(f"{count} saved in {target.name}.", "done"),
            on_error=self._refused,
        )  # fmt: skip

    def _kept(self, found: Judged) -> None:
        self._known(found)
        last = found.acts[-1]
        self.told.emit(f"The region is kept as {last.verdict} by {last.reader}.", "done")

    def _known(self, found: Judged) -> None:
        self._session.update(looks=replace(self._session.state.looks, acts=found.acts))

    def _follow(self, _old: State, new: State) -> None:
        if self._asked or holds(new) is None:
            return
        self._asked = True
        self._runner.start(
            kept_before(), title="Reading feedback", lane=LANE, visible=False,
            on_result=self._known, on_error=self._refused,
        )  # fmt: skip


def kept_before() -> Job[Judged]:
    """Return what is kept."""
    yield Progress(message="Reading feedback")
    from xray_studio.services.anomaly.feedback import kept

    return kept()


def kept_verdict(
    found: Detection, region: Unusual, verdict: Verdict, reader: str, drawn: tuple[Line, ...]
) -> Job[Judged]:
    """Keep a verdict, and return all that is kept; `drawn` are borders in place of the region."""
    yield Progress(message="Keeping feedback")
    from xray_studio.services.anomaly.feedback import judged, keeping

    told = yield from keeping(judged(found, region, verdict, reader, drawn))
    return told


def exported(target: Path) -> Job[str]:
    """Write masks of judged regions into a new folder, and return how many, in words."""
    yield Progress(message="Writing masks")
    from xray_studio.services.anomaly.feedback import export_masks

    written = yield from export_masks(target)
    count = len(written) - 1  # beside the list of them
    return f"{count} mask{'' if count == 1 else 's'}"
