"""A rendering in the window: drawn, turned, coarse while it moves, let go with its volume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import session_with, volume
from tests.volume.phantom import phantom
from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnsupportedError
from xray_studio.services.volume.rendering import VolumeDrawing
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.viewer.geometry import Size
from xray_studio.ui.viewer.view_commands import ViewCommands
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.look import RENDERING, left, places_of
from xray_studio.ui.volume.rendering_commands import RenderingCommands, seen_from
from xray_studio.ui.volume.renderings import COARSE, Renderings
from xray_studio.ui.work import JobRunner

LARGE = Size(800, 600)


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that shows a volume of two moments."""
    yield from session_with(volume(2))


class Stand:
    """Renderings of a session in a viewport whose size can be changed."""

    def __init__(self, session: Session) -> None:
        self.runner, self.size = JobRunner(), LARGE
        self.clips: list[Clip] = []
        session.changed.connect(self._hear)
        self.renderings = Renderings(session, self.runner, lambda _place: self.size)
        self.renderings.look_again()

    def _hear(self, old: State, new: State) -> None:
        place = places_of(new).get(RENDERING)
        if place is not None and old.views[place].clip is not new.views[place].clip:
            clip = new.views[place].clip
            assert clip is not None
            self.clips.append(clip)


@pytest.fixture
def stand(qtbot: QtBot, session: Session) -> Iterator[Stand]:
    """Renderings of the session."""
    assert qtbot is not None
    made = Stand(session)
    yield made
    made.renderings.close()
    made.runner.shutdown()


def rendering(session: Session) -> View:
    """Return the view of the rendering."""
    return session.state.views[places_of(session.state)[RENDERING]]


def is_whole(session: Session) -> bool:
    """Tell whether the whole picture is there."""
    clip = rendering(session).clip
    return clip is not None and (clip.columns, clip.rows) == LARGE


def test_a_rendering_is_drawn_coarsely_then_whole(
    qtbot: QtBot, session: Session, stand: Stand
) -> None:
    qtbot.waitUntil(lambda: is_whole(session))
    clip = rendering(session).clip
    assert clip is not None
    assert (clip.is_colour, clip.processed) == (True, ("RENDERED",))
    assert clip.acquisition.pixel_spacing is None
    assert clip.acquisition.study_instance_uid == "1.2.3.4"
    stand.clips.clear()
    RenderingCommands(session).turn(30.0, 10.0)
    qtbot.waitUntil(lambda: len(stand.clips) == 2)
    assert [max(clip.rows, clip.columns) for clip in stand.clips] == [COARSE, LARGE.width]
    assert {clip.acquisition.angles for clip in stand.clips} == {(-30.0, -10.0)}


def test_older_pictures_never_follow_newer_ones(
    qtbot: QtBot, session: Session, stand: Stand
) -> None:
    qtbot.waitUntil(lambda: is_whole(session))
    stand.clips.clear()
    for _ in range(40):
        RenderingCommands(session).turn(-2.0, 0.0)
        qtbot.wait(5)
    qtbot.waitUntil(lambda: is_whole(session) and stand.clips[-1] is rendering(session).clip)
    seen = [clip.acquisition.angles[0] for clip in stand.clips if clip.acquisition.angles]
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(80.0)
    assert len(seen) < 40, "pictures that nobody waits for any more are not drawn"


def test_a_viewport_of_another_size_gets_a_whole_picture_at_once(
    qtbot: QtBot, session: Session, stand: Stand
) -> None:
    qtbot.waitUntil(lambda: is_whole(session))
    stand.clips.clear()
    stand.size = Size(640, 600)
    stand.renderings.look_again()
    qtbot.waitUntil(lambda: bool(stand.clips))
    assert [(clip.columns, clip.rows) for clip in stand.clips] == [(640, 600)]


def test_another_moment_is_drawn(qtbot: QtBot, session: Session, stand: Stand) -> None:
    qtbot.waitUntil(lambda: is_whole(session))
    before = rendering(session).clip
    VolumeCommands(session).step_moment(1)
    qtbot.waitUntil(lambda: rendering(session).clip is not before and is_whole(session))


def test_a_rendering_that_is_out_of_sight_waits(
    qtbot: QtBot, session: Session, stand: Stand
) -> None:
    qtbot.waitUntil(lambda: is_whole(session))
    stand.clips.clear()
    session.update(alone=0)
    RenderingCommands(session).see_from("left")
    qtbot.wait(300)
    assert stand.clips == []
    session.update(alone=None)
    qtbot.waitUntil(lambda: is_whole(session) and bool(stand.clips))


def test_what_cannot_be_drawn_is_told_until_it_can(
    qtbot: QtBot, session: Session, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: is_whole(session))

    def refused(_self: VolumeDrawing, _scene: object, _priority: object) -> object:
        from concurrent.futures import Future

        told: Future[object] = Future()
        told.set_exception(UnsupportedError("No picture could be drawn."))
        return told

    with monkeypatch.context() as broken:
        broken.setattr(VolumeDrawing, "request", refused)
        RenderingCommands(session).turn(5.0, 0.0)
        qtbot.waitUntil(lambda: rendering(session).error == "No picture could be drawn.")
        qtbot.wait(200)
    RenderingCommands(session).turn(5.0, 0.0)
    qtbot.waitUntil(lambda: rendering(session).error == "")


def test_the_process_goes_with_the_volume(qtbot: QtBot, session: Session, stand: Stand) -> None:
    qtbot.waitUntil(lambda: is_whole(session))
    drawing = stand.renderings._drawing
    assert drawing is not None
    session.update(**left(session.state))
    assert stand.renderings._drawing is None
    assert not drawing._pool._threads


def test_a_volume_that_goes_while_it_is_taken_in_leaves_nothing(
    session: Session, stand: Stand, qtbot: QtBot
) -> None:
    session.update(**left(session.state))
    qtbot.waitUntil(lambda: not stand.runner.tasks)
    assert stand.renderings._drawing is None


def test_zoom_and_turns_of_the_picture_are_those_of_the_camera(
    qtbot: QtBot, session: Session, stand: Stand
) -> None:
    qtbot.waitUntil(lambda: is_whole(session))
    session.update(active=places_of(session.state)[RENDERING])
    commands, view = RenderingCommands(session), ViewCommands(session)
    commands.reset()
    first = commands.scene
    assert first is not None
    view.zoom_by(2.0, (60.0, 0.0))
    view.pan_by(12.0, 6.0)
    view.rotate_right()
    scene = commands.scene
    assert scene is not None
    assert scene.camera.zoom == pytest.approx(2.0 * first.camera.zoom)
    assert scene.camera.pan == pytest.approx((-0.1 + 0.02, 0.01))
    assert scene.camera.roll == 90.0
    assert rendering(session).presentation.zoom is None
    view.fit()
    scene = commands.scene
    assert scene is not None
    assert scene.camera.pan == (0.0, 0.0)
    view.reset()
    assert commands.scene == first


def test_sides_are_named(session: Session) -> None:
    commands = RenderingCommands(session)
    commands.turn(12.0, 0.0)
    assert not seen_from("anterior", session.state)
    commands.see_from("posterior")
    assert seen_from("posterior", session.state)
    commands.change(cube=False)
    commands.reset()
    assert seen_from("anterior", session.state)
    assert session.state.volume is not None
    assert session.state.volume.scene.cube


def test_the_window_draws_what_the_mouse_turns(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", phantom("int16"))

    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        qtbot.waitUntil(lambda: rendering(session).clip is not None)
        viewport = window.stage.grid.cell(places_of(session.state)[RENDERING]).viewport
        qtbot.waitUntil(lambda: viewport.answer is not None)
        commands, middle = RenderingCommands(session), viewport.rect().center()

        def drag(button: Qt.MouseButton, by: QPoint) -> None:
            QTest.mousePress(viewport, button, pos=middle)
            QTest.mouseMove(viewport, middle + by / 2)
            QTest.mouseMove(viewport, middle + by)
            QTest.mouseRelease(viewport, button, pos=middle + by)

        before = commands.scene
        assert before is not None
        drag(Qt.MouseButton.LeftButton, QPoint(40, 0))
        turned = commands.scene
        assert turned is not None
        assert turned.camera.primary < before.camera.primary - 5.0
        drag(Qt.MouseButton.RightButton, QPoint(0, -60))
        nearer = commands.scene
        assert nearer is not None
        assert nearer.camera.zoom > turned.camera.zoom
        drag(Qt.MouseButton.MiddleButton, QPoint(20, 10))
        moved = commands.scene
        assert moved is not None
        assert moved.camera.pan > nearer.camera.pan
        viewport.setFocus()
        qtbot.keyClick(viewport, Qt.Key.Key_Up)
        pressed = commands.scene
        assert pressed is not None
        assert pressed.camera.secondary == pytest.approx(moved.camera.secondary - 15.0)
        assert replace(pressed.camera, secondary=0.0) == replace(moved.camera, secondary=0.0)
        window.commands["see_superior"].trigger()
        qtbot.waitUntil(
            lambda: "P" in getattr(rendering(session).clip, "orientation").top  # noqa: B009
        )
        assert not window.commands["mirror"].isEnabled()

    drive(script, tmp_path / "ct")
