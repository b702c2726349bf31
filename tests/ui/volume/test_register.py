"""A volume over another is registered in the window, judged in squares and saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.volume.fusion import Blend
from xray_studio.core.volume.geometry import from_axes
from xray_studio.core.volume.registration import Movement
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.open import open_volume
from xray_studio.services.volume.registering import laid_onto
from xray_studio.ui.main_window import MainWindow

SHIFT = 6.0  # mm to the left that the second volume is told to lie away


def head(shift: float = 0.0) -> Volume:
    """Return a lopsided ball with two others inside, told to lie `shift` mm to the left."""
    z, y, x = (np.indices((24, 40, 40)) - np.array([12, 20, 20])[:, None, None, None]) * np.array(
        [3.0, 2.0, 2.0]
    )[:, None, None, None]
    values = 900.0 * (x**2 / 900 + y**2 / 1200 + z**2 / 800 < 1)
    values += 600.0 * ((x - 12) ** 2 + (y - 8) ** 2 + (z - 6) ** 2 < 90)
    values -= 500.0 * ((x + 10) ** 2 + (y + 12) ** 2 + z**2 < 120)
    grid = from_axes((24, 40, 40), (shift - 40.0, -40.0, -36.0), np.eye(3), (2.0, 2.0, 3.0))
    return Volume(values.astype("i2"), grid, "CT", "HU")


def test_the_moving_volume_comes_to_lie_in_the_frame_of_the_fixed_one() -> None:
    fixed, moving = replace(head(), frame_of_reference="1.2"), head(SHIFT)
    made, found = run(laid_onto(fixed, moving, Movement.RIGID))
    assert made.geometry == fixed.geometry
    assert made.frame_of_reference == "1.2"
    assert found.largest == pytest.approx(SHIFT, abs=1.0)
    assert np.abs(made.values[:, :, 5:-5] - fixed.values[:, :, 5:-5]).mean() < 40.0


def test_what_fits_no_better_is_refused() -> None:
    with pytest.raises(UsageError, match="fit better"):
        run(laid_onto(head(), head(), Movement.RIGID))


def test_the_window_registers_shows_squares_and_saves(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    told = {"StudyInstanceUID": "1.2.3", "PatientID": "", "PatientName": "", "PatientBirthDate": ""}
    write_series(tmp_path / "one", head(), SeriesNumber=1, **told)
    write_series(tmp_path / "two", head(SHIFT), SeriesNumber=2, **told)

    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: session.view.clip is not None and not session.state.scanning)
        listed = {one.series_number: one for one in session.state.catalog.all_series()}
        window.controller.choose(listed[1])
        qtbot.waitUntil(lambda: session.view.clip is not None)
        window.commands["show_volume"].trigger()
        qtbot.waitUntil(lambda: session.state.volume is not None)
        assert not window.commands["register_rigid"].isEnabled()
        window.volumes.over.lay(listed[2])
        qtbot.waitUntil(lambda: session.state.volume.over is not None)  # type: ignore[union-attr]
        assert session.state.volume is not None
        assert session.state.volume.over is not None
        assert session.state.volume.over.badges == ("FUSED", "NOT REGISTERED")
        window.commands["register_rigid"].trigger()
        qtbot.waitUntil(
            lambda: session.state.volume.over.registered is not None,  # type: ignore[union-attr]
            timeout=60_000,
        )
        over = session.state.volume.over
        assert over is not None
        assert over.badges == ("FUSED", "REGISTERED (RIGID)")
        assert over.how.blend is Blend.CHECKERBOARD
        window.volumes.saving.save(over.volume, ".nii.gz", tmp_path / "laid.nii.gz")
        qtbot.waitUntil((tmp_path / "laid.nii.gz").exists)
        qtbot.waitUntil(lambda: not window.runner.tasks)
        kept = run(open_volume(tmp_path / "laid.nii.gz"))
        assert kept.geometry.lies_as(head().geometry, 1e-3)

    drive(script, tmp_path)
