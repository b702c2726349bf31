"""Processing in the window: what is shown is what is asked for, and never passed off as it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Drive
from tests.ui.waiting import LONG, choose, shown
from xray_studio.core.pipeline import Pipeline
from xray_studio.services.process import process
from xray_studio.services.steps import pipeline_of
from xray_studio.ui.main_window import MainWindow
from xray_studio.ui.step_state import unprocessed

SMOOTH = pipeline_of(["gaussian:sigma=2"])


def ask(qtbot: QtBot, window: MainWindow, pipeline: Pipeline) -> None:
    """Process the view and wait until that is on screen."""
    window.session.update_view(pipeline=pipeline)
    settle(qtbot, window)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    def there() -> bool:
        return shown(window) and not window.stage.viewport.waiting()

    qtbot.waitUntil(there, timeout=LONG)


def test_what_is_shown_is_what_the_service_makes(drive: Drive, qtbot: QtBot, study: Path) -> None:
    def script(window: MainWindow) -> None:
        choose(qtbot, window, "LCA")
        window.session.update_view(frame=5)
        plain = window.session.view.clip
        assert plain is not None
        ask(qtbot, window, SMOOTH)
        view, answer = window.session.view, window.stage.viewport.answer
        assert answer is not None
        assert answer.stored is not None
        expected = process(plain, SMOOTH)
        np.testing.assert_array_equal(answer.stored, expected.stored(5))
        assert view.clip is not None
        assert view.clip.processed == ("DENOISED",)
        assert "DENOISED" in window.stage.viewport.corners().text.badges
        assert unprocessed(view).clip is plain
        ask(qtbot, window, Pipeline())
        assert window.session.view.clip is plain

    drive(script, study)
