"""Keys that models are signed with: made, kept, trusted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.files import check_place, replacing, write_failure
from xray_studio.services.places import data_folder

PUBLIC: Final = ".pub"
_BYTES: Final = 32
_LONGEST: Final = 1024


def make_key(path: Path) -> Path:
    """Write a new private key, readable by its owner alone, and its public key beside it.

    Returns the file of the public key. Raises UsageError where either is there already.
    """
    from xray_studio.ai.signature import new_key

    public = path.with_name(path.name + PUBLIC)
    check_place(path)
    for one in (path, public):
        if one.exists():
            raise UsageError(f"{one.name} is there already; name another file for the key.")
    secret, known = new_key()
    with replacing(path) as temporary:
        _write_private(temporary, secret.hex() + "\n")
        with replacing(public) as beside:
            beside.write_text(known.hex() + "\n", "ascii")
    return public


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)


def read_key(path: Path) -> bytes:
    """Return a private or public key. Raises UsageError for what is none."""
    try:
        key = bytes.fromhex(path.read_text("ascii")[:_LONGEST].strip())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path.name} is no key that can be read; name another file.") from error
    if len(key) != _BYTES:
        raise UsageError(f"{path.name} is no key: a key has {_BYTES} bytes.")
    return key


def trust(path: Path) -> Path:
    """Trust models signed by the holder of a public key from now on; returns where it is kept."""
    key = read_key(path)
    if path.suffix != PUBLIC:
        raise UsageError(f"{path.name} is not named {PUBLIC}: never hand a private key on.")
    place = _folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(place, error) from error
    target = place / f"{key.hex()[:16]}{PUBLIC}"
    with replacing(target) as temporary:
        temporary.write_text(key.hex() + "\n", "ascii")
    return target


@dataclass(frozen=True, slots=True)
class Trusted:
    """The public keys that are trusted, and names of files that cannot be read as one."""

    keys: tuple[bytes, ...]
    damaged: tuple[str, ...] = ()


def trusted() -> Trusted:
    """Return whom this user trusts; a damaged key is nobody's, and takes nobody else's trust."""
    keys, damaged = list[bytes](), list[str]()
    for path in sorted(_folder().glob(f"*{PUBLIC}")):
        try:
            keys.append(read_key(path))
        except UsageError:
            damaged.append(path.name)
    return Trusted(tuple(keys), tuple(damaged))


def _folder() -> Path:
    return data_folder() / "keys"
