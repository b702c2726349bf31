"""What a detector marks, saved from the window: past the privacy gate, in every form."""

from __future__ import annotations

import json
from pathlib import Path

from pydicom import dcmread
from pytestqt.qtbot import QtBot

from tests.services.anomaly.fakes import Telling
from tests.ui.conftest import Drive
from tests.ui.heatmap.looking import looked
from tests.ui.keys import press
from tests.ui.waiting import choose
from xray_studio.services.anomaly.results.forms import FORM_OF, Form
from xray_studio.ui.dialogs.privacy.dialog import PrivacyDialog
from xray_studio.ui.dialogs.privacy.document_gate import DocumentGate
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.unusual_kinds import KINDS, NAME
from xray_studio.ui.unusual_saving import named, wanted_of


def test_every_form_can_be_saved() -> None:
    """Names end as programs know the files."""
    assert {FORM_OF[kind.suffix] for kind in KINDS.values()} == set(Form)
    for kind in KINDS.values():
        proposed = Path(f"{NAME}{kind.suffix}")
        assert named(proposed, kind) == proposed
        assert named(Path("mine"), kind) == Path(f"mine{kind.ending}")
    assert named(Path("mine.gz"), KINDS["nifti"]) == Path("mine.nii.gz")


def test_files_are_written_past_the_gate(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, telling: type[Telling]
) -> None:
    """What tells the patient is asked about; what does not is written at once."""
    telling.asked = 0

    def script(window: MainWindow) -> None:
        session, saving = window.session, window.unusual_saving
        choose(qtbot, window, "LCA")
        assert not window.commands["save_unusual_mask"].isEnabled()
        saving.ask("mask")
        assert not window.desk.dialogs
        press(window, "X")
        looked(qtbot, window)
        assert window.heatmap_panel.save.isEnabled()
        assert window.heatmap_panel.save.menu().actions()[0].text() == "Frame under its map (PNG)…"
        session.update_view(frame=3)

        def save(name: str, target: Path) -> None:
            wanted = wanted_of(session.state, KINDS[name])
            assert wanted is not None
            saving.look(wanted, target)

        mask = tmp_path / "mask.png"
        save("mask", mask)
        qtbot.waitUntil(mask.exists)
        assert saving.gate is None
        seg = tmp_path / "marked.dcm"
        save("seg", seg)
        qtbot.waitUntil(lambda: isinstance(saving.gate, DocumentGate))
        assert isinstance(saving.gate, DocumentGate)
        assert saving.gate.confirm_button.text() == "Save with identity"
        saving.gate.reject()
        assert saving.gate is None
        assert not seg.exists()
        save("seg", seg)
        qtbot.waitUntil(lambda: isinstance(saving.gate, DocumentGate))
        assert isinstance(saving.gate, DocumentGate)
        saving.gate.confirm_button.click()
        qtbot.waitUntil(seg.exists)
        assert dcmread(seg).NumberOfFrames == 12
        capture = tmp_path / "shown.dcm"
        save("capture", capture)
        qtbot.waitUntil(lambda: isinstance(saving.gate, PrivacyDialog))
        assert isinstance(saving.gate, PrivacyDialog)
        saving.gate.confirm_button.click()
        qtbot.waitUntil(capture.exists)
        made = dcmread(capture)
        assert made.SourceImageSequence[0].ReferencedFrameNumber == 4
        everything = tmp_path / "told.json"
        save("json", everything)
        qtbot.waitUntil(lambda: saving.gate is not None)
        assert saving.gate is not None
        saving.gate.accept()
        qtbot.waitUntil(everything.exists)
        assert len(json.loads(everything.read_text("utf-8"))["frames"]) == 12
        (tmp_path / "taken.png").touch()
        save("overlay", tmp_path / "taken")
        qtbot.waitUntil(lambda: "taken.png exists" in window.jobs.message.text())
        session.update(ai_hidden=True)
        assert not window.commands["save_unusual_mask"].isEnabled()

    drive(script, study)
