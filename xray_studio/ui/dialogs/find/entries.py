"""What can be found by name: actions, series, paths opened before, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from xray_studio.core.pipeline import lacks_frames
from xray_studio.core.step import Step
from xray_studio.core.study import Catalog, Series
from xray_studio.ui.actions.actions import Actions
from xray_studio.ui.actions.fuzzy import score
from xray_studio.ui.actions.keymap import written
from xray_studio.ui.browser.series_text import (
    is_clip,
    patient_title,
    series_details,
    series_title,
)
from xray_studio.ui.dialogs.settings.table import SECTIONS
from xray_studio.ui.state import State
from xray_studio.ui.widgets.recent_list import recent_words

MOST = 200  # entries shown at once
OFF = 90  # what is lost by what cannot be done now
USED = 40  # what being used lately is worth, the latest more


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to find: what it is called, where it is, its key, and why it cannot be done now.

    `name` is that of an action; `more` are further words that find it. `offered` entries are listed
    before anything is typed.
    """

    title: str
    run: Callable[[], object]
    icon: str = ""
    detail: str = ""
    key: str = ""
    why_not: str = ""
    name: str = ""
    more: str = ""
    offered: bool = False


def action_entries(actions: Actions) -> Iterator[Entry]:
    """Yield every action that is there now."""
    for menu, spec in actions.specs():
        action = actions[spec.name]
        if action.isVisible():
            places = (menu, *spec.under.path) if spec.under else (menu,)
            yield Entry(
                spec.called(action.text()),
                action.trigger,
                icon="check" if action.isChecked() else "",
                detail=" \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ".join(places),
                key=written(actions.keys[spec.name]),
                why_not=actions.why_not(spec.name),
                name=spec.name,
                more=menu,
                offered=True,
            )


def series_entries(
    catalog: Catalog, choose: Callable[[Series], object], *, hidden: bool
) -> Iterator[Entry]:
    """Yield the series that are open, without who they are of while identity is `hidden`."""
    for number, patient in enumerate(catalog.patients, 1):
        who = patient_title(patient, number, hidden=hidden)
        for series in (series for study in patient.studies for series in study.series):
            title = series_title(series, hidden=hidden)
            details = " ".join(filter(None, series_details(series, hidden=hidden)))
            picture = "film" if is_clip(series) else "image"
            run = partial(choose, series)
            yield Entry(title, run, picture, who, more=f"series {who} {details}")


def listed(
    found: Iterable[Series], choose: Callable[[Series], object], *, hidden: bool
) -> tuple[Entry, ...]:
    """Return some series to choose from, all of them offered at first."""
    entries = []
    for series in found:
        details = " \N{MIDDLE DOT} ".join(filter(None, series_details(series, hidden=hidden)))
        title, run = series_title(series, hidden=hidden), partial(choose, series)
        picture = "film" if is_clip(series) else "image"
        entries.append(Entry(title, run, picture, details, offered=True))
    return tuple(entries)


def recent_entries(
    paths: Sequence[str], open_paths: Callable[[list[str]], object], *, hidden: bool
) -> Iterator[Entry]:
    """Yield the paths opened before, their numbers only while identity is `hidden`."""
    for number, path in enumerate(paths, 1):
        name = path.rstrip("/").rpartition("/")[2]
        title, where = (recent_words(number), "") if hidden else (name, path)
        more = f"open recent {where.replace('/', ' ')}"
        yield Entry(title, partial(open_paths, [path]), "history", where, more=more)


def step_entries(state: State, add: Callable[[type[Step]], object]) -> Iterator[Entry]:
    """Yield every step that can be added to the picture in view."""
    clip = state.view.clip
    for step in state.steps:
        why_not = "Open a picture first." if clip is None else lacks_frames(step, len(clip))
        run = partial(add, step)
        more = f"process add step {step.name} {step.about}"
        yield Entry(f"Add step: {step.title}", run, "plus", "Process", why_not=why_not, more=more)


def setting_entries(show: Callable[[str], object]) -> Iterator[Entry]:
    """Yield every setting; `show` opens the settings with a search for its title."""
    for section in SECTIONS:
        for item in section.items:
            more = f"setting settings {section.title} {item.help}"
            run = partial(show, item.title)
            yield Entry(item.title, run, "settings", f"Settings, {section.title}", more=more)


def found(entries: Iterable[Entry], text: str, used: Sequence[str]) -> list[Entry]:
    """Return what fits a text, the best first; what was used last counts, what is off less.

    Without a text these are the actions: those used last, then all in the order of the menus, what
    is off last.
    """
    ranked = []
    for place, entry in enumerate(entries):
        fits = score(text, entry.title, entry.more)
        if fits and (text.strip() or entry.offered):
            lately = USED - 2 * used.index(entry.name) if entry.name in used else 0
            off = OFF if entry.why_not else 0
            ranked.append((off - fits - lately, place, entry))
    return [entry for *_, entry in sorted(ranked, key=lambda ranked: ranked[:2])][:MOST]
