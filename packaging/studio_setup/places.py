"""Where things are: the project, its private environment and what stands in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements.lock"
DIST = ROOT / "dist"
BUILD = ROOT / "build"

WINDOWS = os.name == "nt"


def scripts(environment: Path | None = None) -> Path:
    """Return the folder of an environment's commands; without one, of the project's own."""
    return (environment or ENVIRONMENT) / ("Scripts" if WINDOWS else "bin")


def python(environment: Path | None = None) -> Path:
    """Return an environment's interpreter; without one, of the project's own."""
    return scripts(environment) / ("python.exe" if WINDOWS else "python")


def site_packages(environment: Path) -> Path:
    """Return the folder of an environment's libraries; it is made by the running Python."""
    if WINDOWS:
        return environment / "Lib" / "site-packages"
    major, minor = sys.version_info[:2]
    return environment / "lib" / f"python{major}.{minor}" / "site-packages"
