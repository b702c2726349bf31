"""Controller: results appear while scanning, and nothing changes what is on screen by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import Job, Progress
from xray_studio.core.presentation import Presentation
from xray_studio.core.study import Catalog, Instance, Patient, Series, Study
from xray_studio.core.workers import done
from xray_studio.ui import controller as module
from xray_studio.ui import opening
from xray_studio.ui.browser.thumbnails import Thumbnails
from xray_studio.ui.controller import Controller
from xray_studio.ui.session import Session
from xray_studio.ui.work import JobRunner


@dataclass(frozen=True, eq=False)
class Grey:
    """A source of flat frames."""

    frames: int

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.frames, 4, 4)

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint16)

    def read(self, index: int) -> Any:
        return np.full((4, 4), index, np.uint16)

    def request(self, index: int, priority: object) -> Any:
        return done(self.read(index))


def series(name: str, *paths: str) -> Series:
    return Series(name, "CT", name, 1, tuple(Instance(path) for path in paths))


def catalog(**patients: tuple[Series, ...]) -> Catalog:
    made = (Patient(who, who, studies=(Study(who, series=s),)) for who, s in patients.items())
    return Catalog(tuple(made))


@dataclass
class Services:
    """Stands in for scanning and opening; a scan goes on when it is told to."""

    found: list[Catalog] = field(default_factory=list)
    go_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    closed: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def scan(self, paths: list[str], *, fresh: bool = False) -> Job[Catalog]:
        try:
            for number, catalog in enumerate(self.found):
                yield Progress(number, partial=catalog)
                while not self.go_on.acquire(timeout=0.01):
                    yield Progress(number)
            return self.found[-1]
        finally:
            self.closed.append(paths[0])

    def open_series(self, series: Series) -> Job[Clip]:
        yield Progress(1, 2, "Opening")
        if series.series_instance_uid in self.broken:
            raise UnreadableError("This file is damaged; copy it again.")
        return Clip(Grey(len(series.paths)), paths=series.paths)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    made = Services()
    monkeypatch.setattr(module, "scan", made.scan)
    monkeypatch.setattr(opening, "open_series", made.open_series)
    return made


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.shutdown()


@pytest.fixture
def controller(services: Services, runner: JobRunner) -> Controller:
    session = Session(runner)
    return Controller(session, runner, Thumbnails(runner, runner), runner)


def session_of(controller: Controller) -> Session:
    return controller._session


def on_screen(controller: Controller) -> str:
    view = session_of(controller).view
    return "" if view.series is None or view.clip is None else view.series.series_instance_uid


def test_the_first_picture_opens_while_the_scan_goes_on(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    services.found = [catalog(), catalog(B=(series("b", "/b"),))]
    controller.open(["/x"])
    services.go_on.release()
    qtbot.waitUntil(lambda: on_screen(controller) == "b")
    assert session_of(controller).state.scanning
    services.go_on.release()
    qtbot.waitUntil(lambda: not session_of(controller).state.scanning)


def test_what_is_found_later_never_takes_the_screen(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    first = series("b", "/b")
    services.found = [catalog(B=(first,)), catalog(A=(series("a", "/a"),), B=(first,))]
    controller.open(["/x"])
    qtbot.waitUntil(lambda: on_screen(controller) == "b")
    services.go_on.release(2)
    qtbot.waitUntil(lambda: not session_of(controller).state.scanning)
    assert len(session_of(controller).state.catalog.patients) == 2
    assert on_screen(controller) == "b"


def test_a_series_that_grows_keeps_the_picture_on_screen(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    services.found = [
        catalog(A=(series("a", "/2", "/4"),)),
        catalog(A=(series("a", "/1", "/2", "/3", "/4"),)),
    ]
    controller.open(["/x"])
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    session = session_of(controller)
    session.update_view(frame=1)
    session.update_presentation(invert=True)
    services.go_on.release(2)
    qtbot.waitUntil(lambda: session.view.clip is not None and len(session.view.clip) == 4)
    assert session.view.frame == 3
    assert session.view.presentation.invert


def test_a_series_that_grows_leaves_a_table_that_is_gone(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    controller.choose(series("a", "/1"))
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    session = session_of(controller)
    session.update_view(initial=Presentation(voi=1), presentation=Presentation(voi=1, invert=True))
    controller.choose(series("a", "/1", "/2"))
    qtbot.waitUntil(lambda: session.view.clip is not None and len(session.view.clip) == 2)
    assert not isinstance(session.view.initial.voi, int)
    assert not isinstance(session.view.presentation.voi, int)
    assert session.view.presentation.invert


def test_cancelling_keeps_what_was_found(
    qtbot: QtBot, services: Services, controller: Controller, runner: JobRunner
) -> None:
    services.found = [catalog(A=(series("a", "/a"),)), catalog()]
    controller.open(["/x"])
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    runner.cancel_lane("scan")
    qtbot.waitUntil(lambda: not session_of(controller).state.scanning)
    assert services.closed == ["/x"]
    assert len(session_of(controller).state.catalog.patients) == 1
    assert on_screen(controller) == "a"


def test_opening_again_replaces_what_was_open(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    services.found = [catalog(A=(series("a", "/a"),))]
    controller.open(["/x"])
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    services.found = [catalog(C=(series("c", "/c"),))]
    controller.open(["/y"])
    assert on_screen(controller) == ""
    qtbot.waitUntil(lambda: on_screen(controller) == "c")
    services.go_on.release(2)
    qtbot.waitUntil(lambda: not session_of(controller).state.scanning)
    assert services.closed == ["/x", "/y"]
    assert session_of(controller).state.opened == ("/y",)


def test_a_series_that_cannot_be_opened_says_why_and_can_be_tried_again(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    services.broken = {"a"}
    controller.choose(series("a", "/a"))
    session = session_of(controller)
    qtbot.waitUntil(lambda: session.view.error == "This file is damaged; copy it again.")
    services.broken.clear()
    controller.choose(series("a", "/a"))
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    assert session.view.error == ""


def test_of_series_chosen_quickly_the_last_one_wins(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    for name in "abcde":
        controller.choose(series(name, f"/{name}"))
    qtbot.waitUntil(lambda: on_screen(controller) == "e")


def test_choosing_what_is_on_screen_changes_nothing(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    controller.choose(series("a", "/a", "/b"))
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    session_of(controller).update_view(frame=1)
    controller.choose(series("a", "/a", "/b"))
    assert session_of(controller).view.frame == 1


def test_steps_stop_at_the_ends_of_the_list(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    listed = [series(name, f"/{name}") for name in "abc"]
    for by, wanted in ((1, "a"), (1, "b"), (1, "c"), (1, "c"), (-1, "b")):
        controller.step(listed, by)
        view = session_of(controller).view
        assert view.series is not None
        assert view.series.series_instance_uid == wanted


def test_of_two_patients_with_one_series_uid_the_chosen_one_is_shown(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    first, second = (replace(series("a", f"/{who}"), owner=(who,)) for who in "AB")
    session = session_of(controller)
    controller.choose(first)
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    controller.step([first, second], 1)
    assert session.view.clip is None  # nothing of the first patient is left
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    assert session.view.clip is not None
    assert session.view.clip.paths == ("/B",)


def test_a_series_comes_back_as_it_was_left_until_something_else_is_opened(
    qtbot: QtBot, services: Services, controller: Controller
) -> None:
    session, first = session_of(controller), series("a", "/1", "/2", "/3")
    controller.choose(first)
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    session.update_view(frame=2)
    session.update_cine(first=1, playing=True)
    session.update_presentation(invert=True)
    controller.choose(series("b", "/b"))
    qtbot.waitUntil(lambda: on_screen(controller) == "b")
    assert not session.view.presentation.invert
    controller.choose(first)
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    assert (session.view.frame, session.view.cine.first) == (2, 1)
    assert (session.view.presentation.invert, session.view.cine.playing) == (True, False)
    assert not session.view.initial.invert
    controller.close_all()
    controller.choose(first)
    qtbot.waitUntil(lambda: on_screen(controller) == "a")
    assert (session.view.frame, session.view.presentation.invert) == (0, False)


@pytest.mark.parametrize(
    ("paths", "hidden", "words"),
    [
        (["/data/Doe_John"], False, "Reading Doe_John"),
        (["/data/Doe_John"], True, "Reading files"),
        (["/a", "/b"], False, "Reading 2 files and folders"),
    ],
)
def test_names_of_folders_are_not_told_while_identity_is_hidden(
    services: Services,
    controller: Controller,
    runner: JobRunner,
    paths: list[str],
    hidden: bool,
    words: str,
) -> None:
    services.found = [catalog()]
    controller.open(paths)
    assert [task.words(hidden=hidden) for task in runner.tasks] == [words]


def test_nothing_to_step_through_is_no_error(controller: Controller) -> None:
    controller.step([], 1)
    assert session_of(controller).view.series is None
