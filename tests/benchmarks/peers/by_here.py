"""The window of this program, opening the file as a person does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(PROJECT))

from viewing import SIZE  # noqa: E402

from xray_studio.core.presentation import Window  # noqa: E402
from xray_studio.ui.frame_worker import FrameAnswer  # noqa: E402
from xray_studio.ui.main import main  # noqa: E402
from xray_studio.ui.main_window import MainWindow  # noqa: E402


class Shown:
    """The whole main window."""

    qt = "PySide6.QtCore"

    def __init__(self) -> None:
        self.drawn: Callable[[], None] = lambda: None
        self.made: MainWindow
        self.last = -1

    def run(self, work: Callable[[], None]) -> None:
        """Start the program and run the work in place of its event loop."""

        def inside(window: MainWindow) -> int:
            self.made = window
            window.resize(*SIZE)
            window.stage.viewport.painted.connect(self._painted)
            work()
            return 0

        main([], inside)

    def _painted(self, answer: FrameAnswer) -> None:
        self.last = answer.request.index
        self.drawn()

    def show(self, path: str) -> None:
        """Open the file."""
        self.made.open([path])

    def play(self, rate: float) -> None:
        """Play at the rate of the file, which is the wanted one, or stop."""
        self.made.session.update_cine(playing=bool(rate))

    def frame(self) -> int:
        """Return the frame that was painted last."""
        return self.last

    def window(self, low: float, high: float) -> None:
        """Set the window."""
        self.made.session.update_presentation(voi=Window((low + high) / 2, high - low))

    def ready(self) -> bool:
        """Tell whether the frames are in the cache."""
        view = self.made.session.view
        return view.clip is not None and view.cached == ((0, len(view.clip) - 1),)
