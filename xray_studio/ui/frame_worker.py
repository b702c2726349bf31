"""FrameWorker: renders frames off the window's thread. The latest request wins."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from xray_studio.core.clip import Clip
from xray_studio.core.errors import StudioError
from xray_studio.core.presentation import Presentation
from xray_studio.imaging.render import render


@dataclass(frozen=True, slots=True, eq=False)
class FrameRequest:
    """What to render: frame `index` (from 0) of a clip under a presentation."""

    clip: Clip
    presentation: Presentation
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class FrameAnswer:
    """The picture of a request, or the error that took its place."""

    request: FrameRequest
    image: QImage | None = None
    stored: npt.NDArray[np.generic] | None = None
    error: StudioError | None = None


def to_qimage(picture: npt.NDArray[np.uint8]) -> QImage:
    """Return a QImage that owns a copy of 8-bit grey (rows, columns) or RGB (…, 3) pixels."""
    picture = np.ascontiguousarray(picture)
    rows, columns = picture.shape[:2]
    grey = picture.ndim == 2
    form = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(picture.data, columns, rows, picture.strides[0], form).copy()


class FrameWorker(QThread):
    """Renders the latest request; requests that came in between are dropped."""

    answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ready = threading.Condition()
        self._request: FrameRequest | None = None
        self._stopping = False

    def ask(self, request: FrameRequest) -> None:
        """Put a request into the mailbox, in place of one that still waits."""
        with self._ready:
            self._request = request
            self._ready.notify()

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._ready:
            self._stopping = True
            self._request = None
            self._ready.notify()
        self.wait()

    def run(self) -> None:
        """Answer requests until stopped; called by Qt in the new thread."""
        while (request := self._take()) is not None:
            answer = self._answer(request)
            del request
            self.answered.emit(answer)

    def _take(self) -> FrameRequest | None:
        with self._ready:
            while self._request is None and not self._stopping:
                self._ready.wait()
            request, self._request = self._request, None
            return request

    def _answer(self, request: FrameRequest) -> FrameAnswer:
        try:
            stored = request.clip.stored(request.index)
            picture = render(request.clip, request.index, request.presentation, stored)
            return FrameAnswer(request, to_qimage(picture), stored)
        except StudioError as error:
            return FrameAnswer(request, error=error)
        except Exception as error:  # noqa: BLE001 - the window must survive any decoder
            sentence = f"This frame cannot be shown ({type(error).__name__})."
            return FrameAnswer(request, error=StudioError(sentence))
