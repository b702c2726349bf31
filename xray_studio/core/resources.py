"""Where the shipped fonts and icons are: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
FONT_NAMES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")


@cache
def resource_folder() -> Path:
    """Return the folder that holds `fonts` and `icons`."""
    installed = PACKAGE / "resources"
    return installed if installed.is_dir() else PACKAGE.parent / "resources"


def font_paths() -> tuple[Path, ...]:
    """Return the font files: regular, medium, semibold."""
    return tuple(resource_folder() / "fonts" / name for name in FONT_NAMES)


def icon_path(name: str) -> Path:
    """Return the SVG file of an icon, named without its suffix."""
    return resource_folder() / "icons" / f"{name}.svg"
