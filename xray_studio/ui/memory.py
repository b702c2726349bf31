"""Memory: how each series was left, so that coming back to one finds it as it was."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import Presentation
from xray_studio.core.study import Series
from xray_studio.ui.over_state import laying_of, plain
from xray_studio.ui.view import Left, View

MOST = 512  # series; a left one takes a few hundred bytes


class Memory:
    """Look, frame, in and out point, speed, loop and what lay over the series shown before."""

    def __init__(self) -> None:
        self._left: OrderedDict[tuple[object, ...], Left] = OrderedDict()

    def keep(self, view: View) -> None:
        """Remember a view that is about to be left; one without a picture is not worth it."""
        left = left_of(view)
        if view.series is None or left is None:
            return
        self._left[view.series.identity] = left
        self._left.move_to_end(view.series.identity)
        while len(self._left) > MOST:
            self._left.popitem(last=False)

    def of(self, series: Series) -> Left | None:
        """Return how a series was left, None when it was not shown before."""
        return self._left.get(series.identity)

    def clear(self) -> None:
        """Forget everything."""
        self._left.clear()


def left_of(view: View) -> Left | None:
    """Return how a view is left, None for one without a picture."""
    base = plain(view)
    if base is None or view.clip is None:
        return view.left
    cine = replace(view.cine, playing=False)
    look = base.presentation
    over = laying_of(view)
    return Left(look, view.frame, len(view.clip), cine, laying=over, pipeline=view.pipeline)


def restored(view: View, left: Left | None) -> View:
    """Return a view just opened as it was left; a clip that has grown starts anew in time.

    What lay over it is asked for, since laying it takes a while.
    """
    if left is None or view.clip is None:
        return view
    count, shown = len(view.clip), fitting(left.presentation, view)
    view = replace(view, laying=left.laying, pipeline=left.pipeline)
    if left.as_opened:
        shown = shown.with_voi(view.initial.voi)
    if left.frames != count:
        return replace(view, presentation=shown)
    return replace(view, presentation=shown, frame=left.frame, cine=left.cine)


def fitting(presentation: Presentation, view: View) -> Presentation:
    """Return a presentation that the clip of a view can have: it may have fewer VOI LUTs."""
    voi = presentation.voi
    frames = 0 if view.clip is None else len(view.clip)
    if isinstance(voi, PerFrame) and len(voi.each) != frames:
        return replace(presentation, voi=view.initial.voi)
    if isinstance(voi, int) and (view.clip is None or voi >= len(view.clip.voi_luts)):
        return replace(presentation, voi=view.initial.voi)
    return presentation
