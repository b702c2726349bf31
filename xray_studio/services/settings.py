"""Settings of the person who uses the window, in a small file that a person can read.

The file holds only what differs from the defaults. It is replaced in one step; a damaged file is
kept under another name and the defaults are used.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import platformdirs

from xray_studio.core.files import replacing, write_failure

NAME: Final = "settings.json"
MOST_RECENT: Final = 10
MEGABYTE: Final = 1 << 20
CACHE_RANGE: Final = (64, 65_536)  # megabytes
CACHE_DEFAULT: Final = 2048
UNKNOWN_MEMORY: Final = 4 << 30


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered between starts.

    `recent` are paths opened before, the latest first. `window` is x, y, width and height in
    logical pixels, `panels` the widths of the left and right panel (0: hidden). `cache_megabytes`
    bounds the decoded frames kept in memory; None leaves it to the program. `level_up` tells that
    dragging upwards raises the level of the window.
    """

    recent: tuple[str, ...] = ()
    window: tuple[int, ...] = ()
    maximised: bool = False
    panels: tuple[int, ...] = ()
    cache_megabytes: int | None = None
    export_folder: str = ""
    level_up: bool = True
    theme: str = "dark"

    def with_recent(self, path: str) -> Settings:
        """Return these settings with `path` as the latest one opened."""
        others = tuple(known for known in self.recent if known != path)
        return replace(self, recent=(path, *others)[:MOST_RECENT])


def settings_file() -> Path:
    """Return where the settings are: XRAY_STUDIO_CONFIG names the folder when it is set."""
    folder = os.environ.get("XRAY_STUDIO_CONFIG")
    return Path(folder or platformdirs.user_config_dir("xray-studio", appauthor=False)) / NAME


def load_settings() -> tuple[Settings, str]:
    """Return the settings and a sentence about what was wrong with the file, "" when nothing."""
    path = settings_file()
    try:
        return _from_json(path.read_text("utf-8")), ""
    except FileNotFoundError:
        return Settings(), ""
    except OSError:
        return Settings(), "The settings could not be read, so the usual ones are used."
    except ValueError:
        kept = _set_aside(path)
        return Settings(), f"The settings could not be read, so the usual ones are used{kept}."


def save_settings(settings: Settings) -> None:
    """Write what differs from the defaults. Raises WriteError when that is not possible."""
    path = settings_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(path, error) from error
    with replacing(path) as temporary:
        temporary.touch(mode=0o600)  # names of folders may name a patient
        temporary.write_text(_to_json(settings), "utf-8")


def cache_limit(settings: Settings) -> int:
    """Return the bytes that decoded frames may take: as set, else 2 GB or a quarter of memory."""
    if settings.cache_megabytes is not None:
        return settings.cache_megabytes * MEGABYTE
    return min(CACHE_DEFAULT * MEGABYTE, total_memory() // 4)


def total_memory() -> int:
    """Return the memory of this machine in bytes, 4 GB when the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return UNKNOWN_MEMORY


def _to_json(settings: Settings) -> str:
    usual = asdict(Settings())
    changed = {name: value for name, value in asdict(settings).items() if value != usual[name]}
    return json.dumps(changed, indent=2, ensure_ascii=False) + "\n"


def _from_json(text: str) -> Settings:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("the file does not hold an object")  # noqa: TRY004 - damaged content, not a wrong call
    known = {field.name for field in fields(Settings)}
    return Settings(**{name: _checked(name, found[name]) for name in known & found.keys()})


def _checked(name: str, value: Any) -> Any:
    """Return a value of the right type; raises ValueError for any other."""
    if name in {"recent", "window", "panels"}:
        kind = str if name == "recent" else int
        if isinstance(value, list) and all(type(item) is kind for item in value):
            return _of_length(name, tuple(value))
    elif name == "cache_megabytes":
        low, high = CACHE_RANGE
        if value is None or (type(value) is int and low <= value <= high):
            return value
    elif type(value) is (bool if name in {"maximised", "level_up"} else str):
        return value
    raise ValueError(f"{name} has a value that it cannot have")


def _of_length(name: str, value: tuple[Any, ...]) -> tuple[Any, ...]:
    wanted = {"window": 4, "panels": 2}.get(name)
    if value and wanted is not None and len(value) != wanted:
        raise ValueError(f"{name} has {len(value)} numbers")
    return value[:MOST_RECENT]


def _set_aside(path: Path) -> str:
    damaged = path.with_suffix(".damaged.json")
    try:
        path.replace(damaged)
    except OSError:
        return ""
    return f"; the old file is kept as {damaged.name}"
