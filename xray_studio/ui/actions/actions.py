"""Actions: QActions made from a table, kept in step with the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from xray_studio.ui.actions.keymap import written
from xray_studio.ui.actions.keymaps import KEYMAPS, MouseMap, keys_of
from xray_studio.ui.actions.reasons import reason
from xray_studio.ui.look.icons import icon
from xray_studio.ui.session import Session, lasting
from xray_studio.ui.state import State


def _nothing() -> None:
    """Run nothing: what a separator does."""


@dataclass(frozen=True, slots=True)
class Submenu:
    """A menu inside a menu, or inside the one `above` it.

    `named` tells that its actions need its title: "Theme: Dark".
    """

    title: str
    named: bool = False
    above: Submenu | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The titles that lead to it."""
        return (*(self.above.path if self.above else ()), self.title)


@dataclass(frozen=True, slots=True)
class Spec:
    """One action: `when` tells whether it can be done, `on` whether it is switched on.

    `keys` are separated by spaces; the first is the one shown. An action with a `title` takes its
    text from the state and is hidden while that is empty. `under` is the submenu that it stands in.
    """

    name: str
    text: str
    run: Callable[[], object] = _nothing
    keys: str = ""
    when: Callable[[State], bool] | None = None
    on: Callable[[State], bool] | None = None
    title: Callable[[State], str] | None = None
    under: Submenu | None = None

    def called(self, text: str) -> str:
        """Return a text of this action as it reads where its menu is not seen."""
        text = text.rstrip("…")
        return f"{self.under.title}: {text}" if self.under and self.under.named else text


SEPARATOR = Spec("", "")


def inside(under: Submenu, specs: Iterable[Spec]) -> Iterator[Spec]:
    """Yield actions and separators as those of a submenu."""
    return (replace(spec, under=under) for spec in specs)


def soften(menu: QMenu) -> None:
    """Let the round corners of a menu show what is behind them."""
    menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    menu.setWindowFlag(Qt.WindowType.FramelessWindowHint)


def _place(below: dict[Submenu | None, QMenu], under: Submenu | None) -> QMenu:
    """Return the menu of a submenu, which is made where it is not there yet."""
    if under is not None and under not in below:
        below[under] = _place(below, under.above).addMenu(under.title)
        soften(below[under])
    return below[under]


class Actions(QObject):
    """The actions of a window, by name; menus list them in the order of the table.

    `keys_changed` tells that keys became other ones.
    """

    keys_changed = Signal()

    def __init__(
        self, session: Session, menus: Mapping[str, Sequence[Spec]], owner: QWidget
    ) -> None:
        super().__init__(owner)
        self._session, self._owner, self.menus = session, owner, menus
        self._specs = [spec for specs in menus.values() for spec in specs if spec.name]
        self._made = {spec.name: self._make(spec) for spec in self._specs}
        self.keys: dict[str, str] = {}
        self._set_keys(session.state)
        session.changed.connect(self._follow)
        self._show_all(session.state)

    def __getitem__(self, name: str) -> QAction:
        """Return an action by name."""
        return self._made[name]

    def __iter__(self) -> Iterator[QAction]:
        """Yield every action in the order of the menus."""
        return iter(self._made.values())

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Make the menus in a menu bar and return them by title; Alt and its letter opens one."""
        return {
            title: self._menu(bar.addMenu(f"&{title}"), specs)
            for title, specs in self.menus.items()
        }

    def _menu(self, menu: QMenu, specs: Sequence[Spec]) -> QMenu:
        soften(menu)
        below: dict[Submenu | None, QMenu] = {None: menu}
        for spec in specs:
            place = _place(below, spec.under)
            if spec.name:
                place.addAction(self._made[spec.name])
            else:
                place.addSeparator()
        return menu

    def _make(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self._owner)
        action.setObjectName(spec.name)
        if spec.on is not None:
            action.setCheckable(True)
            action.setIcon(icon("check", "none"))
        action.triggered.connect(partial(self._run, spec))
        self._owner.addAction(action)
        return action

    def _run(self, spec: Spec, _checked: bool = False) -> None:
        spec.run()
        # A checked action that changed nothing must not lose its mark.
        self._show(spec, self._session.state)

    @property
    def usual(self) -> dict[str, str]:
        """The keys of X-Ray Studio by the names of their actions."""
        return {spec.name: spec.keys for spec in self._specs}

    @property
    def mouse(self) -> MouseMap:
        """What the mouse does on pictures."""
        return KEYMAPS[self._session.state.settings.keys.keymap].mouse

    def specs(self) -> Iterator[tuple[str, Spec]]:
        """Yield every action of the table with the title of its menu."""
        return ((title, spec) for title, specs in self.menus.items() for spec in specs if spec.name)

    def why_not(self, name: str) -> str:
        """Return why an action cannot be done now, "" when it can."""
        spec = next(spec for spec in self._specs if spec.name == name)
        return "" if self._made[name].isEnabled() else reason(spec.when)

    def _set_keys(self, state: State) -> None:
        wanted = state.settings.keys
        self.keys = keys_of(self.usual, KEYMAPS[wanted.keymap], wanted.changed)
        for spec in self._specs:
            keys, action = self.keys[spec.name], self._made[spec.name]
            action.setShortcuts([QKeySequence(key) for key in keys.split()])
            plain = spec.text.rstrip("…")
            action.setToolTip(f"{plain} ({written(keys)})" if keys else plain)
        self.keys_changed.emit()

    def _follow(self, old: State, new: State) -> None:
        if old.settings.keys != new.settings.keys:
            self._set_keys(new)
        if lasting(old, new):
            self._show_all(new)

    def _show_all(self, state: State) -> None:
        for spec in self._specs:
            self._show(spec, state)

    def _show(self, spec: Spec, state: State) -> None:
        action = self._made[spec.name]
        action.setEnabled(spec.when is None or spec.when(state))
        if spec.on is not None:
            action.setChecked(spec.on(state))
        if spec.title is not None:
            title = spec.title(state)
            action.setText(title)
            action.setVisible(bool(title))
