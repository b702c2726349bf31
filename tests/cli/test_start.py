"""The command line starts quickly: nothing heavy is imported before a command needs it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "PySide6", "torch", "numpy", "pydicom", "av", "cv2", "PIL", "imagecodecs", "rich",
    "platformdirs",
)  # fmt: skip


def test_the_command_line_starts_without_heavy_libraries() -> None:
    code = (
        "import sys; from xray_studio.__main__ import main; main(['--help']);"
        f"sys.exit(' '.join(name for name in {HEAVY} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
