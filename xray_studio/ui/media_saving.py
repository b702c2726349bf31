"""Saving a study as a media folder: asks where it goes and copies it in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from xray_studio.core.job import Job
from xray_studio.core.kinds import DICOM, DOCUMENT
from xray_studio.core.study import Catalog
from xray_studio.services.export.media import export_media
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.desk import Desk
from xray_studio.ui.exports import Exports
from xray_studio.ui.one_study import study_of
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

TITLE = "Save study with its names, for a disc"
NAME, KIND = "study", "Folder, or archive with the ending .zip (*)"


@needs("Open a DICOM study first.")
def has_study(state: State) -> bool:
    """Tell whether what is on screen is of a study of DICOM objects."""
    series = state.view.series
    return series is not None and series.kind in {DICOM, DOCUMENT}


class MediaSaving(QObject):
    """Saves the study on screen, every object of it, with a DICOMDIR."""

    def __init__(
        self, session: Session, exports: Exports, desk: Desk, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._exports, self._desk = session, exports, desk

    def ask(self) -> None:
        """Ask where the study on screen now goes."""
        state = self._session.state
        if state.view.series is None:
            return
        catalog = study_of(state.catalog, state.view.series)
        self._desk.save_as(TITLE, NAME, KIND, lambda target: self.save(catalog, target))

    def save(self, catalog: Catalog, target: Path) -> None:
        """Write a study into a folder, or an archive."""
        self._exports.write(_saved(catalog, target), target)


def _saved(catalog: Catalog, target: Path) -> Job[Path]:
    result = yield from export_media(catalog, target)
    return result.target
