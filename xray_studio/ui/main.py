"""Start of the window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent

from xray_studio.services.settings import load_settings
from xray_studio.ui.appearance import application
from xray_studio.ui.interrupt import Interrupt
from xray_studio.ui.main_window import MainWindow

Run = Callable[[MainWindow], int]


def main(arguments: Sequence[str], run: Run | None = None, *, restore: bool = False) -> int:
    """Open the window on paths and return the exit status when it has closed.

    `restore` brings back at once what was open when the program ended unexpectedly. `run` takes the
    place of Qt's event loop, so that tests drive the same program.
    """
    # A thread that computes gives way after a millisecond, not five, so that painting, which asks
    # for the interpreter many times, does not wait for jobs.
    sys.setswitchinterval(0.001)
    app = application()
    settings, complaint = load_settings()
    window = MainWindow(settings)
    interrupt = Interrupt(window.end, window)
    try:
        window.present()
        window.open([whole_path(path) for path in arguments])
        window.restoring.begin(at_once=restore)
        if complaint:
            window.jobs.say(complaint, "danger")
        return app.exec() if run is None else run(window)
    finally:
        interrupt.close()
        window.end()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def whole_path(path: str) -> str:
    """Return a path from the root, without steps back, as the list of recent folders shows it."""
    whole = Path(path).absolute()
    return str(whole.resolve() if ".." in whole.parts else whole)
