"""Jobs bar: what is going on, how far, how long, and stopping it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from xray_studio.core.job import Job, Progress
from xray_studio.core.time_words import duration_words
from xray_studio.ui.jobs_bar import JobsBar, progress_words
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner

Left = Qt.MouseButton.LeftButton


def endless(closed: list[str], name: str) -> Job[None]:
    import time

    try:
        while True:
            time.sleep(0.002)
            yield Progress(32, 50, "Writing")
    finally:
        closed.append(name)


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.shutdown()


@pytest.fixture
def bar(qtbot: QtBot, runner: JobRunner) -> JobsBar:
    made = JobsBar(Session(runner), runner)
    qtbot.addWidget(made)
    made.resize(1200, 32)
    made.show()
    return made


@pytest.mark.parametrize(
    ("progress", "left", "words"),
    [
        (Progress(64, 100), 4.2, "64 % · 4 s left"),
        (Progress(64, 100), None, "64 %"),
        (Progress(1200, 0), None, "1,200"),
        (Progress(12, 0, "12 files"), None, "12 files"),
        (Progress(), None, ""),
    ],
)
def test_progress_in_words(progress: Progress, left: float | None, words: str) -> None:
    assert progress_words(progress, left) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59.4, "59 s"), (60, "1 min"), (125, "2 min 5 s"), (4200, "1 h 10 min")],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_a_job_shows_title_progress_and_goes_when_cancelled(
    qtbot: QtBot, runner: JobRunner, bar: JobsBar
) -> None:
    closed: list[str] = []
    runner.start(endless(closed, "a"), title="Exporting run-3.mp4", lane="export")
    (strip,) = bar.strips
    qtbot.waitUntil(lambda: strip.words.text().startswith("64 %"))
    assert strip.title.text() == "Exporting run-3.mp4"
    assert strip.bar.value() == 640
    qtbot.mouseClick(strip.cancel, Left)
    assert bar.strips == []
    qtbot.waitUntil(lambda: closed == ["a"])


def test_hidden_jobs_are_not_shown(qtbot: QtBot, runner: JobRunner, bar: JobsBar) -> None:
    runner.start(endless([], "a"), title="Thumbnail", lane="thumbnails", visible=False)
    assert bar.strips == []


def test_more_jobs_than_fit_are_counted(qtbot: QtBot, runner: JobRunner, bar: JobsBar) -> None:
    for number in range(5):
        runner.start(endless([], "a"), title=f"Job {number}", lane="export")
    assert [strip.isVisible() for strip in bar.strips] == [True, True, False, False, False]
    assert bar.more.text() == "3 more waiting"
    runner.cancel_lane("export")
    qtbot.waitUntil(lambda: bar.strips == [])
    assert not bar.more.isVisible()


def test_memory_is_told_in_megabytes(bar: JobsBar, runner: JobRunner) -> None:
    session = next(child for child in runner.children() if isinstance(child, Session))
    session.update(memory=(412 << 20, 2048 << 20))
    assert bar.memory.text() == "cache 412 of 2,048 MB"


def test_a_message_has_its_colour_and_link_and_is_never_cut(qtbot: QtBot, bar: JobsBar) -> None:
    bar.say("This did not work. " * 40, "danger", "Show in folder")
    assert bar.message.property("role") == "danger"
    assert bar.link.isVisible()
    assert bar.message.text().endswith("…")
    assert bar.message.toolTip().startswith("This did not work.")
    bar.say("Done")
    assert not bar.link.isVisible()
    assert bar.message.toolTip() == ""


def test_names_of_folders_go_when_identity_is_hidden(bar: JobsBar, runner: JobRunner) -> None:
    job = endless([], "a")
    runner.start(job, title="Reading Doe_John", discreet="Reading files", lane="scan")
    (strip,) = bar.strips
    session = bar._session
    assert strip.title.text() == "Reading Doe_John"
    session.update(identity_hidden=True)
    assert strip.title.text() == "Reading files"
    assert "Doe" not in strip.cancel.accessibleName() + strip.bar.accessibleName()
    session.update(identity_hidden=False)
    assert strip.title.text() == "Reading Doe_John"
