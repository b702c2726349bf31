"""Changes that a person makes to the keys: which keys can be given, what they clash with, files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from string import ascii_uppercase
from typing import Any, Final

from xray_studio.core.errors import StudioError
from xray_studio.core.files import replacing
from xray_studio.ui.actions.keymaps import standard

FORMAT: Final = "x-ray-studio-keys"
_RESERVED: Final = {
    "Tab": "Tab leads from control to control.",
    "Shift+Tab": "Shift+Tab leads back from control to control.",
    "Backtab": "Shift+Tab leads back from control to control.",
    "Shift+Backtab": "Shift+Tab leads back from control to control.",
    "Return": "Enter presses the button that has the focus and takes what was typed.",
    "Enter": "Enter presses the button that has the focus and takes what was typed.",
    "Esc": "Esc leaves fields, dialogs and the full screen.",
    "F10": "F10 opens the menus, so that the keyboard always leads everywhere.",
}
_EDITING: Final = frozenset("Ctrl+" + letter for letter in "ACVXZY")
_TYPED: Final = "it edits what is typed in fields."
Changes = dict[str, str]


class KeyFileError(StudioError):
    """A file that holds no keys."""


def refusal(key: str) -> str:
    """Return why a key cannot be given to an action, "" when it can."""
    words = standard(key)
    if not words:
        return "This key cannot be told apart from others."
    if words in _RESERVED:
        return _RESERVED[words]
    if words in _EDITING:
        return f"{words} is reserved: {_TYPED}"
    if words.startswith("Alt+") and words.removeprefix("Alt+") in ascii_uppercase:
        return f"{words} is reserved: Alt and a letter open a menu."
    return "The system keeps keys with Meta." if "Meta+" in words else ""


def owner_of(key: str, keys: Mapping[str, str]) -> str:
    """Return the name of the action that has a key, "" for none; `keys` are those of all."""
    wanted = standard(key)
    return next((name for name, own in keys.items() if wanted in map(standard, own.split())), "")


def given(name: str, key: str, keys: Mapping[str, str], changed: Mapping[str, str]) -> Changes:
    """Return the changes with `key` as the only key of an action, taken from its owner."""
    made = dict(changed)
    other = owner_of(key, keys)
    if other and other != name:
        left = [own for own in keys[other].split() if standard(own) != standard(key)]
        made[other] = " ".join(left)
    made[name] = standard(key)
    return made


def write_keys(path: Path, keymap: str, changed: Mapping[str, str]) -> None:
    """Write keymap and changes as JSON. Raises WriteError when that is not possible."""
    content = {"format": FORMAT, "keymap": keymap, "changed": dict(changed)}
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_keys(
    path: Path, names: Mapping[str, str], keymaps: Mapping[str, object]
) -> tuple[str, Changes]:
    """Return keymap and changes of a file; `names` are those of the actions that there are.

    Raises KeyFileError when the file holds no keys, or keys that cannot be given.
    """
    found = _read(path)
    keymap, changed = str(found.get("keymap")), found.get("changed")
    if keymap not in keymaps or not isinstance(changed, dict) or not _is_table(changed):
        raise KeyFileError(f"{path.name} is damaged: its keymap or its keys cannot be read.")
    for key in (key for keys in changed.values() for key in keys.split()):
        if refusal(key):
            raise KeyFileError(f"{path.name} gives away {key}. {refusal(key)}")
    return keymap, {name: keys for name, keys in changed.items() if name in names}


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise KeyFileError(f"{path.name} could not be read as keys.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise KeyFileError(f"{path.name} holds no keys of X-Ray Studio.")
    return found


def _is_table(found: dict[Any, Any]) -> bool:
    return all(isinstance(name, str) and isinstance(keys, str) for name, keys in found.items())
