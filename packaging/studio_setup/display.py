"""The screen: whether there is one, and a virtual one for tests."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from .console import SetupError

SCREEN = "1920x1200x24"


def present() -> bool:
    """Tell whether a window can be opened. Windows and macOS always have a screen."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def for_tests() -> Iterator[dict[str, str]]:
    """Yield the variables tests need: none with a screen, else those of a virtual one.

    Xvfb chooses a free display itself and ends with the block. Without Xvfb Qt draws off screen.
    """
    if present():
        yield {}
    elif shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
    else:
        with _xvfb() as number:
            yield {"DISPLAY": f":{number}"}


@contextlib.contextmanager
def _xvfb() -> Iterator[str]:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise SetupError("The virtual screen did not start: run Xvfb -displayfd 1 to see why.")
        yield number
    finally:
        process.terminate()
        process.wait()
