"""Spoken words of a viewport: what assistive tools read of the picture."""

from __future__ import annotations

from xray_studio.core.presentation import Overlay
from xray_studio.ui.browser.series_text import owner, patient_title, series_title
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.viewer.key_commands import is_key_image
from xray_studio.ui.viewer.window_commands import number_shown, window_of


def spoken_name(state: State) -> str:
    """Return what a viewport is called: its place, the series and who it is of."""
    view, hidden = state.view, state.identity_hidden
    count = state.layout.count
    place = f"Viewport {state.active + 1} of {count}" if count > 1 else "Viewport"
    if view.series is None:
        return f"{place}, empty"
    found = owner(state.catalog, view.series)
    who = "" if found is None else patient_title(found[1], found[0], hidden=hidden)
    return ", ".join(filter(None, (place, series_title(view.series, hidden=hidden), who)))


def name_depends_on(state: State) -> tuple[object, ...]:
    """Return what the name of a viewport depends on; catalogues are compared by what they are."""
    place = state.active, state.layout.count, state.identity_hidden
    return (*place, id(state.catalog), id(state.view.series))


def spoken_depends_on(state: State) -> tuple[object, ...]:
    """Return what `spoken_words` are made of."""
    return id(state.view), state.key_frames, state.overlay


def spoken_words(state: State) -> str:
    """Return what a viewport shows: frame, window, how it is turned, or why there is nothing."""
    view = state.view
    if view.error:
        return view.error
    if view.clip is None:
        return "" if view.series is None else "Opening"
    parts = (_frame(view), _window(view), *_turns(view), _overlay(state))
    return ", ".join(filter(None, parts))


def _frame(view: View) -> str:
    assert view.clip is not None
    if len(view.clip) == 1:
        return "one picture"
    if view.cine.playing:
        return f"playing {len(view.clip)} frames"
    return f"frame {view.frame + 1} of {len(view.clip)}"


def _window(view: View) -> str:
    assert view.clip is not None
    if view.clip.is_colour:
        return "colour"
    if isinstance(view.presentation.voi, int):
        return "window by a table of the file"
    window = window_of(view)
    width = number_shown(window.width)
    return f"window {width}, level {number_shown(window.center, view.clip.unit)}"


def _turns(view: View) -> tuple[str, ...]:
    shown = view.presentation
    return (
        "" if shown.zoom is None else f"{round(100 * shown.zoom)} percent",
        f"rotated by {shown.rotation} degrees" if shown.rotation else "",
        "flipped left and right" if shown.flip_horizontal else "",
        "flipped top and bottom" if shown.flip_vertical else "",
        "inverted" if shown.invert else "",
    )


def _overlay(state: State) -> str:
    hidden = "corner text hidden" if state.overlay is Overlay.NONE else ""
    return ", ".join(filter(None, ("key image" if is_key_image(state) else "", hidden)))
