"""What can be done with the findings of the picture in view."""

from __future__ import annotations

from dataclasses import replace

from xray_studio.core.learning.heat import Method
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.finding_state import Found, holds, listed
from xray_studio.ui.session import Session
from xray_studio.ui.state import State

STEP = 10  # per cent of opacity


class FindingCommands:
    """Chooses findings and how their heat maps are shown."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def choose(self, name: str) -> None:
        """Show the heat map of a finding."""
        found = self._session.state.findings
        if name != found.chosen:
            self._update(replace(found, chosen=name))

    def step(self, by: int) -> None:
        """Choose the next or the previous finding of the list, and show it."""
        names = names_of(self._session.state)
        found = self._session.state.findings
        if not names:
            return
        here = names.index(found.chosen) + by if found.chosen in names else 0
        chosen = names[here % len(names)]
        self._update(replace(found, chosen=chosen, shown=True))

    def toggle(self) -> None:
        """Show the heat map or hide it; of the likeliest finding where none is chosen."""
        found, names = self._session.state.findings, names_of(self._session.state)
        if found.chosen not in names and names:
            first = names[1] if len(names) > 1 else names[0]
            self._update(replace(found, chosen=first, shown=True))
        else:
            self.show(shown=not found.shown)

    def show(self, *, shown: bool) -> None:
        """Show the heat map or hide it."""
        self._update(replace(self._session.state.findings, shown=shown))

    def _update(self, found: Found) -> None:
        """Change what is known; a heat map that is asked for comes before a map of the unusual."""
        looks = replace(self._session.state.looks, ahead=False)
        self._session.update(findings=found, looks=looks)

    def use(self, method: Method) -> None:
        """Explain by another method."""
        self._session.change_settings("findings", method=str(method))

    def colour(self, name: str) -> None:
        """Show heat maps in other colours."""
        self._session.change_settings("findings", colours=name)

    def cover(self, opacity: int) -> None:
        """Cover the picture by so many per cent at most."""
        self._session.change_settings("findings", opacity=min(max(0, opacity), 100))

    def cover_by(self, more: int) -> None:
        """Cover the picture more or less."""
        self.cover(self._session.state.settings.findings.opacity + more)


def names_of(state: State) -> list[str]:
    """Return the findings in the order of the list."""
    told = holds(state)
    return [] if told is None else [one.name for one in listed(told.assessment)]


@needs("Look for findings first.")
def has_findings(state: State) -> bool:
    """Tell whether findings were told of the picture on screen."""
    return bool(names_of(state))


@needs("Open a picture first, or wait until the last question is answered.")
def can_look(state: State) -> bool:
    """Tell whether the model can be asked about the picture in view."""
    return state.view.clip is not None and not state.findings.busy


@needs("No question is being answered.")
def is_looking(state: State) -> bool:
    """Tell whether the model is being asked."""
    return bool(state.findings.busy)
