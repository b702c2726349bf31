"""Registry: a name, where the implementation is, and what it requires.

Built-ins stand in one lazy table, so the program works from source and when frozen; installed
packages add to it through entry points. An entry is imported when it is first used and can say
why it is unavailable.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from xray_studio.core import resources
from xray_studio.core.errors import UnsupportedError


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered implementation: `target` is "module:attribute", `requires` are modules.

    `resources` are what it needs of the files that the program ships.
    """

    name: str
    target: str
    requires: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()

    def missing(self) -> str | None:
        """Return why the entry is unavailable, or None when it can be used."""
        absent = [name for name in self.requires if importlib.util.find_spec(name) is None]
        absent += [name for name in self.resources if not (resources.folder() / name).exists()]
        return f"needs {', '.join(absent)}, which is not installed" if absent else None

    def load(self) -> Any:
        """Import and return the implementation. Raises UnsupportedError when it is unavailable."""
        reason = self.missing()
        if reason:
            raise UnsupportedError(f"{self.name} {reason}.")
        module, _, attribute = self.target.partition(":")
        return getattr(importlib.import_module(module), attribute)


class Registry:
    """Entries of one entry-point group, built-ins first."""

    def __init__(self, group: str, builtins: tuple[Entry, ...]) -> None:
        self.group = group
        self._builtins = builtins

    @cache  # noqa: B019 - one registry per group lives as long as the program
    def entries(self) -> dict[str, Entry]:
        """Return every entry by name; a built-in is never replaced from outside."""
        found = {e.name: Entry(e.name, e.value) for e in entry_points(group=self.group)}
        return found | {entry.name: entry for entry in self._builtins}

    def load(self, name: str) -> Any:
        """Import and return the implementation called `name`."""
        try:
            entry = self.entries()[name]
        except KeyError:
            known = ", ".join(sorted(self.entries()))
            raise UnsupportedError(f"There is no {name!r}; choose one of: {known}.") from None
        return entry.load()
