"""Agreement: what people made of drafts, counted from kept reports, shown, and written on request.

Nothing learns from it by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError
from xray_studio.services.report.feedback import Feedback, feedback
from xray_studio.ui.errand import Errand

LANE: Final = "agreement"
NAME, KIND = "drafts.jsonl", "Lines of JSON (*.jsonl)"


class Agreeing(Errand):
    """Counts what became of drafts, and writes drafts with final texts."""

    def show(self) -> None:
        """Count it, and show it."""
        self._runner.start(
            feedback(), title="Reading kept reports", lane=LANE, replace=True,
            on_result=self._counted, on_error=self._refused,
        )  # fmt: skip

    def export(self) -> None:
        """Ask where drafts and final texts go."""
        self._desk.save_as("Save drafts and final texts", NAME, KIND, self.write)

    def write(self, target: Path) -> None:
        """Write drafts and final texts; a file that exists was agreed to in the dialog."""
        self._runner.start(
            feedback(target, overwrite=True), title="Saving drafts and final texts", lane=LANE,
            on_result=self._written, on_error=self._not_written,
        )  # fmt: skip

    def _counted(self, found: Feedback) -> None:
        if found.damaged:
            self.told.emit(
                f"{found.damaged} kept reports are damaged and were set aside.", "danger"
            )
        self._desk.show_agreement(found, self.export)

    def _written(self, found: Feedback) -> None:
        name = "" if found.written is None else found.written.name
        self.told.emit(f"{found.reports} reports are saved as {name}.", "done")

    def _not_written(self, error: StudioError) -> None:
        self.told.emit(f"The drafts are not saved: {error}", "danger")
