"""Checking the series on screen against the standard, in the background."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from xray_studio.core.conformance import Checked
from xray_studio.services.validate import save_text, validate
from xray_studio.ui.errand import Errand

LANE = "conformance"
NAME, KIND = "conformance.txt", "Text (*.txt)"


class ConformanceChecks(Errand):
    """Checks the objects of a series and lists the findings."""

    def check(self) -> None:
        """Check the series on screen."""
        series = self._session.state.view.series
        if series is None:
            return
        self._runner.start(
            validate(list(series.paths)),
            title="Checking conformance",
            lane=LANE,
            replace=True,
            on_result=self._list,
            on_error=self._refused,
        )

    def _list(self, checked: list[Checked]) -> None:
        hidden = self._session.state.identity_hidden
        self._desk.show_conformance(tuple(checked), self.save, hidden=hidden)

    def save(self, text: str) -> None:
        """Ask where a list of findings goes, and write it."""
        self._desk.save_as("Save findings", NAME, KIND, partial(self._write, text))

    def _write(self, text: str, target: Path) -> None:
        self._runner.start(
            save_text(text, target),
            title="Saving findings",
            lane=LANE,
            on_result=lambda path: self.told.emit(f"Findings saved as {path.name}.", "done"),
            on_error=self._refused,
        )
