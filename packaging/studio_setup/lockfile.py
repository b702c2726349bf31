"""The lock file: every dependency with its version and the hashes of its wheels.

Sections in brackets, and in them requirements as pip reads them. `[run]` and `[develop]` carry
hashes; a section whose name ends in `-unhashed` holds what differs from machine to machine, such
as libraries built for one kind of processor, and is installed by version alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .console import SetupError

UNHASHED = "-unhashed"


@dataclass(frozen=True)
class Section:
    """One section of the lock: its name and its requirements, in pip's own form."""

    name: str
    text: str

    @property
    def hashed(self) -> bool:
        """Tell whether pip must compare hashes."""
        return not self.name.endswith(UNHASHED)

    @property
    def digest(self) -> str:
        """Return what changes exactly when the section changes."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def pins(self) -> dict[str, str]:
        """Return versions by name as written."""
        lines = [line.split(";")[0].split("--hash")[0] for line in _joined(self.text)]
        pairs = [line.strip(" \\").split("==") for line in lines]
        return {name: version.strip() for name, version in pairs}

    @property
    def hashes(self) -> dict[str, set[str]]:
        """Return the hashes of each pin, "name==version"; none where it is locked without."""
        lines = [line.split("--hash=sha256:") for line in _joined(self.text)]
        return {
            first.split(";")[0].strip(" \\"): {digest.strip(" \\") for digest in digests}
            for first, *digests in lines
        }


def read(path: Path) -> dict[str, Section]:
    """Return the sections by name. Raises SetupError when the file is missing or misshapen."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise SetupError(f"{path} is missing: restore it from the project's history.") from None
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        if line.startswith("["):
            current = found.setdefault(line.strip("[] "), [])
        elif line.strip() and not line.startswith("#"):
            if current is None:
                raise SetupError(f"{path.name} has a requirement before its first section.")
            current.append(line)
    return {name: Section(name, "\n".join(text) + "\n") for name, text in found.items()}


def group(sections: dict[str, Section], name: str) -> list[Section]:
    """Return a section and, where there is one, its unhashed companion."""
    return [sections[key] for key in (name, name + UNHASHED) if key in sections]


def pins(sections: dict[str, Section], name: str) -> dict[str, str]:
    """Return versions by name of a section and its unhashed companion."""
    return {each: pin for part in group(sections, name) for each, pin in part.pins.items()}


def _joined(text: str) -> list[str]:
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
