"""Finder: what the search for anything looks through, gathered when it opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice

from xray_studio.core.study import Series
from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.dialogs.find.entries import (
    Entry,
    action_entries,
    recent_entries,
    series_entries,
    setting_entries,
    step_entries,
)
from xray_studio.ui.session import Session
from xray_studio.ui.viewer.step_commands import StepCommands

MOST_SERIES = 2000  # so that the search opens at once; that of the browser has them all


def everything(
    session: Session,
    actions: Actions,
    choose: Callable[[Series], object],
    open_paths: Callable[[list[str]], object],
    show_setting: Callable[[str], object],
) -> Sequence[Entry]:
    """Return every action, series, recent path and setting that can be found by name."""
    state = session.state
    hidden = state.identity_hidden
    return tuple(
        chain(
            action_entries(actions),
            step_entries(state, StepCommands(session).add),
            islice(series_entries(state.catalog, choose, hidden=hidden), MOST_SERIES),
            recent_entries(state.settings.recent, open_paths, hidden=hidden),
            setting_entries(show_setting),
        )
    )
