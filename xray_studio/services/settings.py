"""Settings of the person who uses the window, in a small file that a person can read.

The file holds only what differs from the defaults. It is replaced in one step; a damaged file is
kept under another name and the defaults are used.
"""

from __future__ import annotations

import json
import os
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import platformdirs

from xray_studio.core.files import replacing, write_failure
from xray_studio.services.setting_groups import (
    Appearance,
    Archives,
    Exporting,
    Findings,
    Keys,
    Layouts,
    Memory,
    Objects,
    Place,
    Playback,
    Privacy,
    Reports,
    Unusual,
    Viewing,
    texts,
)

NAME: Final = "settings.json"
MOST_RECENT: Final = 10
MEGABYTE: Final = 1 << 20
CACHE_DEFAULT: Final = 2048
UNKNOWN_MEMORY: Final = 4 << 30
Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered between starts, in groups.

    `recent` are paths opened before, the latest first; `used` are names of actions chosen by name,
    the latest first.
    """

    appearance: Appearance = Appearance()  # noqa: RUF009 - frozen values, made once
    viewing: Viewing = Viewing()  # noqa: RUF009 - frozen values, made once
    playback: Playback = Playback()  # noqa: RUF009 - frozen values, made once
    memory: Memory = Memory()  # noqa: RUF009 - frozen values, made once
    export: Exporting = Exporting()  # noqa: RUF009 - frozen values, made once
    objects: Objects = Objects()  # noqa: RUF009 - frozen values, made once
    privacy: Privacy = Privacy()  # noqa: RUF009 - frozen values, made once
    findings: Findings = Findings()  # noqa: RUF009 - frozen values, made once
    unusual: Unusual = Unusual()  # noqa: RUF009 - frozen values, made once
    reports: Reports = Reports()  # noqa: RUF009 - frozen values, made once
    archives: Archives = Archives()  # noqa: RUF009 - frozen values, made once
    keys: Keys = Keys()  # noqa: RUF009 - frozen values, made once
    layouts: Layouts = Layouts()  # noqa: RUF009 - frozen values, made once
    place: Place = Place()  # noqa: RUF009 - frozen values, made once
    recent: tuple[str, ...] = texts()
    used: tuple[str, ...] = texts()

    def changed(self, group: str, **changes: Any) -> Settings:
        """Return these settings with some of a group changed, as `changed("export", folder=…)`."""
        return replace(self, **{group: replace(getattr(self, group), **changes)})

    def with_recent(self, path: str) -> Settings:
        """Return these settings with `path` as the latest one opened."""
        return replace(self, recent=_first(path, self.recent))

    def with_used(self, name: str) -> Settings:
        """Return these settings with `name` as the action chosen last."""
        return replace(self, used=_first(name, self.used))


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
    with replacing(path, private=True) as temporary:  # names of folders may name a patient
        temporary.write_text(_to_json(settings), "utf-8")


def uid_root() -> str:
    """Return the root that new UIDs of objects are made under, "" for that of UUIDs."""
    return load_settings()[0].objects.uid_root


def cache_limit(settings: Settings) -> int:
    """Return the bytes that decoded frames may take: as set, else 2 GB or a quarter of memory."""
    if settings.memory.cache_megabytes is not None:
        return settings.memory.cache_megabytes * MEGABYTE
    return min(CACHE_DEFAULT * MEGABYTE, total_memory() // 4)


def total_memory() -> int:
    """Return the memory of this machine in bytes, 4 GB when the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return UNKNOWN_MEMORY


def _first(item: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return (item, *(other for other in known if other != item))[:MOST_RECENT]


def _to_json(settings: Settings) -> str:
    return json.dumps(_sparse(settings), indent=2, ensure_ascii=False) + "\n"


def _sparse(group: Any) -> dict[str, Any]:
    """Return by name what differs from the defaults."""
    found = {}
    for field in fields(group):
        value = getattr(group, field.name)
        if value != field.default:
            found[field.name] = _plain(field, value)
    return found


def _plain(field: Field[Any], value: Any) -> Any:
    if is_dataclass(field.default):
        return _sparse(value)
    return dict(value) if field.metadata.get("table") else value


def _from_json(text: str) -> Settings:
    found = json.loads(text)
    return _read(Settings, _modern(found) if isinstance(found, dict) else found)


def _read(kind: type[Group], found: Any) -> Group:
    """Return a group from what was found; names of a later version are passed over."""
    if not isinstance(found, dict):
        raise ValueError(f"{kind.__name__} is not a table")  # noqa: TRY004 - damaged content, not a wrong call
    known = [field for field in fields(kind) if field.name in found]  # type: ignore[arg-type]  # groups are dataclasses
    return kind(**{field.name: _value(field, found[field.name]) for field in known})


def _value(field: Field[Any], found: Any) -> Any:
    """Return what a field takes; raises ValueError for anything else."""
    if is_dataclass(field.default):
        return _read(type(field.default), found)
    if field.metadata.get("table"):
        found = list(found.items()) if isinstance(found, dict) else None
        found = None if found is None else [tuple(pair) for pair in found]
    value = tuple(found) if isinstance(found, list) else found
    if not field.metadata["allows"](value):
        raise ValueError(f"{field.name} has a value that it cannot have")
    return value[:MOST_RECENT] if field.name in {"recent", "used"} else value


# Where settings were while the file had no groups.
_MOVED: Final = {
    "theme": "appearance",
    "level_up": "viewing",
    "cache_megabytes": "memory",
    "window": "place",
    "maximised": "place",
    "panels": "place",
}


def _modern(found: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a file without groups in groups."""
    moved = {name: value for name, value in found.items() if name not in _MOVED}
    for name, group in _MOVED.items():
        if name in found:
            moved[group] = {name: found[name], **moved.get(group, {})}
    if "export_folder" in moved:
        moved["export"] = {"folder": moved.pop("export_folder"), **moved.get("export", {})}
    return moved


def _set_aside(path: Path) -> str:
    damaged = path.with_suffix(".damaged.json")
    try:
        path.replace(damaged)
    except OSError:
        return ""
    return f"; the old file is kept as {damaged.name}"
