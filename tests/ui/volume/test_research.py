"""Volumes of research formats in the window: listed, opened, dropped, and their headers."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import wait_for_picture
from tests.volume.research_files import write
from xray_studio.core.orientation import Orientation
from xray_studio.ui.main_window import MainWindow


@pytest.mark.parametrize("name", ["a.nii.gz", "analyze.hdr", "z.mhd"])
def test_a_volume_opens_at_its_middle(
    qtbot: QtBot, drive: Drive, tmp_path: Path, name: str
) -> None:
    write(tmp_path / name)

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        qtbot.waitUntil(lambda: len(window.browser.listed()) == 1)
        (series,) = window.browser.listed()
        qtbot.waitUntil(lambda: window.thumbnails.get(series) is not None)
        view = window.session.view
        assert view.clip is not None
        assert (view.frame, len(view.clip)) == (3, 7)
        assert (view.clip.orientation == Orientation()) == (name == "analyze.hdr")
        assert window.preferences.settings.recent[0] == str(tmp_path)

    drive(script, tmp_path)


def test_voxels_that_are_dropped_open_their_volume(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    write(tmp_path / "pair.hdr")

    def script(window: MainWindow) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "pair.img"))])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        window.dropEvent(QDropEvent(QPoint(400, 300), copy, mime, left, none))
        wait_for_picture(qtbot, window)
        assert window.session.view.series is not None
        assert window.session.view.series.paths == (str(tmp_path / "pair.hdr"),)

    drive(script)


def test_fields_of_the_header_stand_where_tags_do_and_hide_with_identity(
    qtbot: QtBot, drive: Drive, tmp_path: Path
) -> None:
    image = nibabel.Nifti1Image(np.arange(60, dtype=np.int16).reshape(5, 4, 3), np.eye(4))
    image.header["descrip"] = b"Doe Jane"
    nibabel.save(image, tmp_path / "doe.nii")

    def script(window: MainWindow) -> None:
        wait_for_picture(qtbot, window)
        window.commands["show_tags"].trigger()
        model = window.tags_panel.model
        qtbot.waitUntil(lambda: model.rowCount() > 0)
        texts = [model.index(n, 0).data() for n in range(model.rowCount())]
        assert any("Doe Jane" in text for text in texts)
        window.commands["hide_identity"].trigger()
        qtbot.waitUntil(lambda: model.rowCount() == 0)
        assert "Doe" not in window.windowTitle()
        assert window.session.view.clip is not None
        assert window.session.view.clip.identity.patient_name == ""

    drive(script, tmp_path)
