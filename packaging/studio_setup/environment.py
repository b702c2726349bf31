"""The private environment: made once, then left alone until the lock or the Python changes.

What was installed is written down in a stamp inside the environment, so a start with nothing to do
costs one small read. An installation that was interrupted is found by its mark in the stamp and
done again from the beginning.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import commands, lockfile, pip_install, places, processes
from .console import SetupError, say

STAMP = "xray-studio.json"
ITSELF = "environment"
IDENTIFY = (
    "import pip, sys, sysconfig; print(sys.implementation.cache_tag, sysconfig.get_platform())"
)


@dataclass
class Stamp:
    """What an environment is made of: its Python and place, digests by section, what was begun."""

    identity: str = ""
    installed: dict[str, str] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, environment: Path) -> Stamp:
        """Read the stamp; an unreadable one counts as none."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            return cls(**json.loads((environment / STAMP).read_text(encoding="utf-8")))
        return cls()

    def save(self, environment: Path) -> None:
        """Write the stamp in one step."""
        beside = environment / (STAMP + ".new")
        beside.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        beside.replace(environment / STAMP)


def prepare(*names: str) -> None:
    """Make the environment hold the named sections of the lock and the `xray-studio` command.

    Raises SetupError when that is impossible.
    """
    sections = lockfile.read(places.LOCK)
    stamp = _environment(places.ENVIRONMENT)
    for name in names:
        for section in lockfile.group(sections, name):
            if stamp.installed.get(section.name) != section.digest:
                _install(section, stamp, places.ENVIRONMENT)


def exists() -> bool:
    """Tell whether the environment has a Python that can be started."""
    return places.python().exists()


def identity() -> str:
    """Return what an environment must agree with: kind of Python, machine, place of the project."""
    return f"{_kind()} {places.ROOT}"


def _kind() -> str:
    return f"{sys.implementation.cache_tag} {sysconfig.get_platform()}"


def _environment(environment: Path) -> Stamp:
    """Return the stamp of a usable environment, which is made or taken over when need be."""
    stamp = Stamp.load(environment)
    if stamp.identity == identity() and exists():
        return stamp
    if ITSELF in stamp.begun or not _usable(environment):
        _make(environment)
    stamp = Stamp(identity=identity())
    commands.install(environment)
    stamp.save(environment)
    return stamp


def _usable(environment: Path) -> bool:
    """Tell whether there is an environment of this kind of Python, with pip."""
    interpreter = places.python(environment)
    if not interpreter.exists():
        return False
    return processes.ask([interpreter, "-c", IDENTIFY]).stdout.strip() == _kind()


def _make(environment: Path) -> None:
    say(f"Making a private Python environment in {environment}")
    if environment.exists():
        shutil.rmtree(environment)
    environment.mkdir()
    Stamp(begun=[ITSELF]).save(environment)
    made = processes.ask([sys.executable, "-m", "venv", environment])
    if made.returncode:
        reason = (made.stderr or made.stdout).strip().splitlines() or ["no reason given"]
        raise SetupError(f"The environment {environment} could not be made: {reason[-1]}")


def _install(section: lockfile.Section, stamp: Stamp, environment: Path) -> None:
    again = section.name in stamp.begun
    stamp.installed.pop(section.name, None)
    stamp.begun = sorted({*stamp.begun, section.name})
    stamp.save(environment)
    say(f"Installing {len(section.pins)} libraries into {environment}")
    with _requirements(section) as requirements:
        pip_install.install(requirements, environment, hashed=section.hashed, again=again)
    stamp.begun.remove(section.name)
    stamp.installed[section.name] = section.digest
    stamp.save(environment)


@contextlib.contextmanager
def _requirements(section: lockfile.Section) -> Iterator[Path]:
    """Give pip the section as a file of its own."""
    handle, name = tempfile.mkstemp(prefix="xray-studio-", suffix=".txt")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(section.text)
        yield path
    finally:
        path.unlink()
