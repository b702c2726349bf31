"""What stands in the corners of a viewport: identity, rate and frame of the picture on screen."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import CornerText, Shown, badges, corner_text
from xray_studio.core.drawn_text import may_hold_text
from xray_studio.core.key_frames import key_frame
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.presentation import Overlay
from xray_studio.core.shown import voi_of
from xray_studio.ui.frame_worker import FrameRequest
from xray_studio.ui.in_step import stretch_in
from xray_studio.ui.layout import TIMES
from xray_studio.ui.mark_state import as_measured
from xray_studio.ui.state import State
from xray_studio.ui.unusual_state import overlaid
from xray_studio.ui.viewer.corner_paint import Corners
from xray_studio.ui.volume.look import is_rendering

KEY = "KEY IMAGE"
HIDDEN = "Identity hidden"
LEAST_SLOWED = 1.005  # below this two decimals tell nothing
ONLY_TAGS = "Tags hidden; text in the picture stays"


def corners_of(state: State, request: FrameRequest | None, zoom: float, pixel: str) -> Corners:
    """Return the words round the picture. Who is shown stays unless identity is hidden.

    `request` is that of the picture on screen, which may lag behind the session and then is of
    the clip before; None while there is none. `pixel` is what the pointer is on, in words.
    """
    if state.view.clip is None:
        return Corners(CornerText())
    clip = state.view.clip if request is None else request.clip
    index = state.view.frame if request is None else request.index
    clip = as_measured(clip, index, state.marks)
    overlay = Overlay.ANONYMOUS if state.identity_hidden else Overlay.ALL
    shown = _shown(clip, state, request, zoom)
    text = corner_text(clip, shown, overlay)
    if state.overlay is Overlay.NONE:
        text = CornerText(
            top_left=text.top_left[:2],
            badges=badges(clip, _shown(clip, state, request, zoom).frame),
        )
    elif state.overlay is Overlay.ANONYMOUS:
        text = replace(text, top_left=(), top_right=())
    key = (KEY,) if key_frame(clip, index) in state.key_frames else ()
    now = (*slowed_badge(state), *reduced_badge(request), *key)
    told = (BADGE,) if overlaid(state) else ()
    badged = (
        *told,
        *over_badges(state, request),
        *text.badges,
        *export_badge(state),
        *now,
        *note_badge(clip),
    )
    text = replace(text, badges=badged)
    return Corners(text, hidden_words(clip) if state.identity_hidden else "", pixel)


def reduced_badge(request: FrameRequest | None) -> tuple[str, ...]:
    """Return how much smaller the picture on screen is than that of the file."""
    if request is None or request.reduced is None:
        return ()
    return (f"REDUCED 1:{round(request.clip.columns / request.reduced.shape[2])}",)


def over_badges(state: State, request: FrameRequest | None) -> tuple[str, ...]:
    """Return that another volume lies over the plane on screen, and whether it may lie there."""
    look = state.volume
    if look is None or look.over is None or request is None or request.over is None:
        return ()
    return look.over.badges if request.over.planes is look.over.planes else ()


def export_badge(state: State) -> tuple[str, ...]:
    """Return that a file comes from this program, or was changed since it did."""
    paths = set() if state.view.series is None else {*state.view.series.paths}
    found = next((one for one in state.exports if paths & {*one.paths}), None)
    if found is None:
        return ()
    return ("CHANGED EXPORT",) if found.changed else ("EXPORT",)


def note_badge(clip: Clip) -> tuple[str, ...]:
    """Return that there is something to know about the file; the window panel says what."""
    count = len(clip.acquisition.warnings)
    return (f"{count} NOTE{'S' if count > 1 else ''}",) if count else ()


def slowed_badge(state: State) -> tuple[str, ...]:
    """Return that a loop is stretched to last as long as another one, which slows its motion."""
    stretch = stretch_in(state)
    return (f"SLOWED {stretch:.2f} {TIMES}",) if stretch > LEAST_SLOWED else ()


def hidden_words(clip: Clip) -> str:
    """Return what is hidden: of a picture that may hold text itself only what the tags say."""
    return ONLY_TAGS if may_hold_text(clip) else HIDDEN


def _shown(clip: Clip, state: State, request: FrameRequest | None, zoom: float) -> Shown:
    presentation = state.view.presentation if request is None else request.presentation
    frame = state.view.frame if request is None else request.index
    return Shown(
        frame=frame,
        voi=voi_of(clip, presentation, frame),
        zoom=None if is_rendering(state.view) else zoom,
        rate=state.view.rate,
        wanted=clip.frame_rate * state.view.cine.speed / stretch_in(state),
        invert=presentation.invert,
    )


def words_depend_on(state: State) -> tuple[object, ...]:
    """Return what the words of a viewport depend on, apart from the picture."""
    view = state.view
    return (
        state.overlay,
        state.identity_hidden,
        state.settings.viewing,
        state.key_frames,
        state.exports,
        state.view.rate,
        id(view.clip),
        view.error,
        view.pipeline,
        view.working,
        view.compared,
        view.wipe,
        id(view.worked),
        stretch_in(state),
        view.progress,
        view.presentation.zoom,
        view.presentation.pan,
        id(state.findings),
        state.settings.findings,
        id(state.looks),
        state.settings.unusual,
        state.ai_hidden,
    )
