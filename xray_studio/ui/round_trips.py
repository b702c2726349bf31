"""Round trips: finds out which of the opened files this program has exported, and from what."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from xray_studio.core.study import Series
from xray_studio.services.export.manifest import PROGRAM
from xray_studio.services.export.round_trip import Exported, exports_in
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.browser.series_text import same, series_title
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.work import JobRunner

LANE = "round trip"
CHANGED = (
    f"A manifest says that {PROGRAM} exported this file, but it was changed since."
    " What that says is not trusted."
)


class RoundTrips(QObject):
    """Looks when a scan has ended; what is found stands in the session.

    `source_asked` tells the series that the file in the active view was made from.
    """

    source_asked = Signal(object)

    def __init__(self, session: Session, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runner = session, runner
        session.changed.connect(self._follow)

    def open_source(self) -> None:
        """Ask for the source of the file in the active view."""
        now = export_of(self._session.state)
        source = None if now is None else source_of(now)
        if source is not None:
            self.source_asked.emit(source)

    def _follow(self, old: State, new: State) -> None:
        if old.scanning and not new.scanning:
            self._runner.start(
                exports_in(new.catalog),
                title="Looking at earlier exports",
                lane=LANE,
                visible=False,
                replace=True,
                on_result=lambda found: self._session.update(exports=found),
            )


def export_of(state: State) -> Exported | None:
    """Return what is known of the file in the active view as an export."""
    series = state.view.series
    if series is None or state.view.clip is None:
        return None
    return next((one for one in state.exports if set(one.paths) & set(series.paths)), None)


@needs("Open the folder of the exported file together with its source.")
def has_source(state: State) -> bool:
    """Tell whether the source of the file in the active view is among the opened files."""
    now, series = export_of(state), state.view.series
    source = None if now is None else source_of(now)
    return source is not None and series is not None and not same(source, series)


def source_of(export: Exported) -> Series | None:
    """Return the series that an export was made from, where it is among the opened files."""
    return None if export.source is None else export.source.found


def sentence(export: Exported, *, hidden: bool) -> str:
    """Return where a file comes from, for the bar above the pictures."""
    if export.changed:
        return CHANGED
    source = export.source
    if source is None:
        return f"This file was exported by {PROGRAM}."
    frames = f"frames {source.first} to {source.last}"
    if not source.first or source.first == source.last:
        frames = f"frame {source.first}" if source.first else ""
    found = source_of(export)
    place = f"from {series_title(found, hidden=hidden)}" if found else ""
    missing = "" if found else "Its source is not among the opened files."
    told = ", ".join(filter(None, (f"Exported by {PROGRAM} {place}".rstrip(), frames)))
    return " ".join(filter(None, (f"{told}.", missing)))
