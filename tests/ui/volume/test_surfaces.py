"""Surfaces over the planes of a volume: made, imported, coloured, hidden, saved, refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import session_with, volume
from tests.volume.phantom import phantom
from xray_studio.core.segments import COLOURS
from xray_studio.core.volume.planes import View as Plane
from xray_studio.core.volume.surface import Surface
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.volume.look import VolumeLook, places_of
from xray_studio.ui.volume.surface_part import SurfacePart
from xray_studio.ui.volume.surface_work import SurfaceCommands, has_surface, level_of
from xray_studio.volume.surface_files import read_surface

TETRA = Surface(
    np.array([[0.0, 0.0, 0.0], [8.0, 0.0, 0.0], [0.0, 8.0, 0.0], [0.0, 0.0, 8.0]]),
    np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
    "Tetrahedron",
)


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that shows a volume in Hounsfield units."""
    yield from session_with(volume())


def look_of(session: Session) -> VolumeLook:
    """Return how the volume is looked at."""
    assert session.state.volume is not None
    return session.state.volume


def test_surfaces_are_listed_coloured_and_removed(qtbot: QtBot, session: Session) -> None:
    part = SurfacePart(session)
    qtbot.addWidget(part)

    def follow(_old: State, new: State) -> None:
        if new.volume is not None:
            part.show_state(new.volume)

    session.changed.connect(follow)
    assert not has_surface(session.state)
    look = look_of(session)
    both = look.surfaces.with_more(TETRA).with_more(replace(TETRA, name="Other"))
    session.update(volume=replace(look, surfaces=both))
    assert [row.row.text() for row in part.rows] == ["Tetrahedron", "Other"]
    assert [one.colour for one in look_of(session).surfaces.every] == list(COLOURS[:2])
    assert has_surface(session.state)
    part.rows[0].row.click()
    part.colours[4].click()
    part.rows[0].eye.click()
    first = look_of(session).surfaces.every[0]
    assert (first.colour, first.hidden) == (COLOURS[4], True)
    assert part.rows[0].eye.accessibleName() == "Show Tetrahedron"
    part.remove.click()
    assert [one.name for one in look_of(session).surfaces.every] == ["Other"]
    assert len(part.rows) == 1


def test_the_next_surface_is_planned(qtbot: QtBot, session: Session) -> None:
    part = SurfacePart(session)
    qtbot.addWidget(part)
    assert level_of(look_of(session)) == 200.0
    part.level.chosen.emit(350.0)
    part.smooth.chosen.emit(5.0)
    part.keep.chosen.emit(25.0)
    part.largest.click()
    making = look_of(session).surfaces.making
    assert (making.level, making.smooth, making.keep, making.largest) == (350.0, 5, 0.25, True)
    assert level_of(look_of(session)) == 350.0


def test_the_window_makes_imports_and_saves(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", phantom("int16"))
    told: list[tuple[str, str]] = []

    def script(window: MainWindow) -> None:
        session, work = window.session, window.volumes.surfaces
        work.told.connect(lambda words, role: told.append((words, role)))
        qtbot.waitUntil(lambda: session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        values = look_of(session).volume.values
        level = (float(values.min()) + float(values.max())) / 2.0
        SurfaceCommands(session).plan(level=level, keep=1.0, smooth=0)
        window.commands["make_surface"].trigger()
        qtbot.waitUntil(lambda: bool(look_of(session).surfaces.every))
        made = look_of(session).surfaces.every[0].surface
        for kind in ("stl", "glb"):
            target = tmp_path / f"made.{kind}"
            with qtbot.waitSignal(window.exports.saved):
                work.look(made, look_of(session).volume.identity, target)
            assert len(read_surface(target).triangles) == len(made.triangles)
        work.open(tmp_path / "made.stl")
        qtbot.waitUntil(lambda: len(look_of(session).surfaces.every) == 2)
        assert look_of(session).surfaces.every[1].name == "made"
        bad = tmp_path / "bad.obj"
        bad.write_text("nothing that is a surface")
        work.open(bad)
        qtbot.waitUntil(lambda: bool(told))
        assert told[-1] == ("The file holds no surface of triangles, or it is damaged.", "danger")
        assert paints(window, qtbot)

    drive(script, tmp_path / "ct")


def paints(window: MainWindow, qtbot: QtBot) -> bool:
    """Tell whether the colour of a surface is seen on the axial plane, and no more when hidden."""
    session = window.session
    viewport = window.stage.grid.cell(places_of(session.state)[Plane.AXIAL.value]).viewport
    qtbot.waitUntil(lambda: viewport.answer is not None)
    SurfaceCommands(session).choose(1)
    SurfaceCommands(session).hide(0, hidden=True)

    def seen() -> int:
        picture = viewport.grab().toImage()
        wanted = QColor(*COLOURS[1])
        places = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
        return sum(_alike(picture.pixelColor(*place), wanted) for place in places)

    before = seen()
    SurfaceCommands(session).hide(1, hidden=True)
    return before > 2 * seen() + 20


def _alike(one: QColor, other: QColor) -> bool:
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return all(abs(a - b) < 40 for a, b in parts)


def test_a_name_that_tells_the_patient_is_asked_about(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write_series(tmp_path / "ct", phantom("int16"))

    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: window.session.state.volume is not None)
        who = replace(look_of(window.session).volume.identity, patient_name="Tester^Ada")
        target, work = tmp_path / "tester.stl", window.volumes.surfaces
        work.look(TETRA, who, target)
        qtbot.waitUntil(lambda: work.gate is not None)
        assert work.gate is not None
        work.gate.reject()
        assert not target.exists()

    drive(script, tmp_path / "ct")
