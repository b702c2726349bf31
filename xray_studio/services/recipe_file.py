"""Recipes as small TOML files that a person can read and change."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.pipeline import Pipeline
from xray_studio.services.recipe import NAMES, Recipe, changed, checked
from xray_studio.services.recipe_steps import KEY, steps_from, steps_text

SUFFIX: Final = ".toml"
VERSION: Final = 1
_LARGEST: Final = 1 << 16  # bytes; recipes have a few hundred
_FIRST: Final = "# Recipe for exports with X-Ray Studio; what is not said is as usual."
_VERSION_KEY: Final = "recipe"


def save_recipe(path: Path, recipe: Recipe) -> None:
    """Write a recipe. Raises WriteError, and UsageError as `checked`."""
    text = recipe_text(checked(recipe))
    if not path.absolute().parent.is_dir():
        raise UsageError(f"The folder of {path.name} does not exist; choose another one.")
    try:
        ours = not path.exists() or recipe_or_none(path) is not None
    except OSError as error:
        raise write_failure(path, error) from error
    if not ours:
        raise UsageError(f"{path.name} stands there and is no recipe; choose another name.")
    with replacing(path) as temporary:
        temporary.write_text(text, "utf-8")


def recipe_text(recipe: Recipe) -> str:
    """Return a recipe as TOML, the choices that differ from the usual ones."""
    chosen = {name: value for name, value in changed(recipe).items() if name != KEY}
    values = {_VERSION_KEY: VERSION} | {_key(n): v for n, v in chosen.items()}
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    return "\n".join((_FIRST, *lines)) + steps_text(recipe.step) + "\n"


def _toml(value: Any) -> str:
    """Return a value as TOML: words of a closed vocabulary, numbers, and pairs of them.

    JSON writes all of these in the same way.
    """
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def load_recipe(path: Path) -> Recipe:
    """Return the recipe in a file. Raises UsageError, naming the line, for what it cannot hold."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1).decode("utf-8")
        if len(text) > _LARGEST:
            raise UsageError(f"{path.name} is no recipe; it is far too long.")
        return recipe_from(text, path.name)
    except OSError as error:
        reason = error.strerror or "the system refused it"
        raise UsageError(f"The recipe {path.name} cannot be read: {reason}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is no recipe; it is no text in UTF-8.") from error


def recipe_or_none(path: Path) -> Recipe | None:
    """Return the recipe in a file, None when it holds none."""
    try:
        return load_recipe(path)
    except UsageError:
        return None


def recipe_from(text: str, name: str) -> Recipe:
    """Return the recipe that a text tells; `name` is that of its file, for messages."""
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"The recipe {name} cannot be understood: {error}.") from error
    _check_version(found, name)
    known = {_key(field): field for field in NAMES}
    values: dict[str, Any] = {}
    for key, value in found.items():
        place = f"{name}, line {_line(text, key)}"
        if key not in known:
            raise UsageError(f"{place}: there is no choice {key}; known are {', '.join(known)}.")
        values[known[key]] = _typed(known[key], value, place)
    try:
        return checked(Recipe(**values))
    except UsageError as error:
        raise UsageError(f"The recipe {name} cannot be followed: {error}") from error


def _check_version(found: dict[str, Any], name: str) -> None:
    version = found.pop(_VERSION_KEY, None)
    if type(version) is not int or version < 1:
        raise UsageError(f'{name} is no recipe for exports; one begins with "recipe = {VERSION}".')
    if version > VERSION:
        raise UsageError(f"{name} is of a later version of X-Ray Studio, which alone can read it.")


def _typed(name: str, value: Any, place: str) -> Any:
    """Return a value of the type of its choice. Raises UsageError for another."""
    if name == KEY:
        return _steps(value, place)
    usual = next(field.default for field in fields(Recipe) if field.name == name)
    if name == "window" and _is_pair(value):
        return float(value[0]), float(value[1])
    if name == "mask" and isinstance(value, list) and all(type(one) is str for one in value):
        return tuple(value)
    if name == "as_stored" and isinstance(value, list) and all(type(one) is int for one in value):
        return tuple(value)
    if (name == "voi" or type(usual) is int) and type(value) is int:
        return value
    if isinstance(usual, float) and type(value) in {int, float}:
        return float(value)
    if isinstance(usual, bool | str) and type(value) is type(usual):
        return value
    raise UsageError(f"{place}: {_key(name)} cannot be {json.dumps(value, default=str)}.")


def _steps(value: Any, place: str) -> Pipeline:
    try:
        return steps_from(value)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from error


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(number) in {int, float} for number in value)
    )


def _key(name: str) -> str:
    return name.replace("_", "-")


def _line(text: str, key: str) -> int:
    """Return the line, from 1, on which a choice or table is told."""
    pattern = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if pattern.match(line)), 1)
