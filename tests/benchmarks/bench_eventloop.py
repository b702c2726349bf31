"""The longest gap of the window's event loop while a folder loads and a clip is exported.

    python tests/benchmarks/bench_eventloop.py [--files 1000] [--frames 150] [--json]
    xvfb-run -a python tests/benchmarks/bench_eventloop.py

The real program runs in a real window. A timer beats every 2 ms; the time between two beats is a
gap. On a busy machine a gap can be the work of others: what the window's thread itself computed
in it is told beside it ("window_ms"). "idle" tells how quiet the machine is, "start" covers the
first second of the window, "opening" a cine that is opened, "work" a folder that is scanned with
its thumbnails while the cine is written as a video, "play" the same cine playing while it is
written again. For the longest gaps a second thread notes what the window's thread was doing and
who else was running.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

from cine_clips import frames, write_uncompressed  # noqa: E402
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QGuiApplication  # noqa: E402
from synthetic_headers import write_files  # noqa: E402

from xray_studio.services.export.options import ExportOptions  # noqa: E402
from xray_studio.ui.main import main as window_main  # noqa: E402
from xray_studio.ui.main_window import MainWindow  # noqa: E402

BEAT = 0.002
LONG = 0.025  # seconds after which the watcher looks at what holds the loop
SHOWN = 3
DEPTH = 7


@dataclass(eq=False)
class Gap:
    """One long gap: seconds, those the window's thread computed, and the stacks seen during it."""

    seconds: float
    computed: float
    stacks: str = ""


@dataclass
class Phase:
    """Gaps of one phase, in seconds."""

    name: str
    gaps: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    long: list[Gap] = field(default_factory=list)

    def facts(self) -> dict[str, object]:
        """Return percentiles and the longest gap in milliseconds."""
        found = np.array(self.gaps) * 1000.0
        middle, high, most = np.percentile(found, (50, 99, 100))
        over = int(np.sum(found > 50.0))
        return {
            "phase": self.name, "seconds": round(float(found.sum()) / 1000.0, 1),
            "median_ms": round(float(middle), 1), "p99_ms": round(float(high), 1),
            "longest_ms": round(float(most), 1), "over_50_ms": over,
            "window_ms": round(max(self.computed) * 1000.0, 1),
        }  # fmt: skip


class Heartbeat(QObject):
    """A timer in the window's thread, watched from another one."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = Phase("")
        self._last, self._computed = time.monotonic(), time.thread_time()
        self._seen = ""
        self._main = threading.get_ident()
        self._stopping = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(round(BEAT * 1000))
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._watcher.start()

    def begin(self, name: str) -> Phase:
        """Start a phase and return it."""
        self.phase, self._last = Phase(name), time.monotonic()
        return self.phase

    def stop(self) -> None:
        """End timer and watcher."""
        self._timer.stop()
        self._stopping.set()
        self._watcher.join()

    def _beat(self) -> None:
        now, used = time.monotonic(), time.thread_time()
        gap, self._last = now - self._last, now
        computed, self._computed = used - self._computed, used
        self.phase.gaps.append(gap)
        self.phase.computed.append(computed)
        if gap > LONG:
            self.phase.long.append(Gap(gap, computed, self._seen))
        self._seen = ""

    def _watch(self) -> None:
        while not self._stopping.wait(0.005):
            if time.monotonic() - self._last > LONG and not self._seen:
                self._seen = self._stacks()

    def _stacks(self) -> str:
        frames = sys._current_frames()
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        own = threading.get_ident()
        told = [_told("window", frames.pop(self._main))]
        told += [
            _told(names.get(ident, "QThread"), frame)
            for ident, frame in frames.items()
            if ident != own and not _waits(frame)
        ]
        return "\n".join(told)


def _waits(frame: FrameType) -> bool:
    return frame.f_code.co_filename.endswith(("threading.py", "selectors.py"))


def _told(name: str, frame: FrameType) -> str:
    lines = traceback.extract_stack(frame)[-DEPTH:]
    places = (f"{Path(line.filename).name}:{line.lineno} {line.name}" for line in lines)
    return f"    {name}: " + " > ".join(places)


def spin(until: Callable[[], bool], seconds: float) -> None:
    """Run the event loop as the program does until something holds or time is up."""
    loop, look = QEventLoop(), QTimer()
    end = time.monotonic() + seconds
    look.timeout.connect(lambda: loop.quit() if until() or time.monotonic() >= end else None)
    look.start(20)
    loop.exec()
    look.stop()


def measure(window: MainWindow, cine: Path, folder: Path, out: Path) -> list[Phase]:
    """Drive the window through all phases."""
    beat = Heartbeat()
    session = window.session
    window.resize(1600, 1000)
    try:
        phases = [beat.begin("start")]
        spin(lambda: False, 1.0)
        phases.append(beat.begin("idle"))
        spin(lambda: False, 3.0)
        phases.append(beat.begin("opening"))
        window.open([str(cine)])
        spin(lambda: session.view.histogram is not None, 30.0)
        clip = session.view.clip
        assert clip is not None
        spin(lambda: session.view.cached == ((0, len(clip) - 1),), 60.0)
        ended: list[object] = []
        window.exports.ended.connect(ended.append)
        phases.append(beat.begin("work"))
        window.exports.start(clip, out / "one.mp4", ExportOptions())
        spin(lambda: False, 0.2)  # a person's next click is not sooner
        window.open([str(folder)])
        spin(lambda: len(ended) == 1 and not window.runner.tasks, 300.0)
        window.open([str(cine)])
        spin(lambda: session.view.clip is not None and session.view.cached != (), 30.0)
        phases.append(beat.begin("play"))
        session.update_cine(playing=True)
        window.exports.start(clip, out / "two.mp4", ExportOptions())
        spin(lambda: len(ended) == 2, 300.0)
    finally:
        beat.stop()
    return phases


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--frames", type=int, default=150)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    phases: list[Phase] = []
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        os.environ["XRAY_STUDIO_CONFIG"] = str(here / "config")
        cine = write_uncompressed(here, frames(options.frames))
        write_files(here / "folder", options.files, realistic=True)

        def run(window: MainWindow) -> int:
            phases.extend(measure(window, cine, here / "folder", here))
            return 0

        window_main([], run)
    if options.json:
        print(json.dumps([phase.facts() for phase in phases]))
        return 0
    print(f"platform {QGuiApplication.platformName()}")
    for phase in phases:
        print("  ".join(f"{name} {value}" for name, value in phase.facts().items()))
        longest = sorted(phase.long, key=lambda gap: -gap.seconds)[:SHOWN]
        heaviest = sorted(phase.long, key=lambda gap: -gap.computed)[:SHOWN]
        for gap in dict.fromkeys((*longest, *heaviest)):
            told = f"  {gap.seconds * 1000:.0f} ms, computed {gap.computed * 1000:.0f} ms"
            print(f"{told}\n{gap.stacks or '    not seen'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
