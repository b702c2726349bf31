"""Where models of users' own lie, which packages bring some, and which of them were chosen."""

from __future__ import annotations

import importlib.util
import json
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Final

from xray_studio.core.files import replacing, write_failure
from xray_studio.core.learning.model import FACTS
from xray_studio.services.places import data_folder

PLUGINS: Final = "xray_studio.models"
_CHOSEN: Final = "chosen.json"


def own_folder() -> Path:
    """Return the folder that models of users' own lie in, each in one of its name."""
    return data_folder() / "own-models"


def own() -> list[Path]:
    """Return the folders of models that were added."""
    return sorted(path.parent for path in own_folder().glob(f"*/{FACTS}"))


def plugins() -> list[Path]:
    """Return the folders of models that installed packages bring, without importing any.

    The value of an entry point of `PLUGINS` names a package, the folder that `model.toml` is in.
    """
    found = (_package(entry) for entry in entry_points(group=PLUGINS))
    return sorted({folder for folder in found if folder is not None})


def _package(entry: EntryPoint) -> Path | None:
    top, *inner = entry.module.split(".")
    try:
        found = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place).joinpath(*inner)
        if (folder / FACTS).is_file():
            return folder
    return None


def chosen() -> dict[str, str]:
    """Return the names of models that are asked in place of those that ship, by their task."""
    try:
        told = json.loads((own_folder() / _CHOSEN).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}


def choose(task: str, name: str) -> None:
    """Ask the model called `name` for a task from now on; "" asks the one that ships again.

    Raises WriteError.
    """
    known = {**chosen(), task: name}
    make(own_folder())
    with replacing(own_folder() / _CHOSEN) as temporary:
        kept = {known_task: one for known_task, one in known.items() if one}
        temporary.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def make(folder: Path) -> None:
    """Make a folder. Raises WriteError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(folder, error) from error
