"""Cine playback in a real window: frames shown, lateness of each, rate achieved, for each codec.

    python tests/benchmarks/bench_playback.py [--seconds 5] [--json] [FILE.dcm ...]
    xvfb-run -a python tests/benchmarks/bench_playback.py

Without files it makes 1024 x 1024 clips of 12 bit in 16 (uncompressed, RLE, JPEG lossless) and adds
the real angiogram of ../shared/data when it is there. "opening" starts to play at once, while the
clip is still being decoded; "cached" plays when all frames are in memory. A frame is late by the
time from when it is due to the end of its paint.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "benchmarks")]

from cine_clips import write_clips  # noqa: E402
from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtGui import QGuiApplication  # noqa: E402
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget  # noqa: E402

from xray_studio.core import workers  # noqa: E402
from xray_studio.core.cache import FrameBudget  # noqa: E402
from xray_studio.dicom.clip import open_clip  # noqa: E402
from xray_studio.services.presets import initial_presentation, presets  # noqa: E402
from xray_studio.services.settings import Settings, cache_limit  # noqa: E402
from xray_studio.ui.cine_bar import CineBar  # noqa: E402
from xray_studio.ui.frame_worker import FrameAnswer  # noqa: E402
from xray_studio.ui.look.theme import apply_theme  # noqa: E402
from xray_studio.ui.session import Session  # noqa: E402
from xray_studio.ui.state import State  # noqa: E402
from xray_studio.ui.view import View, opened  # noqa: E402
from xray_studio.ui.viewer.displays import Displays  # noqa: E402
from xray_studio.ui.viewer.viewport import Viewport  # noqa: E402
from xray_studio.ui.window_panel import WindowPanel  # noqa: E402
from xray_studio.ui.work import JobRunner  # noqa: E402

REAL = PROJECT.parent / "shared" / "data" / "dicom" / "dbdicom__0002.DCM"
SIZE = (1600, 1000)


@dataclass
class Played:
    """What one clip did. Lateness in milliseconds, rates in frames per second."""

    clip: str
    phase: str
    wanted: float
    due: int
    shown: int
    dropped: int
    late: int
    lateness_median: float
    lateness_99: float
    lateness_most: float
    rate_first_second: float
    rate: float


@dataclass
class Log:
    """When frames were due and when they were painted."""

    due: list[tuple[int, float]] = field(default_factory=list)
    painted: list[tuple[int, float]] = field(default_factory=list)

    def result(self, name: str, phase: str, wanted: float) -> Played:
        """Work out what was late and what was dropped."""
        matched = self._matched()
        dues, moments = (np.array(part) for part in zip(*matched, strict=True))
        lateness = moments - dues
        middle, nearly, most = (
            round(float(v), 1) for v in np.percentile(lateness, (50, 99, 100)) * 1000
        )
        expected = round((dues[-1] - dues[0]) * wanted) + 1
        return Played(
            name, phase, round(wanted, 2), expected, len(matched), expected - len(matched),
            int(np.sum(lateness > 1.0 / wanted)), middle, nearly, most,
            int(np.sum(moments <= moments[0] + 1.0)) - 1,
            round((len(matched) - 1) / float(moments[-1] - moments[0]), 2),
        )  # fmt: skip

    def _matched(self) -> list[tuple[float, float]]:
        """Return for each painted frame when it was last due, and when it was painted."""
        found, place = [], 0
        last: dict[int, float] = {}
        for frame, moment in self.painted:
            while place < len(self.due) and self.due[place][1] <= moment:
                last[self.due[place][0]] = self.due[place][1]
                place += 1
            if frame in last:
                found.append((last.pop(frame), moment))
        return found


class Bench:
    """The window of the benchmark."""

    def __init__(self) -> None:
        self.session, self.runner = Session(), JobRunner()
        self.window = QWidget()
        self.viewport, bar = Viewport(self.session), CineBar(self.session)
        panel = WindowPanel(self.session)
        panel.setFixedWidth(350)
        left = QVBoxLayout()
        left.addWidget(self.viewport, 1)
        left.addWidget(bar)
        row = QHBoxLayout(self.window)
        row.addLayout(left, 1)
        row.addWidget(panel)
        self.display = Displays(self.session, self.runner, FrameBudget(cache_limit(Settings())))
        self.display.show_in(self.session, self.viewport)
        self.log = Log()
        self.session.changed.connect(self._frame_due)
        self.viewport.painted.connect(self._painted)
        self.window.resize(*SIZE)
        self.window.show()
        spin(self.window.isVisible, 5.0)

    def play(self, name: str, path: Path, seconds: float) -> list[Played]:
        """Play a clip while it opens, and again when it is in memory."""
        clip = open_clip([str(path)])
        view = opened(None, clip, initial_presentation(clip), presets(clip))
        found = [self._run(name, "opening", seconds, lambda: self._open(view))]
        self.session.update_cine(playing=False)
        whole = ((0, len(clip) - 1),)
        spin(lambda: self.session.view.cached == whole, 60.0)
        start = lambda: self.session.update_cine(playing=True)  # noqa: E731 - read on one line
        found.append(self._run(name, "cached", seconds, start))
        self.session.update(view=View())
        return found

    def close(self) -> None:
        """Stop everything."""
        self.display.close()
        self.runner.shutdown()
        workers.shutdown_shared()
        self.window.close()

    def _open(self, view: View) -> None:
        self.session.update(view=view)
        self.session.update_cine(playing=True)

    def _run(self, name: str, phase: str, seconds: float, start: Callable[[], None]) -> Played:
        self.log = Log()
        start()
        spin(lambda: False, seconds)
        clip = self.session.view.clip
        assert clip is not None
        return self.log.result(name, phase, clip.frame_rate)

    def _frame_due(self, old: State, new: State) -> None:
        if new.view.cine.playing and old.view.frame != new.view.frame:
            self.log.due.append((new.view.frame, self.display.player.at(0).due))

    def _painted(self, answer: FrameAnswer) -> None:
        frame = answer.request.index
        if not self.log.painted or self.log.painted[-1][0] != frame:
            self.log.painted.append((frame, time.monotonic()))


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
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    apply_theme(QApplication([]))
    with tempfile.TemporaryDirectory() as folder:
        clips = {path.name: path for path in options.files}
        if not clips:
            clips = write_clips(Path(folder)) | ({"real angiogram": REAL} if REAL.exists() else {})
        bench = Bench()
        try:
            found = [
                p for name, path in clips.items() for p in bench.play(name, path, options.seconds)
            ]
        finally:
            bench.close()
    if options.json:
        print(json.dumps([asdict(played) for played in found]))
        return 0
    print(f"platform {QGuiApplication.platformName()}, window {SIZE[0]} x {SIZE[1]}")
    for played in found:
        print("  ".join(f"{key} {value}" for key, value in asdict(played).items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
