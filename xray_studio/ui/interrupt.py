"""Ctrl+C in the terminal, and a request to end from the system, close the window in good order."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

from xray_studio.core.ending import asking_to_end


class Interrupt(QObject):
    """Calls `stop` in the window's thread when the process is asked to end.

    Python runs its signal handlers between bytecodes, and none run while Qt waits; before Qt waits,
    closing the window would end nothing. The signal therefore writes a byte to a socket that Qt
    watches, and is heard as soon as Qt listens. Call `close` at the end.
    """

    def __init__(self, stop: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = stop
        self._old: dict[signal.Signals, Any] = {}
        self._hear, self._tell = socket.socketpair()
        for end in (self._hear, self._tell):
            end.setblocking(False)
        self._watch = QSocketNotifier(self._hear.fileno(), QSocketNotifier.Type.Read, self)
        self._watch.activated.connect(self._heard)
        if threading.current_thread() is threading.main_thread():
            self._old_fd = signal.set_wakeup_fd(self._tell.fileno(), warn_on_full_buffer=False)
            self._old = {number: signal.signal(number, _signalled) for number in asking_to_end()}

    def close(self) -> None:
        """Put the handlers back that were there before."""
        for number, handler in self._old.items():
            signal.signal(number, handler)
        if self._old:
            signal.set_wakeup_fd(self._old_fd)
        self._watch.setEnabled(False)
        self._hear.close()
        self._tell.close()

    def _heard(self) -> None:
        self._hear.recv(64)
        self._stop()


def _signalled(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the byte that Python has written tells it."""
