"""Groups of settings: what each one can be, and what it is until somebody changes it.

Every field says which values it takes, so that a file of settings is checked, and a form of
settings made, from the fields alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import Field, dataclass, field
from typing import Any, Final

_ROOT: Final = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
LONGEST_ROOT: Final = 32  # letters; 64 are those of a UID
CACHE_RANGE: Final = (64, 65_536)  # megabytes


def _field(default: Any, allows: Callable[[Any], bool], **facts: Any) -> Any:
    return field(default=default, metadata={"allows": allows, **facts})


def one_of(*choices: str) -> Any:
    """Return a field of words, the first of which is the default."""
    return _field(choices[0], lambda value: value in choices, choices=choices)


def switch(*, on: bool) -> Any:
    """Return a field that is on or off."""
    return _field(on, lambda value: type(value) is bool)


def within(low: int, high: int) -> Any:
    """Return a field of whole numbers, or None, which leaves the choice to the program."""
    fits = _whole(low, high)
    return _field(None, lambda value: value is None or fits(value), range=(low, high))


def whole(usual: int, low: int, high: int) -> Any:
    """Return a field of whole numbers."""
    return _field(usual, _whole(low, high), range=(low, high))


def words() -> Any:
    """Return a field of any text."""
    return _field("", lambda value: type(value) is str)


def uid() -> Any:
    """Return a field of the beginning of UIDs (PS3.5 9.1) with room behind it, or nothing."""
    return _field("", lambda value: type(value) is str and is_root(value), uid=True)


def is_root(value: str) -> bool:
    """Tell whether text is the beginning of UIDs with room behind it, or empty."""
    return not value or (len(value) <= LONGEST_ROOT and _ROOT.fullmatch(value) is not None)


def numbers(count: int) -> Any:
    """Return a field of whole numbers: `count` of them, or none."""
    return _field((), lambda value: _items(value, int) and len(value) in {0, count})


def texts() -> Any:
    """Return a field of several texts."""
    return _field((), lambda value: _items(value, str))


def pairs() -> Any:
    """Return a field of pairs of texts, in a file a table from one to the other."""
    return _field((), lambda value: _items(value, tuple) and all(map(_is_pair, value)), table=True)


def tables() -> Any:
    """Return a field of names, each with a table of plain values."""
    return _field((), lambda value: _items(value, tuple) and all(map(_is_table, value)), table=True)


def choices_of(group: type, name: str) -> tuple[str, ...]:
    """Return the words that a field made with `one_of` takes."""
    made: Field[Any] = group.__dataclass_fields__[name]  # type: ignore[attr-defined]  # a dataclass
    return tuple(made.metadata["choices"])


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _items(value: Any, kind: type) -> bool:
    return type(value) is tuple and all(type(item) is kind for item in value)


def _is_pair(value: tuple[Any, ...]) -> bool:
    return len(value) == 2 and _items(value, str)


def _is_table(value: tuple[Any, ...]) -> bool:
    return len(value) == 2 and type(value[0]) is str and type(value[1]) is dict


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the window looks; `text` is the size of letters."""

    theme: str = one_of("dark", "light", "system")
    text: str = one_of("usual", "large", "larger", "largest")


@dataclass(frozen=True, slots=True)
class Viewing:
    """How pictures are shown and what the mouse does; `level_up`: an upward drag raises the level.

    `corner_text` is what stands in the corners of a picture that is opened, `loupe` the shape of
    the magnifier, `smooth` that pixels are blended when a picture is magnified.
    `orientation_letters` stand at the edges of a picture, `scale_bar` at its foot.
    """

    level_up: bool = switch(on=True)
    corner_text: str = one_of("all", "none")
    loupe: str = one_of("round", "square")
    smooth: bool = switch(on=True)
    orientation_letters: bool = switch(on=True)
    scale_bar: bool = switch(on=True)


@dataclass(frozen=True, slots=True)
class Playback:
    """How clips play: at once when `autoplay`, and what happens at their end."""

    autoplay: bool = switch(on=False)
    loop: str = one_of("file", "loop", "ping-pong", "once")


@dataclass(frozen=True, slots=True)
class Memory:
    """How much memory decoded frames may take; None leaves it to the program."""

    cache_megabytes: int | None = within(*CACHE_RANGE)


@dataclass(frozen=True, slots=True)
class Exporting:
    """What the export dialog proposes; `recipes` are files of them, the latest first."""

    folder: str = words()
    quality: str = one_of("medium", "low", "high", "lossless")
    recipes: tuple[str, ...] = texts()


@dataclass(frozen=True, slots=True)
class Objects:
    """What DICOM objects that are written say; `uid_root` is that of an organisation, or ""."""

    uid_root: str = uid()


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is hidden from the start, and what may be kept.

    `remember_headers`: whose files lie where may be kept, so that folders open faster again.
    `keep_measurements`: what was measured may be kept until the picture is opened again.
    `last_session`: what happens with the pictures that were open when the program was killed.
    """

    hide_identity: bool = switch(on=False)
    remember_headers: bool = switch(on=True)
    keep_measurements: bool = switch(on=True)
    last_session: str = one_of("ask", "always", "never")


@dataclass(frozen=True, slots=True)
class Findings:
    """How findings are looked for and shown; `automatic`: as soon as a film is on screen.

    `method` is how a finding is explained, `colours` and `opacity` (per cent) are those of its heat
    map.
    """

    automatic: bool = switch(on=False)
    method: str = one_of("grad-cam", "gradient-shap", "occlusion")
    colours: str = one_of("inferno", "hot-iron", "orange")
    opacity: int = whole(50, 0, 100)


@dataclass(frozen=True, slots=True)
class Unusual:
    """How maps of the unusual lie over pictures.

    `colours` and `opacity` (per cent) are those of the map; with `everywhere` it covers
    all of the picture, else what reaches the threshold alone. `contours` draws the borders of
    regions, `least` is their smallest area in pixels. `reader` is who judged regions last.
    """

    colours: str = one_of("inferno", "hot-iron", "orange")
    opacity: int = whole(50, 0, 100)
    everywhere: bool = switch(on=False)
    contours: bool = switch(on=True)
    least: int = whole(64, 1, 100_000)
    reader: str = words()


@dataclass(frozen=True, slots=True)
class Reports:
    """How reports are written: the name of the engine, who signed last and for which organisation.

    `phrases` are names with the sentences that they stand for. `spelling` tells that English words
    are checked, `words` are those that a person has kept, separated by spaces.
    `library` is the folder of films that cases for comparison come from.
    """

    engine: str = words()
    name: str = words()
    organisation: str = words()
    phrases: tuple[tuple[str, str], ...] = pairs()
    spelling: bool = switch(on=True)
    library: str = words()
    words: str = words()


@dataclass(frozen=True, slots=True)
class Archives:
    """Nodes by name, and how often the queue tries to send before it gives up.

    Each node is a table as `core.pacs.node_values` reads it. `port` is where objects come that a
    node sends here because it was asked to (C-MOVE).
    """

    nodes: tuple[tuple[str, dict[str, Any]], ...] = tables()
    attempts: int = whole(20, 1, 1000)
    port: int = whole(11_112, 1, 65_535)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keymap; `changed` are names of actions with the keys that a person gave them."""

    keymap: str = one_of("x-ray-studio", "weasis", "ohif", "horos")
    changed: tuple[tuple[str, str], ...] = pairs()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the window was: x, y, width and height in logical pixels.

    `panels` are the widths of the left and right panel (0: hidden).
    """

    window: tuple[int, ...] = numbers(4)
    maximised: bool = switch(on=False)
    panels: tuple[int, ...] = numbers(2)


@dataclass(frozen=True, slots=True)
class Layouts:
    """Grids of viewports: the one on screen, and those saved by name, as "2x2 window zoom"."""

    current: str = words()
    saved: tuple[tuple[str, str], ...] = pairs()
