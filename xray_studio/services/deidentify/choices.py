"""What a de-identification is asked for; small TOML files hold it, without key and paths."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xray_studio.core.deidentify.options import Option, Profile
from xray_studio.core.errors import UsageError
from xray_studio.core.files import replacing, write_failure
from xray_studio.core.region import Region

VERSION: Final = 1
_LARGEST: Final = 1 << 16  # bytes
_KEY: Final = "deidentify"
_FIRST: Final = "# Recipe for de-identification with X-Ray Studio."
_SWITCHES: Final = ("pixels", "pixels_seen", "us_regions")


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices. `options` are those of the profile, by name.

    `pixels` looks for text in the pictures and masks it; `pixels_seen` says that a person looked;
    `us_regions` masks what lies outside of the calibrated regions of ultrasound; `masks` are
    regions that become black in every frame of every object.
    """

    options: tuple[str, ...] = ()
    pixels: bool = False
    pixels_seen: bool = False
    us_regions: bool = False
    masks: tuple[Region, ...] = ()

    @property
    def profile(self) -> Profile:
        """Return the profile with its options. Raises UsageError for unknown ones."""
        return Profile.named(self.options)

    def facts(self) -> dict[str, Any]:
        """Return the choices as JSON, in the order of the standard: equal ones are equal."""
        chosen = self.profile.options
        return {
            "options": [option.value for option in Option if option in chosen],
            **{name: getattr(self, name) for name in _SWITCHES},
            "masks": [f"{r.x},{r.y},{r.width},{r.height}" for r in self.masks],
        }


def save_choices(path: Path, choices: Choices) -> None:
    """Write choices as a recipe. Raises WriteError, and UsageError where another file stands."""
    if path.exists():
        load_choices(path)
    lines = [f"{name} = {json.dumps(value)}" for name, value in choices.facts().items()]
    with replacing(path) as temporary:
        temporary.write_text("\n".join((_FIRST, f"{_KEY} = {VERSION}", *lines, "")), "utf-8")


def load_choices(path: Path) -> Choices:
    """Return the choices of a recipe. Raises UsageError for what it cannot hold."""
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{path.name} is no recipe; it is far too long.")
        told = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise write_failure(path, error) from error
    except ValueError as error:
        raise UsageError(f"{path.name} is no recipe for de-identification.") from error
    return _choices(told, path.name)


def _choices(told: dict[str, Any], name: str) -> Choices:
    if told.pop(_KEY, None) != VERSION:
        raise UsageError(f"{name} is no recipe for de-identification of this version.")
    options, masks = told.pop("options", []), told.pop("masks", [])
    switches = {word: told.pop(word, False) for word in _SWITCHES}
    fits = all(isinstance(value, bool) for value in switches.values())
    texts = all(isinstance(part, list) for part in (options, masks)) and all(
        isinstance(word, str) for word in (*options, *masks)
    )
    if told or not fits or not texts:
        raise UsageError(f"{name} holds choices that are not known here.")
    choices = Choices(tuple(options), **switches, masks=tuple(map(Region.parsed, masks)))
    choices.profile  # noqa: B018 - raises for options that are not known
    return choices
