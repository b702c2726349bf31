"""Drafts beside reports, as `evaluate report --page` writes them, opened in the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from xray_studio.core.job import Job, Progress
from xray_studio.ui.errand import Errand
from xray_studio.ui.frame_worker import to_qimage

if TYPE_CHECKING:  # OpenCV is loaded by jobs, on their own thread
    from xray_studio.services.learning.evaluate.report_page import Opened

LANE: Final = "draft pages"


class DraftPages(Errand):
    """Asks for a page and shows its studies one after the other."""

    def ask(self) -> None:
        """Ask which page to open."""
        self._desk.open_drafts(lambda paths: self.open(Path(paths[0])))

    def open(self, path: Path) -> None:
        """Open a page, or the data beside it."""
        self._runner.start(
            opened(path), title="Opening drafts", lane=LANE, replace=True,
            on_result=self._show, on_error=self._refused,
        )  # fmt: skip

    def _show(self, found: Opened) -> None:
        shown, films = found
        self._desk.show_drafts(shown, [None if one is None else to_qimage(one) for one in films])


def opened(path: Path) -> Job[Opened]:
    """Return what a page shows."""
    yield Progress(message="Opening drafts")
    from xray_studio.services.learning.evaluate.report_page import open_page

    found = yield from open_page(path)
    return found
