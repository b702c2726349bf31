"""Writes the lock file: every library pinned, with the hashes of its wheels for each system.

Hashes of versions that stay are kept; `--upgrade` asks for all of them anew.
Runs inside the environment: `python -m studio_setup.relock [--upgrade]`.
"""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
import tomllib
from collections import defaultdict
from typing import Any

from packaging.utils import canonicalize_name

from . import lockfile, places
from .console import SetupError, say
from .resolve import PYTHONS, Pin, ask_pip, closure

GLIBC = (39, 35, 34, 31, 28, 27, 26, 24, 17)
SYSTEMS = {
    "Linux x86_64": [f"manylinux_2_{minor}_x86_64" for minor in GLIBC] + ["manylinux2014_x86_64"],
    "Linux aarch64": [f"manylinux_2_{minor}_aarch64" for minor in GLIBC]
    + ["manylinux2014_aarch64"],
    "Windows x86_64": ["win_amd64"],
    "macOS arm64": ["macosx_14_0_arm64"],
    "macOS x86_64": ["macosx_14_0_x86_64"],
}
ANYWHERE = "-none-any.whl"
HEADER = f"""\
# Every library, pinned, with the hashes of its wheels for Python {", ".join(PYTHONS)} on
# {", ".join(SYSTEMS)}.
# Written by `python3 packaging/bootstrap.py lock`: change pyproject.toml, not this file.
# [run] is what the program needs; [develop] what tests, checks and builds need besides.
# What differs from machine to machine has a section of its own, without hashes.
"""


def run(*, upgrade: bool) -> int:
    """Write the lock from pyproject.toml, keeping versions unless `upgrade` is asked for."""
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = project["project"]["dependencies"]
    held = [] if upgrade else _held()
    versions = {name: version for section in held for name, version in section.pins.items()}
    say("Choosing versions")
    everything = closure([*needed, *project["dependency-groups"]["develop"]], versions)
    program = closure(needed, {pin.name: pin.version for pin in everything.values()})
    tools = {name: pin for name, pin in everything.items() if name not in program}
    unhashed = set(project["tool"]["studio-setup"]["unhashed"])
    known = {key: found for section in held for key, found in section.hashes.items()}
    hashes = _hashes([pin for name, pin in everything.items() if name not in unhashed], known)
    sections = (_sections("run", program, hashes), _sections("develop", tools, hashes))
    places.LOCK.write_text(HEADER + "".join(sections), encoding="utf-8", newline="\n")
    say(f"Pinned {len(program)} libraries for the program and {len(tools)} tools in {places.LOCK}")
    return 0


def _held() -> list[lockfile.Section]:
    return list(lockfile.read(places.LOCK).values()) if places.LOCK.exists() else []


def _hashes(pins: list[Pin], known: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the hashes of every wheel that any of the systems would choose, by normal name.

    `known` are those of pins, "name==version", that need not be asked for.
    """
    found: dict[str, set[str]] = defaultdict(set)
    kept = {pin for pin in pins if known.get(f"{pin.name}=={pin.version}")}
    found |= {str(canonicalize_name(p.name)): known[f"{p.name}=={p.version}"] for p in kept}
    left = [pin for pin in pins if pin not in kept]
    for (system, tags), python in itertools.product(SYSTEMS.items(), PYTHONS):
        if not left:
            break
        say(f"Asking for wheels: {system}, Python {python}")
        for item in _wheels(left, system, tags, python):
            download = item["download_info"]
            name = canonicalize_name(item["metadata"]["name"])
            found[name].add(download["archive_info"]["hashes"]["sha256"])
            if download["url"].endswith(ANYWHERE):
                left = [pin for pin in left if canonicalize_name(pin.name) != name]
    return found


def _wheels(pins: list[Pin], system: str, tags: list[str], python: str) -> list[dict[str, Any]]:
    """Return pip's choice for one system; what has no wheel there is named and left out."""
    wanted = [f"{pin.name}=={pin.version}" for pin in pins]
    with tempfile.TemporaryDirectory(prefix="xray-studio-") as folder:
        options = ["--no-deps", "--target", folder, "--python-version", python]
        options += [word for tag in tags for word in ("--platform", tag)]
        while True:
            try:
                return ask_pip(wanted, *options)
            except SetupError as error:
                absent = re.search(r"No matching distribution found for (\S+)", str(error))
                if absent is None or absent[1] not in wanted:
                    raise
                say(f"  no wheel of {absent[1]} for {system}, Python {python}")
                wanted.remove(absent[1])


def _sections(name: str, pins: dict[str, Pin], hashes: dict[str, set[str]]) -> str:
    """Return a section, and after it the unhashed one where some pins have no hashes."""
    hashed = [_lines(pin, hashes[key]) for key, pin in sorted(pins.items()) if key in hashes]
    bare = [_lines(pin, set()) for key, pin in sorted(pins.items()) if key not in hashes]
    text = "\n".join([f"\n[{name}]", *hashed, ""])
    return text + "\n".join([f"\n[{name}{lockfile.UNHASHED}]", *bare, ""]) if bare else text


def _lines(pin: Pin, hashes: set[str]) -> str:
    # What follows a plus is the build for one kind of machine ("2.13.0+cpu").
    version = pin.version if hashes else pin.version.partition("+")[0]
    marker = f" ; {pin.marker}" if pin.marker else ""
    digests = [f"    --hash=sha256:{digest}" for digest in sorted(hashes)]
    return " \\\n".join([f"{pin.name}=={version}{marker}", *digests])


if __name__ == "__main__":
    try:
        sys.exit(run(upgrade="--upgrade" in sys.argv[1:]))
    except SetupError as problem:
        say(f"The lock stays as it is: {problem}")
        sys.exit(1)
