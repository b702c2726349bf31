"""Which libraries, in which versions: pip decides for the running system, then others are asked.

Markers of other systems ("only on Windows") are false here, so pip leaves their libraries out. They
are found in the metadata of what pip chose, and asked for by name until nothing is missing.
Runs inside the environment: it needs the library `packaging`.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .console import SetupError

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MARKERS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
)


@dataclass(frozen=True)
class Pin:
    """One library in one version; the marker says where it is needed, empty for everywhere."""

    name: str
    version: str
    marker: str = ""


def closure(wanted: list[str], held: dict[str, str]) -> dict[str, Pin]:
    """Return every library that `wanted` needs on any system, by normal name.

    `held` gives versions that must not change. Raises SetupError when nothing fits.
    """
    elsewhere: dict[str, str] = {}
    while True:
        items = ask_pip([*wanted, *elsewhere], constraints=held)
        chosen = {str(canonicalize_name(item["metadata"]["name"])): item for item in items}
        more = dict(_missing(chosen))
        if not more:
            return {name: _pin(item, elsewhere.get(name, "")) for name, item in chosen.items()}
        elsewhere |= more


def ask_pip(
    wanted: list[str], *options: str, constraints: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return what pip would install into an empty environment, as in its report.

    See pip's "Installation Report". Raises SetupError with pip's last line when it finds nothing.
    """
    with tempfile.TemporaryDirectory(prefix="xray-studio-") as folder:
        held = Path(folder) / "held.txt"
        held.write_text("".join(f"{n}=={v}\n" for n, v in (constraints or {}).items()))
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet"]
        command += ["--ignore-installed", "--only-binary", ":all:", "--constraint", str(held)]
        command += ["--report", str(report), *options, *wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SetupError(done.stderr.strip().splitlines()[-1])
        items: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return items


def _pin(item: dict[str, Any], marker: str) -> Pin:
    return Pin(item["metadata"]["name"], item["metadata"]["version"], marker)


def _missing(chosen: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield name and marker of libraries that other systems or Pythons need besides."""
    for item in chosen.values():
        for text in item["metadata"].get("requires_dist", []):
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            if name not in chosen and _needed_somewhere(requirement, item):
                yield name, str(requirement.marker or "")


def _needed_somewhere(requirement: Requirement, item: dict[str, Any]) -> bool:
    if requirement.marker is None:
        return True
    extras = ["", *item.get("requested_extras", [])]
    places = itertools.product(MARKERS, PYTHONS, extras)
    return any(
        requirement.marker.evaluate({**system, "python_version": python, "extra": extra})
        for system, python, extra in places
    )
