"""On a screen with two device pixels to one, pictures are rendered for device pixels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
SCRIPT = """
import numpy as np
from PySide6.QtWidgets import QApplication
app = QApplication([])
from tests.ui.viewer.fakes import make_session
from xray_studio.core.presentation import Overlay
from xray_studio.ui.frame_worker import FrameRequest, answer
from xray_studio.ui.viewer.viewport import Viewport
session = make_session()
session.update(overlay=Overlay.NONE, identity_hidden=True)
viewport = Viewport(session)
viewport.resize(300, 200)
viewport.show()
session.update_presentation(zoom=1.0)
view = session.view
asked = FrameRequest(view.clip, view.presentation, 3, viewport.view_size())
shown = answer(asked, view.clip.stored(3))
viewport.show_answer(shown)
image = viewport.grab().toImage()
grey = [image.pixelColor(shown.box.left + x, shown.box.top + 20).red() for x in range(60)]
expected = [shown.image.pixelColor(x, 20).red() for x in range(60)]
print(viewport.view_size(), shown.box.width, image.width(), grey == expected)
"""


@pytest.mark.parametrize(("factor", "size"), [("2", (600, 400)), ("1.5", (450, 300))])
def test_a_device_pixel_shows_a_pixel(factor, size):
    environment = os.environ | {"QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True, text=True, check=True, cwd=PROJECT, env=environment, timeout=120,
    )  # fmt: skip
    width, height = size
    assert done.stdout.strip() == f"Size(width={width}, height={height}) 60 {width} True"
