"""What can be handed out: a wheel, and a folder that runs without Python."""

from __future__ import annotations

import shutil
from pathlib import Path

from . import places, processes
from .console import SetupError, say

FOLDER = "xray-studio"


def run() -> int:
    """Build both into `dist/` and say where they are."""
    say(f"Wheel: {wheel(places.DIST)}")
    say(f"One-folder program: {one_folder(places.DIST)}")
    return 0


def wheel(into: Path) -> Path:
    """Build the wheel with the environment's own setuptools and return its path."""
    _tidy()
    try:
        _python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(into), str(places.ROOT))
    finally:
        _tidy()
    return max(into.glob("xray_studio-*.whl"), key=lambda path: path.stat().st_mtime_ns)


def one_folder(into: Path) -> Path:
    """Build the PyInstaller folder and return it."""
    _python(
        *("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        *("--distpath", str(into), "--workpath", str(places.BUILD / "one-folder")),
        str(places.ROOT / "packaging" / "xray-studio.spec"),
    )
    return into / FOLDER


def _tidy() -> None:
    """Remove what setuptools leaves in the source tree: the next build would pack it again."""
    for left in (places.BUILD / "lib", places.ROOT / "xray_studio.egg-info"):
        shutil.rmtree(left, ignore_errors=True)


def _python(*words: str) -> None:
    command = [str(places.python()), *words]
    if processes.call(command, cwd=places.ROOT):
        raise SetupError("The build failed; the reason stands above.")
