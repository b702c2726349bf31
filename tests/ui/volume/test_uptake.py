"""PET in the window as uptake: values, windows, names, what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import PET, write_series
from tests.ui.conftest import Drive
from tests.ui.volume.volumes import volume
from xray_studio.core.volume.suv import Uptake
from xray_studio.services.volume.windows import UPTAKE_WINDOWS
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.volume.commands import VolumeCommands
from xray_studio.ui.volume.look import VolumeLook, places_of


def write_pet(folder: Path, **attributes: Any) -> None:
    """Write activity that was injected an hour before the scan, of a patient of 70 kg."""
    given = Dataset()
    given.RadiopharmaceuticalStartTime, given.RadionuclideTotalDose = "100000", 350e6
    given.RadionuclideHalfLife = 3600.0
    told = {
        "SOPClassUID": PET, "Modality": "PT", "Units": "BQML", "DecayCorrection": "START",
        "PatientWeight": 70.0, "SeriesDate": "20261120", "SeriesTime": "110000",
        "RadiopharmaceuticalInformationSequence": [given],
    }  # fmt: skip
    made = replace(volume(), values=volume().values.astype("i2"))
    write_series(folder, made, **told | attributes)


def shown(qtbot: QtBot, window: MainWindow) -> VolumeLook:
    """Show the series in view as a volume."""
    session = window.session
    qtbot.waitUntil(lambda: session.view.clip is not None and not session.state.scanning)
    window.commands["show_volume"].trigger()
    qtbot.waitUntil(lambda: session.state.volume is not None)
    assert session.state.volume is not None
    return session.state.volume


def test_pet_is_shown_as_uptake_and_as_stored_again(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write_pet(tmp_path / "pt")

    def script(window: MainWindow) -> None:
        session = window.session
        stored = shown(qtbot, window)
        assert stored.volume.unit == "Bq/ml"
        VolumeCommands(session).aim_at((2.5, 1.5, 1.25))
        box = window.volume_panel.values
        assert box.isVisibleTo(window.volume_panel)
        assert [box.box.itemText(n) for n in range(2)] == ["As stored", "SUV, body weight"]
        box.chosen.emit("bw")
        qtbot.waitUntil(lambda: session.state.volume.uptake is Uptake.WEIGHT)  # type: ignore[union-attr]
        look = session.state.volume
        assert look is not None
        factor = 70e3 / (350e6 / 2.0)
        np.testing.assert_allclose(look.volume.values, stored.volume.values * factor, rtol=1e-6)
        assert look.aim.at == pytest.approx((2.5, 1.5, 1.25)), "the planes stay where they are"
        view = session.state.views[places_of(session.state)["axial"]]
        assert view.clip is not None
        assert view.clip.unit == "g/ml"
        assert "SUV, body weight" in view.clip.acquisition.series_description
        assert view.presentation.voi == UPTAKE_WINDOWS[0]
        assert view.windows[:4] == UPTAKE_WINDOWS
        box.chosen.emit("")
        qtbot.waitUntil(lambda: session.state.volume.uptake is None)  # type: ignore[union-attr]
        assert session.state.volume.volume.unit == "Bq/ml"  # type: ignore[union-attr]

    drive(script, tmp_path / "pt")


def test_what_the_files_do_not_tell_is_said_and_changes_nothing(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write_pet(tmp_path / "pt")

    def script(window: MainWindow) -> None:
        stored = shown(qtbot, window)
        told: list[str] = []
        window.volumes.uptake.told.connect(lambda words, _role: told.append(words))
        box = window.volume_panel.values
        box.box.setCurrentIndex(2)
        box.chosen.emit("lbm")
        qtbot.waitUntil(lambda: bool(told))
        assert "height" in told[0]
        assert window.session.state.volume is not None
        assert window.session.state.volume.planes is stored.planes
        assert box.box.currentIndex() == 0

    drive(script, tmp_path / "pt")


def test_only_pet_has_a_choice_of_values(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    write_series(tmp_path / "ct", replace(volume(), values=volume().values.astype("i2")))

    def script(window: MainWindow) -> None:
        shown(qtbot, window)
        assert not window.volume_panel.values.isVisibleTo(window.volume_panel)

    drive(script, tmp_path / "ct")
