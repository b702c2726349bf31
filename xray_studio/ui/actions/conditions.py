"""Questions about the state: which actions can be done now, and which are switched on."""

from __future__ import annotations

from xray_studio.core.kinds import VIDEO
from xray_studio.core.presentation import Overlay
from xray_studio.services.key_selections import key_selections
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.grid.filling import loops_of_stage
from xray_studio.ui.layout import Link
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import is_rendering


@needs("Open a picture first.")
def has_clip(state: State) -> bool:
    """Tell whether a picture is on screen."""
    return state.view.clip is not None


@needs("Open a picture first; a rendering is never mirrored.")
def can_mirror(state: State) -> bool:
    """Tell whether left and right of the picture on screen may change places."""
    return state.view.clip is not None and not is_rendering(state.view)


@needs("Open a picture first.")
def has_any_clip(state: State) -> bool:
    """Tell whether any viewport shows a picture."""
    return any(view.clip is not None for view in state.views)


def shows_video(state: State) -> bool:
    """Tell whether a video file is on screen, which is no DICOM object."""
    return state.view.series is not None and state.view.series.kind == VIDEO


@needs("Open a document first: a report, a recording, a PDF.")
def has_document(state: State) -> bool:
    """Tell whether a document is on screen."""
    return state.view.document is not None


@needs("No selection of key images was opened.")
def has_key_objects(state: State) -> bool:
    """Tell whether there are selections of key images."""
    return bool(key_selections(state.catalog))


def key_images_only(state: State) -> bool:
    """Tell whether the browser lists key images alone."""
    return state.only_keys is not None


@needs("Open a clip of several frames first.")
def has_frames(state: State) -> bool:
    """Tell whether the clip on screen has more than one frame."""
    return state.view.clip is not None and len(state.view.clip) > 1


@needs("Open a grey picture first; colour has no window.")
def is_grey(state: State) -> bool:
    """Tell whether the clip on screen has a window to choose."""
    return state.view.clip is not None and not state.view.clip.is_colour


@needs("This file does not say when its frames were acquired.")
def has_times(state: State) -> bool:
    """Tell whether the file says when each frame was acquired."""
    return state.view.clip is not None and bool(state.view.clip.timing.times)


@needs("All frames play already.")
def has_range(state: State) -> bool:
    """Tell whether in or out point leave frames out."""
    clip, cine = state.view.clip, state.view.cine
    return clip is not None and (cine.first, cine.last) != (0, len(clip) - 1)


@needs("Open a study first.")
def has_series(state: State) -> bool:
    """Tell whether there is a series to choose."""
    return bool(state.catalog.patients)


@needs("No file was skipped.")
def has_skipped(state: State) -> bool:
    """Tell whether files were skipped."""
    return bool(state.catalog.skipped)


@needs("Open a study first.")
def has_opened(state: State) -> bool:
    """Tell whether there is something to read again."""
    return bool(state.opened) and not state.scanning


@needs("Open pictures first, and wait until all are read.")
def has_pictures(state: State) -> bool:
    """Tell whether pictures are open and nothing is being read any more."""
    return not state.scanning and any(not s.is_document for s in state.catalog.all_series())


@needs("Nothing is open.")
def has_catalog(state: State) -> bool:
    """Tell whether anything is open or being opened."""
    return state.scanning or has_series(state) or has_skipped(state)


@needs("Nothing is being read.")
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


@needs("This viewport is empty already.")
def has_series_here(state: State) -> bool:
    """Tell whether the active viewport shows something, or is about to."""
    return state.view.series is not None or state.view.clip is not None


@needs("Open a study first.")
def has_study(state: State) -> bool:
    """Tell whether a study is on screen that can fill a grid."""
    return state.front is not None


@needs("Open a loop of a stress echo with several views first.")
def has_stage(state: State) -> bool:
    """Tell whether the loop on screen belongs with others of its stage."""
    return bool(loops_of_stage(state))


@needs("Choose a layout of several viewports first.")
def several(state: State) -> bool:
    """Tell whether there is more than one viewport."""
    return state.layout.count > 1 or bool(state.detached)


def alone(state: State) -> bool:
    """Tell whether one viewport fills the grid for a while."""
    return state.alone is not None


def detached(state: State) -> bool:
    """Tell whether the active viewport has a window of its own."""
    return state.active in state.detached


def all_linked(state: State) -> bool:
    """Tell whether everything is linked."""
    return state.layout.links == frozenset(Link)


def stretched(state: State) -> bool:
    """Tell whether loops on one clock last equally long."""
    return state.layout.stretched


@needs("Link the time of the loops first.")
def on_one_clock(state: State) -> bool:
    """Tell whether loops share a clock."""
    return state.has_link(Link.TIME)
