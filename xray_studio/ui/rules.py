"""Rules: what follows from a change of the session, before anybody hears of it. Pure functions."""

from __future__ import annotations

from xray_studio.ui.beside import paired
from xray_studio.ui.grid.filling import without_stage
from xray_studio.ui.links import linked
from xray_studio.ui.report_studies import reported
from xray_studio.ui.state import State
from xray_studio.ui.volume.kept import keeping
from xray_studio.ui.volume.look import in_step


def settled(old: State, new: State) -> State:
    """Return the wanted state with all that follows from it."""
    shown = in_step(old, linked(old, paired(old, without_stage(new))))
    return reported(old, keeping(old, shown))
