"""The key that pseudonyms are made with: a file that its owner alone can read."""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.deidentify.pseudonyms import KEY_BYTES, Pseudonyms
from xray_studio.core.errors import UsageError
from xray_studio.core.files import write_failure

_LARGEST: Final = 4096


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it is from: `lasting` ones are in a file and join runs."""

    pseudonyms: Pseudonyms
    lasting: bool
    made: bool

    @property
    def mark(self) -> str:
        """Return by what the key is known again; it tells nothing of the key."""
        return self.pseudonyms.number("key", "")


def key_of(path: Path | None) -> Key:
    """Return the key in a file, a new one where there is none yet; without a path one for this run.

    Raises UsageError for a file that is no key or that others can read, WriteError where none can
    be written.
    """
    if path is None:
        return Key(Pseudonyms(secrets.token_bytes(KEY_BYTES)), lasting=False, made=True)
    try:
        if path.exists():
            return Key(Pseudonyms(_read(path)), lasting=True, made=False)
        return Key(Pseudonyms(_make(path)), lasting=True, made=True)
    except OSError as error:
        raise write_failure(path, error) from error


def _read(path: Path) -> bytes:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
        raise UsageError(
            f"{path.name} is no key; name a file that this program made, or a new one."
        )
    if os.name == "posix" and found.st_mode & 0o077:
        raise UsageError(
            f"Others can read the key {path.name}; make it yours alone (chmod 600) and try again."
        )
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise UsageError(
            f"{path.name} is no key; name a file that this program made, or a new one."
        )
    return key


def _make(path: Path) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key
