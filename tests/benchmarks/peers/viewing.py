"""What a viewer does with a clip, measured from inside its own process: the same for each of them.

    python viewing.py VIEWER TASK FILE.npy|FILE.dcm

VIEWER is here, pyqtgraph or napari; TASK is empty, start, play, drag or open. It prints one JSON
object. The process runs in the environment of its viewer: only numpy and Qt are common to all.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

import numpy as np

SIZE = (1600, 1000)
RATE, SECONDS, STEPS = 60.0, 5.0, 60
SHORT, LONGEST = 5.0, 60.0
CENTRE, WIDTH = 2048.0, 3000.0


class Viewer(Protocol):
    """A viewer with one clip in a window of its own."""

    qt: str  # the module of its QtCore
    drawn: Callable[[], None]  # called at the end of each paint of the picture

    def show(self, path: str) -> None:
        """Open a file in a window of `SIZE`."""

    def play(self, rate: float) -> None:
        """Play the clip, or stop with a rate of 0."""

    def frame(self) -> int:
        """Return the frame that was painted last."""

    def window(self, low: float, high: float) -> None:
        """Show another range of values."""

    def ready(self) -> bool:
        """Tell whether all frames are where playing takes them from."""

    def run(self, work: Callable[[], None]) -> None:
        """Start the viewer, do the work, and leave."""


def empty(viewer: Viewer) -> dict[str, float]:
    """Return the moment at which the window, without a picture, answers events."""
    for _ in range(2):  # the first round draws it
        spin(viewer, lambda: True, 1.0)
    return {"moment": time.time()}


def start(viewer: Viewer) -> dict[str, float]:
    """Return the moment at which a picture is on screen and the next event is answered."""
    _first(viewer)
    spin(viewer, lambda: True, 1.0)
    return {"moment": time.time()}


def play(viewer: Viewer) -> dict[str, float]:
    """Return the frames that were painted a second, and the part of one core they took."""
    _first(viewer)
    spin(viewer, viewer.ready, LONGEST)
    painted: list[tuple[int, float]] = []

    def note() -> None:
        frame = viewer.frame()
        if not painted or painted[-1][0] != frame:
            painted.append((frame, time.perf_counter()))

    viewer.drawn = note
    viewer.play(RATE)
    spin(viewer, lambda: False, 1.0)
    painted.clear()
    before, began = time.process_time(), time.perf_counter()
    spin(viewer, lambda: False, SECONDS)
    cpu = (time.process_time() - before) / (time.perf_counter() - began)
    viewer.play(0.0)
    moments = np.array([moment for _, moment in painted])
    gap = float(np.percentile(np.diff(moments), 99)) * 1000 if len(moments) > 1 else 0.0
    return {"frames/s": len(moments) / SECONDS, "gap 99 %, ms": gap, "cores": cpu}


def drag(viewer: Viewer) -> dict[str, float]:
    """Return how long a change of the window takes until its picture is painted."""
    _first(viewer)
    spin(viewer, lambda: False, 1.0)
    times = [_changed(viewer, CENTRE + 8.0 * step) for step in range(STEPS)]
    middle, nearly = np.percentile(times, (50, 95)) * 1000
    return {"median, ms": float(middle), "95 %, ms": float(nearly)}


def open_(viewer: Viewer) -> dict[str, float]:
    """Return the seconds from asking for a file until its first frame is painted."""
    spin(viewer, lambda: False, 2.0)
    seen: list[float] = []
    viewer.drawn = lambda: seen.append(time.perf_counter())
    began = time.perf_counter()
    viewer.show(os.environ["BENCH_FILE"])
    spin(viewer, lambda: bool(seen), LONGEST)
    return {"seconds": seen[0] - began}


def spin(viewer: Viewer, until: Callable[[], bool], seconds: float) -> None:
    """Run the event loop, as the viewer's own program does, until something holds or time is up."""
    core: Any = import_module(viewer.qt)
    loop, look, end = core.QEventLoop(), core.QTimer(), core.QTimer()
    look.timeout.connect(lambda: loop.quit() if until() else None)
    end.setSingleShot(True)
    end.timeout.connect(loop.quit)
    look.start(1 if seconds <= SHORT else 20)
    end.start(int(seconds * 1000))
    loop.exec()
    look.stop()


def _changed(viewer: Viewer, centre: float) -> float:
    seen: list[float] = []
    viewer.drawn = lambda: seen.append(time.perf_counter())
    began = time.perf_counter()
    viewer.window(centre - WIDTH / 2, centre + WIDTH / 2)
    spin(viewer, lambda: bool(seen), 2.0)
    viewer.drawn = lambda: None
    return (seen[0] if seen else time.perf_counter()) - began


def _first(viewer: Viewer) -> None:
    seen: list[bool] = []
    viewer.drawn = lambda: seen.append(True)
    viewer.show(os.environ["BENCH_FILE"])
    spin(viewer, lambda: bool(seen), LONGEST)
    viewer.drawn = lambda: None


def stack(path: str) -> Any:
    """Return the frames of a file as these viewers get them: all of them, by pydicom."""
    import pydicom

    read = pydicom.dcmread(path).pixel_array
    return read if read.ndim > 2 else read[None]


TASKS = {"empty": empty, "start": start, "play": play, "drag": drag, "open": open_}


def main() -> None:
    """Measure one task in one viewer."""
    name, task, os.environ["BENCH_FILE"] = sys.argv[1:]
    viewer = import_module(f"by_{name}").Shown()
    found: dict[str, float] = {}
    viewer.run(lambda: found.update(TASKS[task](viewer)))
    print(json.dumps(found), flush=True)
    os._exit(0)  # some viewers end slowly, which is not what is measured


if __name__ == "__main__":
    main()
