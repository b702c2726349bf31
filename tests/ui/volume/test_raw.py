"""Voxels without a header: described, written as NIfTI, opened."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from xray_studio.ui.dialogs.raw import NUMBERS, RawDialog
from xray_studio.ui.main_window import MainWindow
from xray_studio.volume.raw import RawForm


def voxels(folder: Path) -> Path:
    """Return a file of 4 x 3 x 2 voxels of 16 bits after 8 bytes."""
    path = folder / "voxels.bin"
    path.write_bytes(bytes(8) + np.arange(24, dtype="<i2").tobytes())
    return path


def test_what_does_not_fit_the_file_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = RawDialog(voxels(tmp_path), window)
    assert not dialog.take.isEnabled()
    assert "the file holds 56." in dialog.told.text()
    for field, text in zip(dialog.sizes, ("4", "3", "2", "1"), strict=True):
        field.setText(text)
    dialog.kind.setCurrentText("int16")
    dialog.offset.setText("8")
    dialog.offset.textEdited.emit("8")
    assert dialog.take.isEnabled()
    assert dialog.form() == RawForm((4, 3, 2), "int16", offset=8)
    dialog.spacing[0].setText("wide")
    dialog.spacing[0].textEdited.emit("wide")
    assert not dialog.take.isEnabled()
    assert dialog.problem.text() == NUMBERS
    dialog.spacing[0].setText("0,5")
    dialog.letters.setText("lph")
    dialog.letters.textEdited.emit("lph")
    assert dialog.form().spacing == (0.5, 1.0, 1.0)
    dialog.letters.setText("LLL")
    dialog.letters.textEdited.emit("LLL")
    assert "three of the letters" in dialog.problem.text()


def test_the_voxels_are_written_and_opened(qtbot: QtBot, drive: Drive, tmp_path: Path) -> None:
    path, target = voxels(tmp_path), tmp_path / "made.nii.gz"

    def script(window: MainWindow) -> None:
        raw = window.volumes.raw
        raw.describe(path)
        assert isinstance(window.desk.dialogs["raw"], RawDialog)
        window.desk.dialogs["raw"].close()
        raw.write(path, RawForm((4, 3, 2), "int16", offset=8), target)
        qtbot.waitUntil(lambda: window.session.view.clip is not None)
        read = np.asarray(nibabel.Nifti1Image.from_filename(target).dataobj)
        assert read.shape == (4, 3, 2)
        assert read.sum() == np.arange(24).sum()
        told: list[str] = []
        raw.told.connect(lambda words, _role: told.append(words))
        raw.describe(tmp_path / "none.bin")
        assert told
        assert told[0].startswith("The file cannot be read")

    drive(script)
