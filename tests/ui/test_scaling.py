"""A screen that is scaled: the window in a process of its own, since Qt reads the factor once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from tests.ui.test_text_size import cut_off
from xray_studio.services.setting_groups import Appearance, Place
from xray_studio.services.settings import Settings, save_settings
from xray_studio.ui.main import main

save_settings(Settings(place=Place(window=(0, 0, 960, 540), panels=(200, 300))))

def wait(done):
    for _ in range(1500):
        if done():
            return
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()
    raise AssertionError("waited too long")

def script(window):
    window.resize(960, 540)
    assert cut_off(window) == []
    window.open([sys.argv[1]])
    wait(lambda: window.session.view.clip is not None and not window.session.state.scanning)
    viewport, factor = window.stage.viewport, float(sys.argv[2])
    wait(lambda: viewport.answer is not None and viewport.answer.image is not None)
    assert viewport.devicePixelRatioF() == factor
    answer = viewport.answer
    assert answer.request.view.width == round(viewport.width() * factor)
    grabbed = window.grab()
    assert grabbed.width() == round(window.width() * factor)
    wait(lambda: cut_off(window) == [])
    return 0

raise SystemExit(main([], script))
"""


@pytest.mark.parametrize("factor", ["1.5", "2"])
def test_the_window_at_a_scale(factor: str, study: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": factor,
        "QT_QPA_PLATFORM": "offscreen",
        "XRAY_STUDIO_CONFIG": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", SCRIPT, str(study), factor]
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert ended.returncode == 0, ended.stderr
