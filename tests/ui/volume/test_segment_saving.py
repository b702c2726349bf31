"""Segments of the window into files and back: asked first, noted in the log, and whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.services.segmenting.patients import series
from tests.ui.conftest import Drive
from tests.ui.volume.test_segments import count, dab, over_axial, painting_of
from xray_studio.services.privacy.log import log_file
from xray_studio.ui.dialogs.privacy.document_gate import DocumentGate
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.volume.segment_forms import FORMS


def painted(window: MainWindow, qtbot: QtBot) -> int:
    """Mark something over the series in view and return how many voxels."""
    over_axial(window, qtbot)
    window.commands["segment_paint"].trigger()
    window.volumes.segments.commands.handle(diameter=12.0, ball=True)
    dab(window.session)
    return count(window.session)


def save(window: MainWindow, qtbot: QtBot, form: str, target: Path) -> None:
    """Save the segments on screen, agreeing to what is asked."""
    saving = window.volumes.segment_saving
    saving.look(FORMS[form], target)
    if FORMS[form].is_object:
        qtbot.waitUntil(lambda: isinstance(saving.gate, DocumentGate))
        assert isinstance(saving.gate, DocumentGate)
        saving.gate.confirm_button.click()
    qtbot.waitUntil(lambda: target.exists() and not painting_of(window.session).busy)


@pytest.mark.parametrize("form", ["seg", "rtstruct", "nifti", "nrrd"])
def test_what_was_painted_is_saved_and_opened_again(
    drive: Drive, tmp_path: Path, qtbot: QtBot, form: str
) -> None:
    series(tmp_path, "oblique")
    target = tmp_path / f"marks{FORMS[form].ending}"

    def script(window: MainWindow) -> None:
        session = window.session
        marked = painted(window, qtbot)
        assert marked > 0
        before = painting_of(session).work.labels.values.copy()
        save(window, qtbot, form, target)
        assert painting_of(session).told.saved
        line = json.loads(log_file().read_text("ascii").splitlines()[-1])
        assert line["output"] == f"segments as {form}"
        assert line["told"] == (["tags"] if FORMS[form].is_object else [])
        window.volumes.segments.commands.remove(1)
        window.volumes.segment_saving.open(target)
        qtbot.waitUntil(lambda: not painting_of(session).busy)
        assert np.array_equal(painting_of(session).work.labels.values > 0, before > 0)
        assert painting_of(session).told.undo == "Open segments"
        window.commands["undo_segment"].trigger()
        assert count(session) == 0

    drive(script, tmp_path / "ct")


def test_surfaces_do_not_count_as_saved(drive: Drive, tmp_path: Path, qtbot: QtBot) -> None:
    series(tmp_path, "straight")

    def script(window: MainWindow) -> None:
        painted(window, qtbot)
        save(window, qtbot, "stl", tmp_path / "marks.stl")
        assert not painting_of(window.session).told.saved

    drive(script, tmp_path / "ct")


def test_files_of_other_places_are_refused_in_a_sentence(
    drive: Drive, tmp_path: Path, qtbot: QtBot
) -> None:
    series(tmp_path, "straight")
    other = tmp_path / "other"
    other.mkdir()
    series(other, "coronal")
    target = tmp_path / "marks.nii.gz"

    def first(window: MainWindow) -> None:
        painted(window, qtbot)
        save(window, qtbot, "nifti", target)

    def second(window: MainWindow) -> None:
        told: list[str] = []
        window.volumes.segment_saving.told.connect(lambda words, _role: told.append(words))
        window.volumes.segments.told.connect(lambda words, _role: told.append(words))
        over_axial(window, qtbot)
        window.volumes.segment_saving.open(target)
        qtbot.waitUntil(lambda: bool(told))
        assert "another grid" in told[0]
        qtbot.waitUntil(lambda: not painting_of(window.session).busy)
        assert painting_of(window.session).told.segments == ()
        assert not window.commands["save_segments_nifti"].isEnabled()

    drive(first, other / "ct")
    drive(second, tmp_path / "ct")


def test_names_of_files_end_as_their_kind() -> None:
    ends = {key: form.named(Path("/a/b")).name.partition("b")[2] for key, form in FORMS.items()}
    assert ends == {key: form.ending for key, form in FORMS.items()}
    assert FORMS["nifti"].named(Path("/a/b.nii")).name == "b.nii"
    assert FORMS["seg"].named(Path("/a/b.dcm")).name == "b.dcm"
