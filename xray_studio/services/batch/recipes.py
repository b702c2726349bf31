"""Recipes for batches: those that the program ships, and files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.resources import folder
from xray_studio.services.recipe import Recipe
from xray_studio.services.recipe_file import SUFFIX, load_recipe

FOLDER: Final = "recipes"


@dataclass(frozen=True, slots=True)
class Sample:
    """A recipe that is shipped: its name, what it does in one line, and its file."""

    name: str
    about: str
    path: Path


def samples() -> list[Sample]:
    """Return the recipes that are shipped, by name."""
    return [_sample(path) for path in sorted((folder() / FOLDER).glob(f"*{SUFFIX}"))]


def _sample(path: Path) -> Sample:
    first = path.read_text("utf-8").partition("\n")[0]
    return Sample(path.stem, first.removeprefix("#").strip(), path)


def recipe_named(word: str) -> tuple[str, Recipe]:
    """Return a recipe with its name, by its file or by the name of a shipped one.

    Raises UsageError for one that is not there or cannot be followed.
    """
    known = {sample.name: sample.path for sample in samples()}
    path = known[word] if word in known and not Path(word).is_file() else Path(word)
    if not path.exists() and not path.suffix:
        raise UsageError(f"There is no recipe {word}; name a file, or one of {', '.join(known)}.")
    return path.stem, load_recipe(path)
