"""The window appears before anything heavy is loaded: what needs it loads it on its own thread."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = (
    "pydicom", "av", "cv2", "PIL", "imagecodecs", "zarr", "nibabel", "pypdfium2", "typer", "rich",
    "torch",
)  # fmt: skip
CODE = f"""
import sys
from xray_studio.ui.main import main

def first_look(window):
    window.stage.grab()
    return ' '.join(name for name in {HEAVY} if name in sys.modules) or 0

sys.exit(main([], first_look))
"""


def test_the_window_starts_without_heavy_libraries() -> None:
    place = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False, env=place
    )
    assert (done.returncode, done.stderr) == (0, "")
