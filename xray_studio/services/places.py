"""Folders of the program on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Return where made files are kept: XRAY_STUDIO_CACHE names the folder when it is set."""
    folder = os.environ.get("XRAY_STUDIO_CACHE")
    return Path(folder or platformdirs.user_cache_dir("xray-studio", appauthor=False))


def data_folder() -> Path:
    """Return where what the user has installed is kept; XRAY_STUDIO_DATA names it when set."""
    folder = os.environ.get("XRAY_STUDIO_DATA")
    return Path(folder or platformdirs.user_data_dir("xray-studio", appauthor=False))
