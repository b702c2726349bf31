"""What dciodvfy says of a file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def complaints(path: Path) -> list[str]:
    """Return errors and warnings; the test is skipped where dciodvfy is not installed."""
    validator = shutil.which("dciodvfy")
    if validator is None:
        pytest.skip("dciodvfy is not installed (Debian: dicom3tools)")
    result = subprocess.run([validator, path], capture_output=True, text=True, check=False)
    said = (result.stdout + result.stderr).splitlines()
    return [line for line in said if "Error" in line or "Warning" in line]


def errors_of(path: Path) -> set[str]:
    """Return the errors alone, each one once."""
    return {line for line in complaints(path) if line.startswith("Error")}
