"""Questions about the state: which actions can be done now, and which are switched on."""

from __future__ import annotations

from collections.abc import Callable

from xray_studio.core.presentation import Overlay
from xray_studio.ui.session import State


def has_clip(state: State) -> bool:
    """Tell whether a picture is on screen."""
    return state.view.clip is not None


def has_frames(state: State) -> bool:
    """Tell whether the clip on screen has more than one frame."""
    return state.view.clip is not None and len(state.view.clip) > 1


def is_grey(state: State) -> bool:
    """Tell whether the clip on screen has a window to choose."""
    return state.view.clip is not None and not state.view.clip.is_colour


def has_times(state: State) -> bool:
    """Tell whether the file says when each frame was acquired."""
    return state.view.clip is not None and bool(state.view.clip.timing.times)


def has_range(state: State) -> bool:
    """Tell whether in or out point leave frames out."""
    clip, cine = state.view.clip, state.view.cine
    return clip is not None and (cine.first, cine.last) != (0, len(clip) - 1)


def has_series(state: State) -> bool:
    """Tell whether there is a series to choose."""
    return bool(state.catalog.patients)


def has_skipped(state: State) -> bool:
    """Tell whether files were skipped."""
    return bool(state.catalog.skipped)


def has_opened(state: State) -> bool:
    """Tell whether there is something to read again."""
    return bool(state.opened) and not state.scanning


def has_catalog(state: State) -> bool:
    """Tell whether anything is open or being opened."""
    return state.scanning or has_series(state) or has_skipped(state)


def scanning(state: State) -> bool:
    """Tell whether pictures are being looked for."""
    return state.scanning


def fits(state: State) -> bool:
    """Tell whether the whole picture is shown."""
    return has_clip(state) and state.view.presentation.zoom is None


def actual_size(state: State) -> bool:
    """Tell whether one pixel of the picture is one of the screen."""
    return has_clip(state) and state.view.presentation.zoom == 1.0


def corner_text(state: State) -> bool:
    """Tell whether corner text is drawn."""
    return state.overlay is not Overlay.NONE


def identity_hidden(state: State) -> bool:
    """Tell whether names and numbers of patients are hidden."""
    return state.identity_hidden


def inverted(state: State) -> bool:
    """Tell whether black and white are turned round."""
    return state.view.presentation.invert


def mirrored(state: State) -> bool:
    """Tell whether left and right are swapped."""
    return state.view.presentation.flip_horizontal


def flipped(state: State) -> bool:
    """Tell whether top and bottom are swapped."""
    return state.view.presentation.flip_vertical


def playing(state: State) -> bool:
    """Tell whether the clip plays."""
    return state.view.cine.playing


def real_time(state: State) -> bool:
    """Tell whether the clip plays by its acquired frame times."""
    return state.view.cine.real_time


def level_up(state: State) -> bool:
    """Tell whether dragging upwards raises the level of the window."""
    return state.settings.viewing.level_up


_REASONS: dict[Callable[[State], bool], str] = {
    has_clip: "Open a picture first.",
    has_frames: "Open a clip of several frames first.",
    is_grey: "Open a grey picture first; colour has no window.",
    has_times: "This file does not say when its frames were acquired.",
    has_range: "All frames play already.",
    has_series: "Open a study first.",
    has_skipped: "No file was skipped.",
    has_opened: "Open a study first.",
    has_catalog: "Nothing is open.",
    scanning: "Nothing is being read.",
}


def reason(condition: Callable[[State], bool] | None) -> str:
    """Return why an action with a condition cannot be done while that is not met."""
    return "" if condition is None else _REASONS.get(condition, "Not possible now.")


def planes_shown(state: State) -> bool:
    """Tell whether overlay planes are drawn."""
    return state.view.presentation.planes


def shutter_applied(state: State) -> bool:
    """Tell whether the display shutter hides what lies outside."""
    return state.view.presentation.shutter


def profile_used(state: State) -> bool:
    """Tell whether colours are shown by their ICC profile."""
    return state.view.presentation.profile


def letters_shown(state: State) -> bool:
    """Tell whether orientation letters stand at the edges of pictures."""
    return state.settings.viewing.orientation_letters


def scale_shown(state: State) -> bool:
    """Tell whether scale bars stand at the foot of pictures."""
    return state.settings.viewing.scale_bar
