"""Keymaps: keys and mouse as in X-Ray Studio, and as people know them from other viewers.

A keymap tells only where it differs from X-Ray Studio, and only what the other program documents;
docs/keys.md names the sources. What no keymap and no person changed keeps its key, unless that key
means something else in the keymap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtGui import QKeySequence


@dataclass(frozen=True, slots=True)
class MouseMap:
    """What dragging with each button does, by the names of tools, and the wheel.

    `left` "" is the tool that is chosen. `right` "" opens the menu only. `wheel` and `ctrl_wheel`
    are "frames" or "zoom"; `ctrl_left` is what a left drag with Ctrl (on a Mac: Command) does, ""
    the same as without.
    """

    left: str = ""
    middle: str = "pan"
    right: str = "zoom"
    wheel: str = "frames"
    ctrl_wheel: str = "zoom"
    ctrl_left: str = ""


@dataclass(frozen=True, slots=True)
class Keymap:
    """A keymap: its title, the keys that differ by the name of their action, and the mouse."""

    title: str
    keys: Mapping[str, str] = field(default_factory=dict)
    mouse: MouseMap = MouseMap()


OHIF = Keymap(
    "OHIF",
    {
        "zoom_tool": "Z",
        "zoom_in": "+",
        "zoom_out": "-",
        "fit": "=",
        "rotate_right": "R",
        "rotate_left": "L",
        "mirror": "H",
        "flip": "V",
        "invert": "I",
        "play": "C",
        "previous_series": "PgUp",
        "next_series": "PgDown",
        "previous_frame": "Up",
        "next_frame": "Down",
        "first_frame": "Home",
        "last_frame": "End",
        "reset": "Space",
        "next_viewport": "Right",
        "previous_viewport": "Left",
        # Presets of CT: soft tissue, lung, bone, brain.
        "window_3": "1",
        "window_4": "2",
        "window_6": "3",
        "window_7": "4",
    },
)
WEASIS = Keymap(
    "Weasis",
    {
        "window_tool": "W",
        "zoom_tool": "Z",
        "pan_tool": "T",
        "scroll_tool": "S",
        "play": "C",
        "key_image": "K",
        "length_tool": "D",
        "angle_tool": "A",
        "context_menu": "Q",
    },
    MouseMap(right=""),
)
HOROS = Keymap(
    "Horos",
    {
        "window_tool": "W",
        "pan_tool": "M",
        "zoom_tool": "Z",
        "mirror": "H",
        "flip": "V",
        "full_range": "0",
        "length_tool": "L",
        "angle_tool": "A",
        "ellipse_tool": "E",
        "text_tool": "T",
        **{f"window_{number + 2}": str(number) for number in range(1, 8)},
    },
    MouseMap(ctrl_left="pan"),
)
KEYMAPS = {
    "x-ray-studio": Keymap("X-Ray Studio"),
    "weasis": WEASIS,
    "ohif": OHIF,
    "horos": HOROS,
}


def keys_of(
    usual: Mapping[str, str], keymap: Keymap, changed: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """Return the keys of every action in `usual`, separated by spaces.

    What a person changed comes first, then the keymap, then `usual`: a key that one of them gives
    to an action is taken from the actions that come after. Names of other programs' actions, or of
    ones that are gone, are passed over.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for layer in (dict(changed), keymap.keys, usual):
        fresh = {name: layer[name] for name in usual if name in layer and name not in found}
        kept = {name: _free(keys, taken) for name, keys in fresh.items()}
        found |= kept
        taken |= {standard(key) for keys in kept.values() for key in keys.split()}
    return {name: found[name] for name in usual}


def sparse(usual: Mapping[str, str], keymap: Keymap, changed: Mapping[str, str]) -> dict[str, str]:
    """Return the changes without those that change nothing."""
    wanted, kept = keys_of(usual, keymap, changed.items()), dict(changed)
    for name in changed:
        fewer = {other: keys for other, keys in kept.items() if other != name}
        if keys_of(usual, keymap, fewer.items()) == wanted:
            kept = fewer
    return kept


def standard(key: str) -> str:
    """Return a key in the one way to write it: "shift+r" and "Shift+R" are the same."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def _free(keys: str, taken: set[str]) -> str:
    return " ".join(key for key in keys.split() if standard(key) not in taken)
