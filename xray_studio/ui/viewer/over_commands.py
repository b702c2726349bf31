"""Commands of what lies over and round the picture. Each one changes the session, nothing else."""

from __future__ import annotations

from xray_studio.core.overlay_plane import OverlayPlane
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View


def planes_of(view: View) -> tuple[OverlayPlane, ...]:
    """Return the overlay planes of a clip, one of each group, in order."""
    if view.clip is None:
        return ()
    by_group: dict[int, OverlayPlane] = {}
    for plane in view.clip.overlays:
        by_group.setdefault(plane.group, plane)
    return tuple(by_group[group] for group in sorted(by_group))


def is_plane_shown(view: View, group: int) -> bool:
    """Tell whether the planes of a group are drawn."""
    return view.presentation.planes and group not in view.presentation.hidden_planes


@needs("This picture has no overlay planes.")
def has_planes(state: State) -> bool:
    """Tell whether the file has overlay planes."""
    return bool(planes_of(state.view))


@needs("This picture has no display shutter.")
def has_shutter(state: State) -> bool:
    """Tell whether the file has a display shutter."""
    clip = state.view.clip
    return clip is not None and clip.shutter is not None


@needs("This picture has no colour profile.")
def has_profile(state: State) -> bool:
    """Tell whether the file has an ICC profile."""
    clip = state.view.clip
    return clip is not None and bool(clip.icc_profile)


class OverCommands:
    """Show and hide overlay planes, shutter, colours by profile, orientation and scale."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def toggle_planes(self) -> None:
        """Show or hide all overlay planes; showing them shows each one."""
        shown = self._session.view.presentation.planes
        self._change(planes=not shown, hidden_planes=frozenset())

    def toggle_plane(self, group: int) -> None:
        """Show or hide the overlay planes of one group."""
        now = self._session.view.presentation
        groups = {plane.group for plane in planes_of(self._session.view)}
        hidden = now.hidden_planes if now.planes else frozenset(groups)
        self._change(planes=True, hidden_planes=hidden ^ {group})

    def toggle_shutter(self) -> None:
        """Apply the display shutter or show what it hides."""
        self._change(shutter=not self._session.view.presentation.shutter)

    def toggle_profile(self) -> None:
        """Show colours by the ICC profile or as stored."""
        self._change(profile=not self._session.view.presentation.profile)

    def toggle_letters(self) -> None:
        """Show or hide the orientation letters."""
        shown = self._session.state.settings.viewing.orientation_letters
        self._session.change_settings("viewing", orientation_letters=not shown)

    def toggle_scale(self) -> None:
        """Show or hide the scale bar."""
        shown = self._session.state.settings.viewing.scale_bar
        self._session.change_settings("viewing", scale_bar=not shown)

    def _change(self, **changes: object) -> None:
        if self._session.view.clip is not None:
            self._session.update_presentation(**changes)
