"""Thumbnails: made in the background for the series that can be seen, the latest wish first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from xray_studio.core.study import Series
from xray_studio.services.thumbnails import thumbnail
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.work import JobRunner

LANE = "thumbnails"
KEPT = 2000
WAITING = 32
Key: TypeAlias = tuple[object, ...]


class Thumbnails(QObject):
    """Pictures of series; `ready` tells a series whose picture can be painted now."""

    ready = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._made: OrderedDict[Key, QImage] = OrderedDict()
        self._wanted: OrderedDict[Key, Series] = OrderedDict()
        self._busy: Key | None = None
        runner.ended.connect(self._next)

    def get(self, series: Series, frame: int | None = None) -> QImage | None:
        """Return the picture of a series, a null image when it has none, or None and make it.

        It shows `frame` (from 0) of its middle object, the middle one when None.
        """
        key = (*_key(series), frame)
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        if key != self._busy:
            self._want(key, series)
        return None

    def clear(self) -> None:
        """Forget what waits: another catalogue has taken its place."""
        self._wanted.clear()
        self._runner.cancel_lane(LANE)

    def _want(self, key: Key, series: Series) -> None:
        self._wanted[key] = series
        self._wanted.move_to_end(key)
        while len(self._wanted) > WAITING:
            self._wanted.popitem(last=False)
        self._next()

    def _next(self, _task: object = None) -> None:
        if any(task.lane == LANE for task in self._runner.tasks):
            return
        self._busy = None
        if self._wanted:
            key, series = self._wanted.popitem()
            self._busy, frame = key, key[-1]
            assert frame is None or isinstance(frame, int)
            self._runner.start(
                thumbnail(series, frame=frame),
                title="Thumbnail",
                lane=LANE,
                visible=False,
                on_result=lambda picture: self._keep(key, series, picture),
                on_error=lambda _error: self._keep(key, series, None),
            )

    def _keep(self, key: Key, series: Series, picture: npt.NDArray[np.uint8] | None) -> None:
        self._made[key] = QImage() if picture is None else to_qimage(picture)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        self.ready.emit(series)


def _key(series: Series) -> Key:
    return *series.identity, series.instances[0].path
