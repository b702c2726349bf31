"""The program inside the environment: a path to its source and the `xray-studio` command.

This is what an editable installation does, without a build: it takes no time and leaves nothing in
the source tree.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from . import places


def install(environment: Path) -> None:
    """Make `import xray_studio` and `xray-studio` work in the environment, from the source tree."""
    path = places.site_packages(environment) / "xray_studio.pth"
    # As code, because a plain path would be read in the encoding of whatever locale is set then.
    path.write_text(f"import sys; sys.path.append({str(places.ROOT)!a})\n", encoding="ascii")
    if places.WINDOWS:
        _windows_command(places.scripts(environment) / "xray-studio.cmd")
    else:
        _posix_command(places.scripts(environment) / "xray-studio", places.python(environment))


def _posix_command(command: Path, interpreter: Path) -> None:
    # A shell line rather than an interpreter line: those end at the first space of a path.
    line = f'exec {shlex.quote(str(interpreter))} -P -m xray_studio "$@"'
    command.write_bytes(os.fsencode(f"#!/bin/sh\n{line}\n"))
    command.chmod(0o755)


def _windows_command(command: Path) -> None:
    command.write_text('@"%~dp0python.exe" -P -m xray_studio %*\r\n', encoding="utf-8", newline="")
