"""Presets: pipelines kept under a name, as recipes with nothing but steps.

Those that the program brings stand in `resources/presets`, those of the user beside the settings.
Any recipe that has steps can be taken as one, and a preset can be used as a recipe.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.files import write_failure
from xray_studio.core.job import Job, Progress
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.resources import resource
from xray_studio.services.recipe import Recipe
from xray_studio.services.recipe_file import SUFFIX, load_recipe, save_recipe
from xray_studio.services.settings import settings_file

LONGEST: Final = 40  # letters of a name
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')


@dataclass(frozen=True, slots=True)
class Preset:
    """A pipeline with its name; `own` tells that the user keeps it and can delete it."""

    name: str
    pipeline: Pipeline
    own: bool = False


def presets_folder() -> Path:
    """Return where presets of the user are."""
    return settings_file().parent / "presets"


def presets_there_are() -> Job[tuple[Preset, ...]]:
    """Return all presets, those of the program first; what cannot be read is left out."""
    yield Progress(message="Reading presets")
    shipped = _in_folder(resource("presets"), own=False)
    return (*shipped, *_in_folder(presets_folder(), own=True))


def kept(name: str, pipeline: Pipeline) -> Job[tuple[Preset, ...]]:
    """Keep a pipeline under a name, in place of one of that name; return all presets.

    Raises UsageError for a name that no file can have, and WriteError.
    """
    name = checked_name(name)
    folder = presets_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(folder, error) from error
    save_recipe(folder / f"{name}{SUFFIX}", Recipe(step=pipeline))
    found = yield from presets_there_are()
    return found


def deleted(name: str) -> Job[tuple[Preset, ...]]:
    """Forget a preset of the user; return those that are left. Raises WriteError."""
    path = presets_folder() / f"{checked_name(name)}{SUFFIX}"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise write_failure(path, error) from error
    found = yield from presets_there_are()
    return found


def shared(path: Path, pipeline: Pipeline) -> Job[Path]:
    """Write a pipeline to a file of its own, to give it away. Raises WriteError and UsageError."""
    yield Progress(message="Writing a preset")
    save_recipe(path, Recipe(step=pipeline))
    return path


def taken(path: Path) -> Job[Pipeline]:
    """Return the steps of a recipe. Raises UsageError for a file without any."""
    yield Progress(message="Reading a preset")
    pipeline = load_recipe(path).step
    if not pipeline.stages:
        raise UsageError(f"{path.name} has no steps; choose a preset or a recipe with [[step]].")
    return pipeline


def checked_name(name: str) -> str:
    """Return a name without blanks round it. Raises UsageError for one that no file can have."""
    name = name.strip()
    if not name or len(name) > LONGEST or _FORBIDDEN & {*name} or name.startswith("."):
        signs = "".join(sorted(_FORBIDDEN))
        raise UsageError(f"A preset has a name of 1 to {LONGEST} letters, without any of {signs}")
    return name


def _in_folder(folder: Path, *, own: bool) -> list[Preset]:
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            pipeline = load_recipe(path).step
        except StudioError:
            continue
        name = path.stem if own else path.stem.replace("-", " ").capitalize()
        found.append(Preset(name, pipeline, own))
    return found
