"""Where the files of `resources/` are: fonts, icons and what else the program ships."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def folder() -> Path:
    """Return the folder of resources.

    A wheel and a frozen program carry it inside the package, as the build maps it; a source tree
    has it beside the package.
    """
    inside = PACKAGE / "resources"
    return inside if inside.is_dir() else PACKAGE.parent / "resources"


def resource(name: str) -> Path:
    """Return the path of one resource, named as in `resources/`: "icons/play.svg".

    Raises FileNotFoundError when it is not shipped: a mistake of ours, never the user's.
    """
    path = folder() / name
    if not path.exists():
        raise FileNotFoundError(f"There is no resource {name!r} in {folder()}.")
    return path
