"""Drawings: pages of documents, drawn in the background for the places that can be seen."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from xray_studio.core.errors import StudioError
from xray_studio.core.output import Picture
from xray_studio.services.documents.pages import Page, draw_page
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.work import JobRunner

LANE = "pages"
KEPT_BYTES = 256 << 20
WAITING = 8
Key: TypeAlias = tuple[str, int, int, float]


class Drawings(QObject):
    """Pictures of pages; `ready` tells that a page can be painted, `failed` why it cannot."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, runner: JobRunner, lane: str = LANE, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._lane = runner, lane
        self._made: OrderedDict[Key, QImage] = OrderedDict()
        self._pages: dict[Key, Page] = {}
        self._wanted: OrderedDict[Key, None] = OrderedDict()
        self._busy: Key | None = None
        runner.ended.connect(self._next)

    def get(self, path: str, page: Page, pixels_per_mm: float) -> QImage | None:
        """Return a page at a size, or None and draw it; a page that failed is a null image."""
        key = (path, id(page.block), page.index, pixels_per_mm)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        self._pages[key] = page
        if key != self._busy:
            self._want(key)
        return None

    def clear(self) -> None:
        """Forget everything: another document has taken its place."""
        self._wanted.clear()
        self._made.clear()
        self._pages.clear()
        self._busy = None
        self._runner.cancel_lane(self._lane)

    def _want(self, key: Key) -> None:
        self._wanted[key] = None
        self._wanted.move_to_end(key)
        while len(self._wanted) > WAITING:
            self._pages.pop(self._wanted.popitem(last=False)[0], None)
        self._next()

    def _next(self, _task: object = None) -> None:
        if any(task.lane == self._lane for task in self._runner.tasks):
            return
        self._busy = None
        if not self._wanted:
            return
        key, _ = self._wanted.popitem()
        self._busy = key
        path, _, _, pixels_per_mm = key
        self._runner.start(
            draw_page(path, self._pages[key], pixels_per_mm),
            title="Drawing a page",
            lane=self._lane,
            visible=False,
            on_result=lambda picture: self._keep(key, picture),
            on_error=lambda error: self._lost(key, error),
        )

    def _keep(self, key: Key, picture: Picture) -> None:
        self._made[key] = to_qimage(picture)
        while (
            len(self._made) > 1 and sum(map(QImage.sizeInBytes, self._made.values())) > KEPT_BYTES
        ):
            self._pages.pop(self._made.popitem(last=False)[0], None)
        self.ready.emit()

    def _lost(self, key: Key, error: StudioError) -> None:
        self._made[key] = QImage()
        self.failed.emit(str(error))
        self.ready.emit()
