"""The heatmap over the picture: of its own picture alone, frame by frame, gone through by keys."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.services.anomaly.fakes import NAME, Telling
from tests.ui.conftest import Drive
from tests.ui.heatmap.looking import compared, looked, tell
from tests.ui.keys import press
from tests.ui.studies import write_cine
from tests.ui.waiting import choose
from xray_studio.core.learning.heat import BADGE
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.imaging.steps.gamma import Gamma
from xray_studio.imaging.unusual import marked
from xray_studio.ui import unusual_work
from xray_studio.ui.finding_state import HIDDEN
from xray_studio.ui.heatmap.words import (
    peak_words,
)
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.step_state import Compared
from xray_studio.ui.unusual_state import (
    CHANGED,
    PROCESSED,
    answer_of,
    mapped,
    overlaid,
    peak_frames,
    unchecked,
    why_not_shown,
)
from xray_studio.ui.viewer.map_layer import map_image, score_image
from xray_studio.ui.viewer.unusual_commands import UnusualCommands, around


def test_what_was_said_holds_for_its_picture_alone(session: Session) -> None:
    """Other pixels, another model, a processed picture: nothing lies over it, and that is said."""
    answer = tell(session)
    assert mapped(session.state) is answer
    view = session.view
    assert view.clip is not None
    again = replace(view.clip, timing=replace(view.clip.timing))
    session.update_view(clip=again)
    assert mapped(session.state) is None
    assert unchecked(session.state) is answer
    none = replace(answer, found=replace(answer.found, maps=(), abstained="A part is missing."))
    session.update(looks=session.state.looks.with_answer(none))
    assert unchecked(session.state) is None, "a film that was copied anew is asked about anew"
    session.update_view(clip=view.clip)
    tell(session, stale=True)
    assert (why_not_shown(session.state), mapped(session.state)) == (CHANGED, None)
    tell(session)
    session.update_view(pipeline=Pipeline((Stage(Gamma()),)))
    assert (why_not_shown(session.state), overlaid(session.state)) == (PROCESSED, False)


def test_keys_go_from_peak_to_peak_and_region_to_region(session: Session) -> None:
    """Round the ends, and to a region so that it is seen with what is around it."""
    answer = tell(session)
    commands = UnusualCommands(session)
    commands.threshold(float(np.median(answer.found.scores)))
    best = peak_frames(answer_of(session.state) or answer)
    assert best
    seen = []
    for _ in best:
        commands.peak(1)
        seen.append(session.view.frame)
    assert sorted(seen) == best
    commands.peak(-1)
    assert session.view.frame in best
    commands.own_threshold()
    session.update_view(frame=0)
    commands.step(1)
    first = session.state.looks.chosen
    commands.step(-1)
    commands.step(1)
    assert session.state.looks.chosen == first
    commands.jump()
    assert first is not None
    clip = session.view.clip
    assert clip is not None
    assert session.view.presentation.area == around(first[1], clip.rows, clip.columns)
    left, top, right, bottom = around(first[1], clip.rows, clip.columns)
    assert left <= first[1].x
    assert right >= first[1].right
    assert top <= first[1].y
    assert bottom >= first[1].bottom


def test_colours_lie_on_what_is_marked_alone(session: Session) -> None:
    """Transparent is exactly what the mask leaves out; everywhere is everywhere."""
    scores = tell(session).found.maps[0]
    image = map_image(scores, (0.75, 4), "inferno")
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    assert np.array_equal(pixels > 0, marked(scores, 0.75, 4))
    whole = score_image(scores.values, scores.shape, "inferno")
    assert (np.frombuffer(whole.constBits(), np.uint32) >> 24 == 255).all()


def test_teaching_hides_map_and_badge_together(session: Session) -> None:
    """Nothing that AI says is left, and why is told."""
    tell(session)
    assert overlaid(session.state)
    UnusualCommands(session).hide_ai()
    assert not overlaid(session.state)
    assert why_not_shown(session.state) == HIDDEN
    UnusualCommands(session).hide_ai()
    assert overlaid(session.state)


def test_a_loop_is_looked_through_in_the_window(
    qtbot: QtBot, drive: Drive, study: Path, kept: Path
) -> None:
    """X looks, frames come one by one, N and B go to peaks, Q shows the original, F9 hides all."""

    def script(window: MainWindow) -> None:
        session, viewport = window.session, window.stage.viewport
        choose(qtbot, window, "LCA")
        plain = viewport.grab().toImage()
        press(window, "X")
        assert window.side.stack.currentWidget() is window.heatmap_panel
        answer = looked(qtbot, window)
        assert answer.detector == "cine-change"
        assert len(answer.by_frame) == 12
        assert window.stage.cine.sparkline.isVisible()
        assert BADGE in viewport.corners().text.badges
        UnusualCommands(session).threshold(0.05)
        best = peak_frames(answer_of(session.state) or answer)
        assert best
        press(window, "N")
        assert session.view.frame in best
        assert peak_words(answer_of(session.state) or answer).startswith("Frame")
        press(window, "X")
        assert BADGE not in viewport.corners().text.badges
        press(window, "X")
        assert BADGE in viewport.corners().text.badges
        qtbot.waitUntil(lambda: viewport.grab().toImage() != plain)
        QTest.keyPress(window.windowHandle(), Qt.Key.Key_Q)
        assert compared(window) is Compared.ORIGINAL
        assert BADGE not in viewport.corners().text.badges
        time.sleep(0.3)
        QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Q)
        assert compared(window) is Compared.NOT
        assert BADGE in viewport.corners().text.badges
        press(window, "J")
        assert viewport.tools.wipe.shown
        assert BADGE in viewport.corners().text.badges
        press(window, "J")
        press(window, "Ctrl+Shift+J")
        left, right = (window.stage.grid.cells[place].viewport for place in (0, 1))
        qtbot.waitUntil(lambda: left.answer is not None and right.answer is not None)
        assert window.stage.viewport is right
        assert BADGE in right.corners().text.badges
        assert BADGE not in left.corners().text.badges
        qtbot.waitUntil(lambda: left.grab().toImage() != right.grab().toImage())
        press(window, "Ctrl+Shift+J")
        assert session.state.layout.count == 1
        assert BADGE in viewport.corners().text.badges
        press(window, "F9")
        assert BADGE not in viewport.corners().text.badges
        assert not window.stage.cine.sparkline.isVisible()
        assert window.heatmap_panel.note.text() == HIDDEN
        press(window, "F9")
        spark = window.stage.cine.sparkline
        qtbot.waitUntil(spark.isVisible)
        QTest.mouseClick(
            spark, Qt.MouseButton.LeftButton, pos=QPoint(round(spark.left_of(7.5)), 10)
        )
        assert session.view.frame == 7
        assert list((kept / "anomalies").iterdir())

    drive(script, study)


def test_frames_are_shown_as_they_are_ready(
    qtbot: QtBot, drive: Drive, study: Path, telling: type[Telling], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sparkline fills, and peaks can be gone to, before the last frame is there."""
    monkeypatch.setattr(telling, "pause", 0.05)
    monkeypatch.setattr(unusual_work, "GATHERED", 1)

    def script(window: MainWindow) -> None:
        session, known = window.session, set[int]()
        choose(qtbot, window, "LCA")
        session.changed.connect(
            lambda _old, new: known.add(len(getattr(answer_of(new), "by_frame", ())))
        )
        press(window, "X")
        qtbot.waitUntil(lambda: any(0 < count < 12 for count in known))
        assert window.stage.cine.sparkline.isVisible()
        assert BADGE in window.stage.viewport.corners().text.badges
        answer = looked(qtbot, window)
        assert len(answer.by_frame) == 12
        assert len(known) > 4

    drive(script, study)


def test_coming_back_is_instant_and_other_pixels_are_stale(
    qtbot: QtBot, drive: Drive, tmp_path: Path, telling: type[Telling]
) -> None:
    """The same loop opened again keeps its answer; changed pixels or models take it away."""
    about = {"PatientName": "Phantom^Coronary", "PatientID": "DEMO-0001"}
    for number, name in ((1, "LCA"), (2, "RCA")):
        write_cine(tmp_path / f"run{number}.dcm", number, name, about)

    def script(window: MainWindow) -> None:
        session = window.session
        choose(qtbot, window, "LCA")
        press(window, "X")
        first = looked(qtbot, window)
        assert first.detector == NAME
        choose(qtbot, window, "RCA")
        qtbot.waitUntil(lambda: not session.state.looks.busy)
        assert answer_of(session.state) is None
        assert BADGE not in window.stage.viewport.corners().text.badges
        choose(qtbot, window, "LCA")
        qtbot.waitUntil(lambda: answer_of(session.state) is not None)
        again = looked(qtbot, window)
        assert (again.stale, again.found) == (False, first.found)
        assert telling.asked == 1
        write_cine(tmp_path / "run1.dcm", 1, "LCA", about, frames=13)
        press(window, "F5")
        qtbot.waitUntil(lambda: why_not_shown(session.state) == CHANGED)
        assert window.heatmap_panel.note.text() == CHANGED
        press(window, "X")
        qtbot.waitUntil(lambda: why_not_shown(session.state) == "")
        looked(qtbot, window)
        assert telling.asked == 2

    drive(script, tmp_path)
