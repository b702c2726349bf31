"""Contrasts of a case in the window: chosen where the planes are, labels over them."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.services.volume.test_case import OLD_FILES, write
from tests.ui.conftest import Drive
from xray_studio.core.volume.planes import View as Plane
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.look import VolumeLook, places_of


def test_contrasts_follow_one_another_where_the_planes_are(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write(tmp_path / "case", OLD_FILES)

    def script(window: MainWindow) -> None:
        session = window.session

        def look() -> VolumeLook:
            assert session.state.volume is not None
            return session.state.volume

        qtbot.waitUntil(lambda: session.view.clip is not None and not session.state.scanning)
        first = next(one for one in session.state.catalog.all_series() if "_t1." in one.paths[0])
        window.controller.choose(first)
        qtbot.waitUntil(lambda: session.view.series is not None and session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        case = look().case
        assert case is not None
        assert case.title == "T1"
        VolumeCommands(session).turn(Plane.AXIAL, 15.0)
        VolumeCommands(session).set_thickness(4.0)
        aim = look().aim
        window.volume_panel.contrasts.labels_asked.emit(case.labels)
        qtbot.waitUntil(
            lambda: look().painting is not None and len(look().painting.told.segments) == 2  # type: ignore[union-attr]
        )
        window.volume_panel.contrasts.chosen.emit("T2")
        qtbot.waitUntil(lambda: look().case.title == "T2")  # type: ignore[union-attr]
        assert look().aim == aim
        assert look().slab.thickness == 4.0
        assert float(look().volume.values.max()) == 3.0
        assert look().painting is not None, "the labels stay"
        assert len(look().painting.told.segments) == 2  # type: ignore[union-attr]
        places = places_of(session.state)
        assert set(places) >= {"axial", "coronal", "sagittal"}
        series = session.state.views[places["axial"]].series
        assert series is not None
        assert "_t2." in series.paths[0], "what stands beside the picture is of this file"
        window.commands["next_contrast"].trigger()
        qtbot.waitUntil(lambda: look().case.title == "FLAIR")  # type: ignore[union-attr]
        assert window.volume_panel.contrasts.box.currentText() == "FLAIR"

    drive(script, tmp_path / "case")


def test_a_contrast_on_another_grid_is_refused(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    write(tmp_path / "case", OLD_FILES, {"t2": 5.0})

    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: session.view.clip is not None and not session.state.scanning)
        first = next(one for one in session.state.catalog.all_series() if "_t1." in one.paths[0])
        window.controller.choose(first)
        qtbot.waitUntil(lambda: session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        told: list[str] = []
        window.volumes.contrasts.told.connect(lambda words, _role: told.append(words))
        window.volumes.contrasts.choose("T2")
        qtbot.waitUntil(lambda: bool(told))
        assert "grid" in told[0]
        assert session.state.volume is not None
        assert session.state.volume.case is not None
        assert session.state.volume.case.title == "T1"

    drive(script, tmp_path / "case")
