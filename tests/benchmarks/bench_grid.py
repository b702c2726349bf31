"""Four loops of 512 x 512 at 30 per second in a linked grid of the real window.

    python tests/benchmarks/bench_grid.py [--seconds 5] [--json]
    xvfb-run -a python tests/benchmarks/bench_grid.py

The window opens four clips of one study, fills a grid of two by two with them and plays them on one
clock: "opening" from the moment they are asked for, "cached" when all frames are in memory, and
"apart" each by its own clock. A frame counts when it has been painted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

import pydicom  # noqa: E402
from cine_clips import frames, write_uncompressed  # noqa: E402
from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtGui import QGuiApplication  # noqa: E402

from xray_studio.ui.frame_worker import FrameAnswer  # noqa: E402
from xray_studio.ui.layout import Layout, Link  # noqa: E402
from xray_studio.ui.main import main as start  # noqa: E402
from xray_studio.ui.main_window import MainWindow  # noqa: E402

SIZE = (1600, 1000)
LOOPS, SIDE, COUNT, RATE = 4, 512, 90, 30.0


@dataclass
class Played:
    """What one viewport did: frames painted a second, and the longest time between two, in ms.

    `cpu` is what the whole window took of one core, as a part of 1 (two cores: at most 2).
    """

    phase: str
    viewport: int
    wanted: float
    rate: float
    longest_gap: float
    gap_99: float
    cpu: float = 0.0


class Bench:
    """Plays in a window and writes down when each viewport painted a new frame."""

    def __init__(self, window: MainWindow, seconds: float) -> None:
        self._window, self._seconds = window, seconds
        self._painted: dict[int, list[tuple[int, float]]] = {}

    def run(self) -> list[Played]:
        """Measure every phase."""
        window, session = self._window, self._window.session
        window.resize(*SIZE)
        spin(lambda: not session.state.scanning and bool(session.state.catalog.patients), 60.0)
        self._listen()
        series = session.state.catalog.all_series()
        linked = Layout(2, 2, frozenset((Link.TIME, Link.WINDOW)))
        found = self._phase("opening", lambda: self._open(list(series), linked))
        session.update_cine(playing=False)
        whole = ((0, COUNT - 1),)
        spin(lambda: all(v.cached == whole for v in session.state.views[:LOOPS]), 60.0)
        found += self._phase("cached", lambda: session.update_cine(playing=True))
        session.update(layout=Layout(2, 2))
        return found + self._phase("apart", lambda: None)

    def _open(self, series: list[object], layout: Layout) -> None:
        session = self._window.session
        self._window.controller.fill(series, layout)  # type: ignore[arg-type]  # series of a catalogue
        spin(lambda: session.view.clip is not None, 30.0)
        session.update_cine(playing=True)

    def _listen(self) -> None:
        for place in range(LOOPS):
            viewport = self._window.stage.grid.cell(place).viewport
            viewport.painted.connect(lambda answer, n=place: self._note(n, answer))

    def _note(self, place: int, answer: FrameAnswer) -> None:
        painted = self._painted.setdefault(place, [])
        if not painted or painted[-1][0] != answer.request.index:
            painted.append((answer.request.index, time.monotonic()))

    def _phase(self, name: str, begin: Callable[[], object]) -> list[Played]:
        begin()
        self._painted.clear()
        before, started = time.process_time(), time.monotonic()
        spin(lambda: False, self._seconds)
        cpu = round((time.process_time() - before) / (time.monotonic() - started), 2)
        places = range(LOOPS)
        return [replace(_played(name, n, self._painted.get(n, [])), cpu=cpu) for n in places]


def _played(phase: str, place: int, painted: list[tuple[int, float]]) -> Played:
    moments = np.array([moment for _, moment in painted])
    gaps = np.diff(moments) * 1000.0
    if not len(gaps):
        return Played(phase, place + 1, RATE, 0.0, 0.0, 0.0)
    rate = float(len(gaps) / (moments[-1] - moments[0]))
    most, nearly = float(gaps.max()), float(np.percentile(gaps, 99))
    return Played(phase, place + 1, RATE, round(rate, 2), round(most, 1), round(nearly, 1))


def write_study(folder: Path) -> None:
    """Write four clips of one study."""
    write_uncompressed(folder, frames(COUNT, SIDE))
    first = pydicom.dcmread(folder / "native.dcm")
    for number in range(1, LOOPS + 1):
        first.SeriesInstanceUID = f"{first.StudyInstanceUID[:50]}.{number}"
        first.SOPInstanceUID = first.file_meta.MediaStorageSOPInstanceUID = (
            f"{first.SeriesInstanceUID}.1"
        )
        first.SeriesNumber = number
        first.save_as(folder / f"run{number}.dcm", enforce_file_format=True)
    (folder / "native.dcm").unlink()


def spin(until: Callable[[], bool], seconds: float) -> None:
    """Run the event loop as the program does until something holds or time is up."""
    loop, look = QEventLoop(), QTimer()
    end = time.monotonic() + seconds
    look.timeout.connect(lambda: loop.quit() if until() or time.monotonic() >= end else None)
    look.start(20)
    loop.exec()
    look.stop()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found: list[Played] = []

    def run(window: MainWindow) -> int:
        found.extend(Bench(window, options.seconds).run())
        return 0

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XRAY_STUDIO_CONFIG"] = os.environ["XRAY_STUDIO_CACHE"] = f"{folder}/own"
        study = Path(folder) / "study"
        study.mkdir()
        write_study(study)
        start([str(study)], run)
    if options.json:
        print(json.dumps([asdict(played) for played in found]))
        return 0
    print(f"platform {QGuiApplication.platformName()}, window {SIZE[0]} x {SIZE[1]}")
    for played in found:
        print("  ".join(f"{key} {value}" for key, value in asdict(played).items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
