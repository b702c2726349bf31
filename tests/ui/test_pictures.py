"""The window looks as it did: pictures compared with a tolerance for how letters are drawn.

XRAY_STUDIO_NEW_PICTURES=1 writes the pictures anew; look at them before committing.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.services.setting_groups import Appearance, Memory, Place
from xray_studio.services.settings import Settings, save_settings
from xray_studio.ui.dialogs.export.dialog import ExportDialog
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.step_state import Compared

KEPT = Path(__file__).with_name("pictures")
PLACE = Place(window=(0, 0, 1280, 800))
FAR = 48  # grey levels by which a pixel is another one
MOST = 0.004  # part of the pixels that may be
MORE = (("export", "export"), ("settings", "settings"), ("keymap", "edit_keys"))
MEAN = 1.0  # grey levels


def pixels(widget: QWidget) -> npt.NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def assert_looks_as_before(widget: QWidget, name: str, out: Path) -> None:
    shown, path = pixels(widget), KEPT / f"{name}.png"
    if os.environ.get("XRAY_STUDIO_NEW_PICTURES"):
        Image.fromarray(shown).save(path, optimize=True)
    before = np.asarray(Image.open(path).convert("RGB"))
    assert shown.shape == before.shape, f"{name}: {shown.shape} instead of {before.shape}"
    difference = np.abs(shown.astype(np.int16) - before)
    far = float((difference.max(axis=2) > FAR).mean())
    if far > MOST or difference.mean() > MEAN:
        Image.fromarray(shown).save(out / f"{name}.png")
    assert far <= MOST, f"see {out / name}.png"
    assert difference.mean() <= MEAN, f"see {out / name}.png"


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until everything that comes by and by is there."""
    for series in window.browser.listed():
        qtbot.waitUntil(lambda s=series: window.thumbnails.get(s) is not None, timeout=LONG)
    qtbot.waitUntil(lambda: window.session.view.histogram is not None, timeout=LONG)
    last = len(window.session.view.clip or ()) - 1
    qtbot.waitUntil(lambda: window.session.view.cached == ((0, last),), timeout=LONG)


both = pytest.mark.parametrize("theme", ["dark", "light"])


def use(theme: str) -> None:
    """Let the next window open in a theme, at the place of all pictures."""
    look = Appearance(theme=theme)
    save_settings(Settings(appearance=look, place=PLACE, memory=Memory(512)))


def named(name: str, theme: str) -> str:
    return name if theme == "dark" else f"{name}-{theme}"


@both
def test_the_empty_window(drive: Drive, tmp_path: Path, theme: str) -> None:
    use(theme)

    def script(window: MainWindow) -> None:
        assert_looks_as_before(window, named("start", theme), tmp_path)

    drive(script)


@both
def test_a_cine_with_its_panels(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, theme: str
) -> None:
    use(theme)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.session.update_view(frame=5)
        window.session.update_cine(first=2, last=9)
        settle(qtbot, window)
        qtbot.waitUntil(lambda: window.session.state.memory[0] > 0)
        assert_looks_as_before(window, named("cine", theme), tmp_path)

    drive(script, study)


@both
def test_hidden_identity_and_a_search_without_result(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, theme: str
) -> None:
    use(theme)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "Lung")
        window.commands["hide_identity"].trigger()
        window.side.show_widget(window.tags_panel)
        window.browser.search.setText("nothing")
        qtbot.waitUntil(window.browser.note.isVisible)
        settle(qtbot, window)
        assert_looks_as_before(window.browser, named("no-result", theme), tmp_path)
        assert_looks_as_before(window.side, named("hidden-tags", theme), tmp_path)

    drive(script, study)


@both
def test_the_panel_of_steps(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, theme: str
) -> None:
    use(theme)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.commands["show_steps"].trigger()
        steps = pipeline_of(["gaussian:sigma=2", "median"])
        window.session.update_view(pipeline=steps, compared=Compared.WIPE)
        viewport = window.stage.viewport
        qtbot.waitUntil(lambda: window.session.view.readings is not None, timeout=LONG)
        qtbot.waitUntil(lambda: not viewport.waiting(), timeout=LONG)
        qtbot.waitUntil(lambda: bool(viewport.answer and viewport.answer.original), timeout=LONG)
        window.stage.focus()
        settle(qtbot, window)
        assert_looks_as_before(window.side, named("steps", theme), tmp_path)
        assert_looks_as_before(viewport, named("wipe", theme), tmp_path)

    drive(script, study)


@both
def test_dialogs(qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, theme: str) -> None:
    use(theme)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        for name, action in (("keys", "keys"), ("find", "find_action"), *MORE):
            window.commands[action].trigger()
            dialog = window.desk.dialogs[name]
            if isinstance(dialog, ExportDialog):
                dialog.resize(1020, 668)
                dialog.form.folder_button.show_folder(Path("/exports"))
                qtbot.waitUntil(lambda d=dialog: not d.preview.box.image.isNull(), timeout=LONG)
                told = dialog.progress.words
                qtbot.waitUntil(lambda t=told: ", about " in t.text(), timeout=LONG)
                dialog.progress.say(f"{told.text().split(', about')[0]}, about 2.4 kB")
                dialog.close_button.setFocus()
            assert_looks_as_before(dialog, named(name, theme), tmp_path)
            dialog.reject()

    drive(script, study)


@both
def test_the_comparison_of_clips(
    qtbot: QtBot, drive: Drive, study: Path, tmp_path: Path, theme: str
) -> None:
    use(theme)

    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        settle(qtbot, window)
        window.commands["invert"].trigger()
        window.commands["compare"].trigger()
        dialog = window.desk.dialogs["compare"]
        assert isinstance(dialog, ExportDialog)
        dialog.resize(1180, 688)
        qtbot.waitUntil(lambda: not dialog.preview.box.image.isNull(), timeout=LONG)
        told = dialog.progress.words
        qtbot.waitUntil(lambda: ", about " in told.text(), timeout=LONG)
        dialog.progress.say(f"{told.text().split(', about')[0]}, about 2.4 kB")
        dialog.close_button.setFocus()
        size = dialog.preview.size_words
        qtbot.waitUntil(lambda: size.width() >= size.sizeHint().width(), timeout=LONG)
        assert_looks_as_before(dialog, named("compare", theme), tmp_path)

    drive(script, study)
