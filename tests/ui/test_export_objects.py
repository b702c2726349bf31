"""DICOM objects from the window: through the export dialog and the privacy gate."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.test_export_dialog import (  # noqa: F401 - the fixtures are used by name
    Export,
    in_dialog,
    manifest,
    out,
    press,
)
from tests.ui.test_privacy_dialog import gate_of
from tests.ui.waiting import LONG
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.main_window import MainWindow

Left = Qt.MouseButton.LeftButton


def write_named(qtbot: QtBot, dialog: ExportDialog) -> None:
    """Write an object, which names the patient: that needs a word."""
    qtbot.mouseClick(dialog.export_button, Left)
    gate = gate_of(qtbot, dialog)
    assert gate.confirm_button.text() == "Export with identity"
    qtbot.mouseClick(gate.confirm_button, Left)
    qtbot.waitUntil(dialog.progress.show_button.isVisible, timeout=LONG)
    qtbot.waitUntil(dialog.export_button.isVisible, timeout=LONG)


def test_objects_as_they_are_and_as_shown(
    qtbot: QtBot,
    in_dialog: Export,  # noqa: F811 - a fixture
    out: Path,  # noqa: F811 - a fixture
) -> None:
    def script(_window: MainWindow, dialog: ExportDialog) -> None:
        press(qtbot, dialog, "kind", "dicom")
        assert "names the patient" in dialog.preview.note.text()
        assert dialog.target() == out / "run-1.dcm"
        qtbot.mouseClick(dialog.form.fold, Left)
        press(qtbot, dialog, "syntax", "jpeg-ls")
        write_named(qtbot, dialog)
        press(qtbot, dialog, "format", "dcm-shown")
        press(qtbot, dialog, "syntax", "htj2k")
        write_named(qtbot, dialog)

    in_dialog(script)
    copy, shown = (manifest(out / name)["output"] for name in ("run-1.dcm", "run-1-2.dcm"))
    assert (copy["transfer_syntax"], copy["derived"]) == ("1.2.840.10008.1.2.4.80", False)
    assert (shown["shown"], shown["derived"]) == (True, True)
    assert shown["transfer_syntax"] == "1.2.840.10008.1.2.4.201"
