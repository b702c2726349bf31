"""Objects with a video stream in the window: played, sought, seen as thumbnails; long ones too."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.dicom.video_objects import save_video
from tests.ui.conftest import Drive
from tests.ui.waiting import wait_for_picture
from tests.video.streams import FRAMES, write_stream
from xray_studio import open as open_clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.extents import Extents
from xray_studio.core.job import Job, Progress
from xray_studio.services import streams
from xray_studio.ui.main_window import MainWindow
from xray_studio.video.decoder import NOT_YET
from xray_studio.video.read import VideoHeader, read_video_header


@pytest.fixture
def video(tmp_path: Path) -> Path:
    stream = write_stream(tmp_path / "stream.mp4").read_bytes()
    folder = tmp_path / "study"
    folder.mkdir()
    return Path(save_video(folder / "video.dcm", stream, NumberOfFrames=FRAMES))


class Reading:
    """Stands in for reading a long stream through, which ends when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may_end = threading.Event()
        self.fails = False
        monkeypatch.setattr(streams, "SHORT", 0)
        monkeypatch.setattr(streams, "REACH", 10)
        monkeypatch.setattr(streams, "_read_through", self.read_through)

    def read_through(self, extents: Extents) -> Job[VideoHeader]:
        while not self.may_end.wait(0.01):
            yield Progress(message="Reading the video stream")
        if self.fails:
            raise UnreadableError("The stream breaks off.")
        return read_video_header(extents)


def stored_on_screen(window: MainWindow) -> np.ndarray:
    answer = window.stage.viewport.answer
    assert answer is not None
    assert answer.stored is not None, answer.error
    return answer.stored


def go_to(qtbot: QtBot, window: MainWindow, frame: int) -> None:
    window.session.update_view(frame=frame)
    qtbot.waitUntil(lambda: at(window) == frame)


def at(window: MainWindow) -> int:
    answer = window.stage.viewport.answer
    return -1 if answer is None else answer.request.index


def error_on_screen(window: MainWindow) -> str:
    answer = window.stage.viewport.answer
    return "" if answer is None else str(answer.error or "")


def test_it_plays_and_seeks_and_has_a_thumbnail(drive: Drive, qtbot: QtBot, video: Path) -> None:
    clip = open_clip(video)

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        assert len(window.session.view.clip or ()) == FRAMES
        for frame in (31, 2, FRAMES - 1, 17):
            go_to(qtbot, window, frame)
            np.testing.assert_array_equal(stored_on_screen(window), clip.stored(frame))
        window.session.update_view(frame=0)
        window.session.update_cine(playing=True)
        qtbot.waitUntil(lambda: at(window) > 5)
        window.session.update_cine(playing=False)
        (series,) = window.browser.listed()
        qtbot.waitUntil(lambda: window.thumbnails.get(series) is not None)
        thumbnail = window.thumbnails.get(series)
        assert isinstance(thumbnail, QImage)
        assert not thumbnail.isNull()

    drive(script, video.parent)


def test_a_long_one_shows_its_first_frames_before_it_is_read_through(
    drive: Drive, qtbot: QtBot, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = open_clip(video)
    reading = Reading(monkeypatch)

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        go_to(qtbot, window, 5)
        np.testing.assert_array_equal(stored_on_screen(window), clip.stored(5))
        go_to(qtbot, window, 30)
        assert error_on_screen(window) in {NOT_YET, ""}  # "" where it was decoded ahead by then
        window.session.update_cine(first=3, last=35)
        reading.may_end.set()
        qtbot.waitUntil(lambda: not error_on_screen(window))
        assert at(window) == window.session.view.frame == 30
        cine = window.session.view.cine
        assert (cine.first, cine.last) == (3, 35)
        np.testing.assert_array_equal(stored_on_screen(window), clip.stored(30))

    drive(script, video.parent)


def test_the_number_of_frames_is_put_right_when_it_is_known(
    drive: Drive, qtbot: QtBot, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Reading(monkeypatch)
    stream = video.parent.parent / "stream.mp4"
    save_video(video, stream.read_bytes(), NumberOfFrames=FRAMES + 9)

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        assert len(window.session.view.clip or ()) == FRAMES + 9
        window.session.update_view(frame=FRAMES + 5)
        reading.may_end.set()
        qtbot.waitUntil(lambda: len(window.session.view.clip or ()) == FRAMES)
        assert window.session.view.frame == window.session.view.cine.last == FRAMES - 1
        qtbot.waitUntil(lambda: at(window) == FRAMES - 1 and not error_on_screen(window))

    drive(script, video.parent)


def test_a_long_one_that_cannot_be_read_through_says_why(
    drive: Drive, qtbot: QtBot, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Reading(monkeypatch)
    reading.fails = True

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        reading.may_end.set()
        qtbot.waitUntil(lambda: "the stream breaks off" in window.session.view.error)
        assert window.session.view.clip is None

    drive(script, video.parent)
