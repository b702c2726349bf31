"""FrameWorker: renders frames off the window's thread. The latest request wins."""

from __future__ import annotations

import math
import threading
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from xray_studio.core.clip import Clip, Frame, FrameSource
from xray_studio.core.errors import StudioError
from xray_studio.core.histogram import Histogram, histogram
from xray_studio.core.presentation import Presentation
from xray_studio.core.workers import Priority
from xray_studio.services.volume.plane_clips import OverSource
from xray_studio.ui.viewer.geometry import Box, Cut, Placement, Size, cut, place
from xray_studio.ui.viewer.original import Original, OriginalFrame, difference_picture

PATIENCE = 0.01  # seconds between two looks at whether a frame is still waited for
TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class FrameRequest:
    """What to render: frame `index` (from 0) of a clip under a presentation.

    The picture is made for a viewport of `view` device pixels. `ahead` marks a frame that is not
    due yet: it is rendered when nothing else is to do and its pixels are in memory. `at_hand` marks
    one whose pixels are in memory, so that it need not wait for one that is being decoded. `smooth`
    asks for blended pixels where the picture is enlarged. `reduced` gives frames of less detail, to
    be shown instead of whole ones. `original` is the clip before processing, where its picture is
    wanted beside, as a picture or as a difference; `over` what another volume has on the frames.
    Clips of one `family`, () for none, are made anew as fast as a hand moves, as planes that are
    turned: one that is on its way is shown all the same.
    """

    clip: Clip
    presentation: Presentation
    index: int
    view: Size
    histogram: bool = False
    smooth: bool = True
    ahead: bool = False
    at_hand: bool = False
    reduced: FrameSource | None = None
    original: Original | None = None
    over: OverSource | None = None
    family: tuple[object, ...] = ()

    @property
    def source(self) -> FrameSource:
        """Where the frame comes from."""
        return self.reduced or self.clip.source

    def follows(self, other: FrameRequest) -> bool:
        """Tell whether this is asked for while the clip of the other one is still worth showing."""
        return self.clip is other.clip or (bool(self.family) and self.family == other.family)

    def same_picture(self, other: FrameRequest) -> bool:
        """Tell whether the answer to this request serves the other one too."""
        return (
            self.clip is other.clip
            and self.index == other.index
            and self.view == other.view
            and self.smooth == other.smooth
            and self.reduced is other.reduced
            and self.presentation == other.presentation
            and self.original == other.original
            and self.over == other.over
        )


@dataclass(frozen=True, slots=True, eq=False)
class FrameAnswer:
    """The picture of a request, ready to be drawn at `box`, or the error that took its place.

    `image` is None without an error when no part of the picture lies in the viewport. `stored` are
    the whole frame's values, None where only a reduced one is there. `original` is the unprocessed
    frame where it was asked for, `over` the values of another volume on it (NaN for none).
    """

    request: FrameRequest
    placement: Placement
    box: Box | None = None
    image: QImage | None = None
    stored: npt.NDArray[np.generic] | None = None
    histogram: Histogram | None = None
    error: StudioError | None = None
    original: OriginalFrame | None = None
    over: Frame | None = None


def to_qimage(picture: npt.NDArray[np.uint8]) -> QImage:
    """Return a QImage that owns a copy of 8-bit grey (rows, columns) or RGB (…, 3) pixels."""
    picture = np.ascontiguousarray(picture)
    rows, columns = picture.shape[:2]
    grey = picture.ndim == 2
    form = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(picture.data, columns, rows, picture.strides[0], form).copy()


def answer(request: FrameRequest, stored: Frame) -> FrameAnswer:
    """Render what is visible of a decoded frame, at the size it has on screen."""
    from xray_studio.imaging.render import render

    clip, shown = request.clip, request.presentation
    placement = place(clip, shown, request.view)
    counts = histogram(clip, request.index, stored) if request.histogram else None
    part = cut(clip, shown, placement)
    values = None if request.reduced else stored
    if part is None:
        return FrameAnswer(request, placement, stored=values, histogram=counts)
    picture = render(clip, request.index, shown, stored)
    image = _image(request, placement, part, picture)
    return FrameAnswer(request, placement, part.box, image, values, counts)


def _image(
    request: FrameRequest, placement: Placement, part: Cut, picture: npt.NDArray[np.uint8]
) -> QImage:
    """Return the part of a whole picture that is visible, at the size it has on screen."""
    from xray_studio.imaging.render import oriented
    from xray_studio.imaging.scale import scaled

    clip, shown = request.clip, request.presentation
    less = picture.shape[0] / clip.rows, picture.shape[1] / clip.columns
    picture = picture[_piece(part.rows, less[0]), _piece(part.columns, less[1])]
    size = (part.box.width, part.box.height)
    across, down = size[::-1] if shown.rotation % 180 else size
    coarse = placement.crisp or not (request.smooth or placement.scale < 1.0)
    crisp = coarse and request.reduced is None
    picture = scaled(picture, across, down, crisp=crisp)
    return to_qimage(oriented(picture, shown))


def answer_beside(request: FrameRequest, stored: Frame, original: Frame) -> FrameAnswer:
    """Render a processed frame and the unprocessed one, or how they differ."""
    from xray_studio.imaging.render import render

    made, beside = answer(request, stored), request.original
    part = cut(request.clip, request.presentation, made.placement)
    if beside is None or part is None or made.image is None:
        return made
    if beside.difference:
        scale, picture = difference_picture(request, beside, stored, original)
        image = _image(request, made.placement, part, picture)
        return replace(made, image=image, original=OriginalFrame(None, original, scale))
    picture = render(beside.clip, request.index, beside.presentation, original)
    image = _image(request, made.placement, part, picture)
    return replace(made, original=OriginalFrame(image, original))


def _piece(ends: tuple[int, int], scale: float) -> slice:
    """Return the same part of a side that may be shorter by `scale`."""
    return slice(math.floor(ends[0] * scale), math.ceil(ends[1] * scale))


def unprocessed_answer(shown: FrameAnswer) -> FrameAnswer:
    """Return an answer as that of its unprocessed frame, where that came with it."""
    frame, beside = shown.original, shown.request.original
    if frame is None or beside is None or beside.difference:
        return shown
    request = replace(
        shown.request, clip=beside.clip, presentation=beside.presentation, original=None
    )
    return replace(shown, request=request, image=frame.image, stored=frame.stored, original=None)


class FrameWorker(QThread):
    """Renders the latest request; requests that came in between are dropped.

    While it waits, the latest request made ahead is rendered.
    """

    answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ready = threading.Condition()
        self._request: FrameRequest | None = None
        self._ahead: FrameRequest | None = None
        self._stopping = False

    def ask(self, request: FrameRequest) -> None:
        """Put a request into the mailbox, in place of one that still waits.

        A request that is due takes the place of one made ahead as well.
        """
        with self._ready:
            if not request.ahead:
                self._request = request
            self._ahead = request if request.ahead else None
            self._ready.notify()

    def ask_to_stop(self) -> None:
        """End the thread as soon as possible, without waiting for it."""
        with self._ready:
            self._stopping = True
            self._request = self._ahead = None
            self._ready.notify()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self.ask_to_stop()
        self.wait()

    def run(self) -> None:
        """Answer requests until stopped; called by Qt in the new thread."""
        while (request := self._take()) is not None:
            made = self._answer(request)
            del request
            if made is not None:
                self.answered.emit(made)
            del made

    def _take(self) -> FrameRequest | None:
        with self._ready:
            while not (self._request or self._ahead or self._stopping):
                self._ready.wait()
            request = self._request or self._ahead
            if self._request is None:
                self._ahead = None
            self._request = None
            return request

    def _answer(self, request: FrameRequest) -> FrameAnswer | None:
        try:
            over = None if request.over is None else request.over.request(request.index)
            made = self._rendered(request)
            return made if made is None or over is None else self._with_over(made, over)
        except StudioError as error:
            return None if request.ahead else self._failed(request, error)
        except Exception as error:  # noqa: BLE001 - the window must survive any decoder
            sentence = f"This frame cannot be shown ({type(error).__name__})."
            return self._failed(request, StudioError(sentence))

    def _rendered(self, request: FrameRequest) -> FrameAnswer | None:
        stored = self._stored(request)
        if stored is None or request.original is None:
            return None if stored is None else answer(request, stored)
        clip = request.original.clip
        original = self._stored(replace(request, clip=clip, reduced=None), request.clip)
        return None if original is None else answer_beside(request, stored, original)

    def _with_over(self, made: FrameAnswer, over: Future[Frame]) -> FrameAnswer | None:
        """Return an answer with what lies over it; without where that was let go meanwhile."""
        if made.request.ahead and not over.done():
            return None
        try:
            values = self._wait(over, made.request, made.request.clip)
        except CancelledError:
            return made
        return None if values is None else replace(made, over=values)

    def _failed(self, request: FrameRequest, error: StudioError) -> FrameAnswer:
        placement = place(request.clip, request.presentation, request.view)
        return FrameAnswer(request, placement, error=error)

    def _stored(self, request: FrameRequest, shown: Clip | None = None) -> Frame | None:
        """Return the decoded frame, or None when nobody waits for it any more.

        `shown` is the clip on screen where the frame is of another one.
        """
        if request.ahead:
            future = request.source.request(request.index, Priority.PLAYBACK)
            return future.result() if future.done() and not future.cancelled() else None
        for _ in range(TRIES):
            future = request.source.request(request.index, Priority.PLAYBACK)
            try:
                return self._wait(future, request, shown or request.clip)
            except CancelledError:  # whoever else waited for this frame gave it up
                continue
        raise StudioError("This frame could not be decoded; open the study again.")

    def _wait(self, future: Future[Frame], request: FrameRequest, clip: Clip) -> Frame | None:
        while True:
            try:
                return future.result(PATIENCE)
            except TimeoutError:
                if future.done():
                    raise
                other = self._other_wanted(request, clip)
                if other:
                    future.cancel()
                if other or self._overtaken():
                    return None

    def _other_wanted(self, request: FrameRequest, clip: Clip) -> bool:
        """Tell whether nobody will look at this clip again."""
        with self._ready:
            newer = self._request
            other = newer is not None and newer.clip is not clip and not newer.follows(request)
            return self._stopping or other

    def _overtaken(self) -> bool:
        """Tell whether a newer request can be answered at once, so that waiting is no use."""
        with self._ready:
            newer = self._request
        return newer is not None and newer.at_hand
