"""Commands of a volume that lies over another. Each one changes the session and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xray_studio.core.presentation import Window
from xray_studio.core.volume.fusion import Blend
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.over import Over, candidates


@needs("Show planes of a volume first, and open another series of slices of the same patient.")
def can_fuse(state: State) -> bool:
    """Tell whether something may lie over the volume on screen."""
    return bool(candidates(state))


@needs("Lay a series over the volume first.")
def is_fused(state: State) -> bool:
    """Tell whether another volume lies over the one on screen."""
    return over_of(state) is not None


@needs("Show planes of a volume whose folder holds other contrasts of its case first.")
def has_contrasts(state: State) -> bool:
    """Tell whether the volume on screen is one of several contrasts of a case."""
    return state.volume is not None and state.volume.case is not None


def over_of(state: State) -> Over | None:
    """Return what lies over the volume on screen."""
    return None if state.volume is None else state.volume.over


def blends(blend: Blend, state: State) -> bool:
    """Tell whether two volumes share the picture in one way."""
    over = over_of(state)
    return over is not None and over.how.blend is blend


class FusionCommands:
    """How a volume lies over another."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remove(self) -> None:
        """Show the volume below alone."""
        look = self._session.state.volume
        if look is not None and look.over is not None:
            self._session.update(volume=replace(look, over=None))

    def set_blend(self, blend: Blend) -> None:
        """Lay it over the other, in squares, or beside a border that can be dragged."""
        self._shape(blend=blend)

    def set_opacity(self, opacity: float) -> None:
        """Choose how much of it is seen, 0 to 1."""
        self._shape(opacity=min(max(opacity, 0.0), 1.0))

    def set_fading(self, *, fading: bool) -> None:
        """Let low values be clear, or not."""
        self._shape(fading=fading)

    def set_colours(self, name: str) -> None:
        """Choose its colour map, "" for greys."""
        self._shape(colour_map=name)

    def set_window(self, window: Window) -> None:
        """Choose between which values its colours run."""
        self._change(window=window)

    def _shape(self, **changes: Any) -> None:
        over = over_of(self._session.state)
        if over is not None:
            self._change(how=replace(over.how, **changes))

    def _change(self, **changes: Any) -> None:
        look = self._session.state.volume
        if look is not None and look.over is not None:
            self._session.update(volume=replace(look, over=replace(look.over, **changes)))
