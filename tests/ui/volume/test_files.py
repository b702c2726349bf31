"""Files made of the volume on screen: formats, the gate before names, radiographs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from pytestqt.qtbot import QtBot

from tests.services.volume.series_objects import write_series
from tests.ui.conftest import Drive
from tests.volume.phantom import phantom
from xray_studio.core.job import Job
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.volume.files import free_folder, named
from xray_studio.ui.volume.radiograph_part import NO_CT
from xray_studio.ui.volume.radiographs import Beam, written


def shown(qtbot: QtBot, window: MainWindow) -> None:
    """Show the series in view as a volume."""
    qtbot.waitUntil(lambda: window.session.view.clip is not None)
    window.commands["show_volume"].trigger()
    qtbot.waitUntil(lambda: window.session.state.volume is not None)


def test_names_end_as_their_format_asks() -> None:
    assert named(Path("a.gz"), ".nii.gz") == Path("a.nii.gz")
    assert named(Path("a.nii.gz"), ".nii.gz") == Path("a.nii.gz")
    assert named(Path("a"), ".dcm") == Path("a.dcm")


def test_slices_go_into_a_folder_of_their_own(tmp_path: Path) -> None:
    assert free_folder(tmp_path) == tmp_path / "slices"
    (tmp_path / "slices").mkdir()
    assert free_folder(tmp_path) == tmp_path / "slices-1"


def test_a_volume_is_saved_and_dicom_asks_first(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    made = phantom("int16")
    write_series(tmp_path / "ct", made)

    def script(window: MainWindow) -> None:
        shown(qtbot, window)
        saving, look = window.volumes.saving, window.session.state.volume
        assert look is not None
        saving.save(look.volume, ".nii.gz", tmp_path / "v.gz")
        qtbot.waitUntil((tmp_path / "v.nii.gz").exists)
        read = np.asarray(nibabel.Nifti1Image.from_filename(tmp_path / "v.nii.gz").dataobj)
        assert np.array_equal(np.sort(read, axis=None), np.sort(made.values, axis=None))
        saving.save(look.volume, ".dcm", tmp_path / "v.dcm")
        assert saving.gate is not None
        assert not (tmp_path / "v.dcm").exists()
        saving.gate.accept()
        qtbot.waitUntil((tmp_path / "v.dcm").exists)
        assert saving.gate is None

    drive(script, tmp_path / "ct")


def test_a_radiograph_is_shown_small_and_saved_whole(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write_series(tmp_path / "ct", phantom("int16"))

    def script(window: MainWindow) -> None:
        shown(qtbot, window)
        window.side.show()
        window.side.show_widget(window.volume_panel)
        window.volume_panel.show_part("Radiograph")
        part = window.volume_panel.radiograph
        qtbot.waitUntil(lambda: not part.picture.pixmap().isNull())
        part.primary.chosen.emit(30.4)
        part.turn.chosen.emit(40.0)
        part.frames.chosen.emit(3.0)
        assert part.beam == Beam("", (30.0, 0.0), 40.0, 3)
        window.volumes.radiographs.write_named(writing(window, part.beam), tmp_path / "xa.dcm")
        assert window.volumes.radiographs.gate is not None
        window.volumes.radiographs.gate.accept()
        qtbot.waitUntil((tmp_path / "xa.dcm").exists)
        made = pydicom.dcmread(tmp_path / "xa.dcm")
        assert (made.Modality, int(made.NumberOfFrames)) == ("XA", 3)

    drive(script, tmp_path / "ct")


def writing(window: MainWindow, beam: Beam) -> Callable[[Path], Job[Path]]:
    """Return what writes a radiograph of the volume on screen."""
    look = window.session.state.volume
    assert look is not None
    return partial(written, look.volume, beam)


def test_only_a_ct_is_seen_through(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    mr = "1.2.840.10008.5.1.4.1.1.4"
    write_series(tmp_path / "mr", phantom("int16"), SOPClassUID=mr, Modality="MR")

    def script(window: MainWindow) -> None:
        shown(qtbot, window)
        window.volume_panel.show_part("Radiograph")
        part = window.volume_panel.radiograph
        assert part.problem.text() == NO_CT
        assert not part.save.isEnabled()

    drive(script, tmp_path / "mr")
