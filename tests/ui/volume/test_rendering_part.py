"""The panel of a rendering: presets, points, level, clipping, the movie of a turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import session_with, volume
from tests.volume.phantom import phantom
from xray_studio.core.volume.transfer import PRESETS
from xray_studio.services.volume.rendering import counted
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import VolumeLook
from xray_studio.ui.volume.rendering_part import NO_UNITS, RenderingPart

Key = Qt.Key


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that shows a volume in Hounsfield units."""
    yield from session_with(volume())


@pytest.fixture
def part(qtbot: QtBot, session: Session) -> RenderingPart:
    """The part, in step with the session."""
    made = RenderingPart(session)
    qtbot.addWidget(made)

    def follow(_old: State, new: State) -> None:
        if new.volume is not None:
            made.show_state(new.volume)

    session.changed.connect(follow)
    look = look_of(session)
    session.update(volume=replace(look, counts=counted(look.volume.at(0))))
    made.resize(320, 700)
    made.show()
    return made


def look_of(session: Session) -> VolumeLook:
    """Return how the volume is looked at."""
    assert session.state.volume is not None
    return session.state.volume


def test_a_preset_is_chosen_and_chosen_again(session: Session, part: RenderingPart) -> None:
    part.preset.button("vessels").click()
    assert look_of(session).scene.transfer == PRESETS["vessels"]
    part.level.chosen.emit(40.0)
    part.width_.chosen.emit(50.0)
    part.opacity.chosen.emit(200.0)
    toning = look_of(session).toned
    assert (toning.level, toning.width, toning.opacity) == (40.0, 0.5, 2.0)
    assert look_of(session).scene.transfer == toning.transfer
    assert part.width_.edit.text() == "50"
    part.preset.button("vessels").click()
    assert look_of(session).scene.transfer == PRESETS["vessels"], "the preset as it comes"


def test_presets_for_hounsfield_units_are_not_offered_without(qtbot: QtBot) -> None:
    for session in session_with(replace(volume(), unit="", modality="MR")):
        part = RenderingPart(session)
        qtbot.addWidget(part)
        part.show_state(look_of(session))
        assert not part.preset.button("bone").isEnabled()
        assert part.preset.button("bone").toolTip() == NO_UNITS
        assert part.preset.value() == "soft"
        part.level.chosen.emit(0.5)
        assert look_of(session).toned.level == 0.5


def test_points_are_moved_added_and_removed_by_keys(
    qtbot: QtBot, session: Session, part: RenderingPart
) -> None:
    editor, before = part.editor, look_of(session).scene.transfer.points
    assert len(editor.points) == len(before)
    point = editor.points[1]
    assert point.accessibleName() == "Point 2 of 4"
    assert "opacity" in point.accessibleDescription()
    qtbot.keyClick(point, Key.Key_Up)
    qtbot.keyClick(point, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    after = look_of(session).scene.transfer.points
    assert after[1].opacity > before[1].opacity
    assert before[1].value < after[1].value < after[2].value
    qtbot.keyClick(editor.points[1], Key.Key_Insert)
    assert len(editor.points) == 5
    qtbot.keyClick(editor.points[2], Key.Key_Delete)
    assert look_of(session).scene.transfer.points == after


def test_points_are_moved_added_and_removed_by_mouse(session: Session, part: RenderingPart) -> None:
    editor, left, right = part.editor, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
    before = look_of(session).scene.transfer.points
    last = editor.points[-1]
    QTest.mousePress(last, left, pos=QPoint(9, 9))
    QTest.mouseMove(last, QPoint(9, 39))
    QTest.mouseRelease(last, left, pos=QPoint(9, 9))
    assert look_of(session).scene.transfer.points[-1].opacity < before[-1].opacity
    QTest.mouseDClick(editor, left, pos=QPoint(60, 30))
    assert len(editor.points) == 5
    QTest.mouseClick(editor.points[1], right)
    assert len(editor.points) == 4


def test_a_colour_is_tried_and_given_up(
    qtbot: QtBot, session: Session, part: RenderingPart
) -> None:
    before = look_of(session).scene.transfer.points[0].colour
    qtbot.keyClick(part.editor.points[0], Key.Key_Return)
    dialog = part.editor.findChild(QColorDialog)
    assert dialog is not None
    dialog.setCurrentColor(QColor(0, 255, 0))
    assert look_of(session).scene.transfer.points[0].colour == (0.0, 1.0, 0.0)
    dialog.reject()
    assert look_of(session).scene.transfer.points[0].colour == pytest.approx(before, abs=1e-4)


def test_a_volume_is_clipped_along_the_patient(session: Session, part: RenderingPart) -> None:
    clip = part.clips[2]
    assert clip.words.text() == "F 14 \N{EN DASH} H 14 mm"
    clip.low.setValue(500)
    assert look_of(session).scene.box.low == pytest.approx((0.5, 0.0, 0.0))
    assert clip.words.text() == "H 0 \N{EN DASH} H 14 mm"
    clip.high.setValue(100)
    kept = look_of(session).scene.box
    assert kept.low[0] < kept.high[0], "something is always kept"


def test_light_and_cube_are_switched(session: Session, part: RenderingPart) -> None:
    part.lit.click()
    part.cube.click()
    scene = look_of(session).scene
    assert not scene.transfer.shaded
    assert not scene.cube


def test_the_movie_of_a_turn_is_exported(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", phantom("int16"))

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.view.clip is not None)
        assert not window.commands["turning_movie"].isEnabled()
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(window.commands["turning_movie"].isEnabled)
        window.commands["turning_movie"].trigger()
        dialog = window.findChild(ExportDialog)
        assert dialog is not None
        clip = window.renderings.turning()
        assert clip is not None
        assert (len(clip), clip.processed) == (120, ("RENDERED",))
        assert clip.rows % 2 == clip.columns % 2 == 0
        assert clip.source.read(30).shape == (clip.rows, clip.columns, 3)
        dialog.close()

    drive(script, tmp_path / "ct")
