"""A session that was killed comes back: viewports, frames, windows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, scanned, wait_for_picture
from xray_studio.core.presentation import Window
from xray_studio.services.last_session import read
from xray_studio.services.settings import Settings, save_settings, settings_file
from xray_studio.ui.layout import Link
from xray_studio.ui.main import main
from xray_studio.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
# A window that shows a slice of one patient and two runs of another side by side, one of them in a
# window of its own, goes on to a frame and a window, and waits.
WINDOW = """
import sys
from PySide6.QtCore import QTimer
from xray_studio.core.presentation import Window
from xray_studio.ui.main import main

def run(window):
    session = window.session

    def arrange():
        views = session.state.views
        if session.state.scanning or views[0].clip is None:
            return
        listed = list(session.state.catalog.all_series())
        run, slices = (next(s for s in listed if s.modality == m) for m in ("XA", "CT"))
        if not session.state.arrangements:
            window.controller.choose(slices)
        elif views[0].series.modality == "CT" and views[0].frame == 0:
            session.update_at(0, frame=3)
            window.controller.choose(run)
        elif session.state.layout.count == 1:
            window.commands["fill"].trigger()
            window.commands["link_zoom"].trigger()
        elif all(view.clip is not None for view in views[:2]):
            again.stop()
            session.update_at(1, frame=7)
            session.update_at(0, presentation=views[0].presentation.with_voi(Window(900, 700)))
            window.commands["rotate_right"].trigger()
            session.update(detached=frozenset((1,)))

    again = QTimer(window)
    again.timeout.connect(arrange)
    again.start(50)
    from PySide6.QtWidgets import QApplication
    return QApplication.instance().exec()

sys.exit(main([sys.argv[1]], run))
"""


def until(wanted: Callable[[], bool], what: str) -> None:
    end = (
        time.monotonic() + 4 * LONG / 1000
    )  # a whole program starts, on a machine that may be busy
    while not wanted():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture
def killed(study: Path) -> Path:
    """Kill a window that showed a study, and return the file that it left."""
    kept = settings_file().parent / "session-1.json"
    window = subprocess.Popen([sys.executable, "-c", WINDOW, str(study)], env=os.environ.copy())
    try:
        until(lambda: _complete(kept), "the session was not kept")
    finally:
        window.send_signal(signal.SIGKILL)
        window.wait(LONG / 1000)
    return kept


def _complete(kept: Path) -> bool:
    session = read(kept)
    if session is None or not session.detached:
        return False
    return [[view.frame for view in grid.views] for grid in session.grids] == [[0, 7], [3]]


def assert_as_before(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    views = lambda: session.state.views[:2]  # noqa: E731 - read on one line
    qtbot.waitUntil(lambda: all(view.clip is not None for view in views()), timeout=LONG)
    qtbot.waitUntil(lambda: scanned(window), timeout=LONG)
    names = [view.series.series_description for view in views() if view.series]
    assert names == ["LCA", "RCA"]
    assert [view.frame for view in views()] == [0, 7]
    assert views()[0].presentation.voi == Window(900, 700)
    assert views()[1].presentation.voi == views()[1].initial.voi
    assert [view.presentation.rotation for view in views()] == [90, 0]
    assert session.state.layout.links == {Link.ZOOM}
    assert window.stage.grid.windows.keys() == {1}
    assert_other_patient(qtbot, window)


def assert_other_patient(qtbot: QtBot, window: MainWindow) -> None:
    tabs = window.stage.tabs
    titles = [tabs.tabText(number) for number in range(tabs.count())]
    assert titles == ["Phantom, Coronary", "Phantom, Thorax"]
    assert tabs.currentIndex() == 0
    tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: window.session.view.clip is not None, timeout=LONG)
    assert (window.session.view.frame, window.session.state.layout.count) == (3, 1)


def test_what_was_killed_is_offered_and_comes_back(
    qtbot: QtBot, drive: Drive, killed: Path
) -> None:
    assert "Phantom" not in killed.read_text("utf-8")
    assert killed.stat().st_mode & 0o777 == 0o600

    def script(window: MainWindow) -> None:
        offers = window.stage.offers
        assert "ended unexpectedly" in offers.sentence.text()
        assert window.session.state.opened == ()
        qtbot.mouseClick(offers.accept, LEFT)
        assert_as_before(qtbot, window)
        assert offers.isHidden()

    drive(script)
    assert not killed.exists()


def test_it_comes_back_at_once_where_that_is_asked_for(qtbot: QtBot, killed: Path) -> None:
    def act(window: MainWindow) -> int:
        assert_as_before(qtbot, window)
        return 0

    assert main([], act, restore=True) == 0
    assert not killed.exists()


def test_what_is_put_off_is_forgotten(qtbot: QtBot, drive: Drive, killed: Path) -> None:
    def script(window: MainWindow) -> None:
        qtbot.mouseClick(window.stage.offers.later, LEFT)
        assert not killed.exists()
        assert window.stage.offers.isHidden()

    drive(script)


def test_files_that_are_gone_are_said_to_be(
    qtbot: QtBot, drive: Drive, killed: Path, study: Path, tmp_path: Path
) -> None:
    away = tmp_path / "run2.dcm"
    (study / "run2.dcm").rename(away)

    def script(window: MainWindow) -> None:
        said: list[str] = []
        window.restoring.told.connect(said.append)
        qtbot.mouseClick(window.stage.offers.accept, LEFT)
        qtbot.waitUntil(lambda: bool(said), timeout=LONG)
        assert said == ["1 picture of the last session was not found; its file may have moved."]
        assert window.session.state.views[1].series is None

    try:
        drive(script)
    finally:
        away.rename(study / "run2.dcm")


def test_nothing_is_kept_where_that_is_not_wanted(qtbot: QtBot, drive: Drive, study: Path) -> None:
    save_settings(Settings().changed("privacy", last_session="never"))

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        window.restoring._keep()
        qtbot.waitUntil(lambda: not window.runner.tasks, timeout=LONG)
        assert not list(settings_file().parent.glob("session-*.json"))

    drive(script, study)
