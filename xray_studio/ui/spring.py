"""Spring: what a key shows while it is held, and a tap of it until the next tap."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from xray_studio.ui.session import Session
from xray_studio.ui.step_state import Compared

HELD = 0.25  # seconds from which on a key counts as held


class Spring(QObject):
    """Shows the unprocessed picture by a key.

    A tap shows it and another one takes it away, for hands and menus that hold nothing; a key that
    was held gives back what was there before when it is let go.
    """

    def __init__(
        self, session: Session, parent: QObject, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._session, self._clock = session, clock
        self._action: QAction | None = None
        self._since, self._before = 0.0, Compared.NOT

    def follow(self, action: QAction) -> None:
        """Look after the keys of an action, which runs `press`."""
        self._action = action
        action.setAutoRepeat(False)

    def press(self) -> None:
        """Show the unprocessed picture, or what was there before it."""
        shown = self._session.view.compared
        if shown is Compared.ORIGINAL:
            self._back()
            return
        self._since, self._before = self._clock(), shown
        self._session.update_view(compared=Compared.ORIGINAL)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Hear of the key that is let go."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyRelease:
            held = self._clock() - self._since >= HELD
            shown = self._session.view.compared is Compared.ORIGINAL
            if shown and held and not event.isAutoRepeat() and self._is_own(event):
                self._back()
        return False

    def _is_own(self, event: QKeyEvent) -> bool:
        keys = [] if self._action is None else self._action.shortcuts()
        return any(QKeySequence(event.key()) == key for key in keys)

    def _back(self) -> None:
        self._session.update_view(compared=self._before)
        self._before = Compared.NOT
