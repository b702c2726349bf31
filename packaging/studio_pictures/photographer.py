"""Acts in the window as a person would and keeps pictures of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

SIZE = (1600, 1000)
SMALL = (1280, 800)
PATIENCE = 60.0  # seconds for anything to appear


class Photographer:
    """Acts in the window as a person would and keeps pictures of it."""

    def __init__(self, window: object, folder: Path, scratch: Path) -> None:
        from xray_studio.ui.main_window import MainWindow

        assert isinstance(window, MainWindow)
        self.window, self.folder, self.scratch = window, folder, scratch

    def open_demonstration(self) -> None:
        """Open the study and wait for everything that can be seen at first."""
        self.window.commands["demonstration"].trigger()
        self.wait_for(lambda: not self.window.session.state.scanning and self.shown())
        listed = self.window.browser.listed()
        self.wait_for(lambda: all(self.window.thumbnails.get(s) is not None for s in listed))

    def choose(self, modality: str, words: str = "") -> None:
        """Show the first series of a modality whose name holds some words."""
        series = next(
            one
            for one in self.window.session.state.catalog.all_series()
            if one.modality == modality and words in f"{one.series_description} {one.title}"
        )
        self.window.controller.choose(series)
        self.pause(1.0)

    def shown(self) -> bool:
        """Tell whether a picture is on screen."""
        return self.window.session.view.clip is not None and (
            self.window.stage.viewport.answer is not None
        )

    def last(self) -> int:
        """Return the number of the last frame."""
        clip = self.window.session.view.clip
        return 0 if clip is None else len(clip) - 1

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window a size."""
        self.window.setGeometry(0, 0, *size)
        self.pause(0.5)

    def keep(self, name: str) -> None:
        """Save what the screen shows where the window is, dialogs over it included."""
        self.pause(0.4)
        size = self.window.size()
        screen = self.window.screen().grabWindow(0, 0, 0, size.width(), size.height())
        path = self.folder / f"{name}.png"
        screen.save(str(path))
        shrink(path)
        print(path)

    def pause(self, seconds: float) -> None:
        """Let the window work for a while."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Let the window work until something has happened."""
        waited = 0.0
        while not ready():
            self.pause(0.005)
            waited += 0.005
            if waited > PATIENCE:
                raise TimeoutError("the window did not get there")


def shrink(path: Path) -> None:
    """Write a picture again with the least number of bytes."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB")
    small.save(path, optimize=True)
