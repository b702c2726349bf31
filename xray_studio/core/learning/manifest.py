"""The manifest of a model that is handed on: hashes of its files, and when it was signed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from xray_studio.core.errors import UnreadableError
from xray_studio.core.learning.model import CARD, FACTS, WEIGHTS

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
FILES: Final = (FACTS, WEIGHTS, CARD)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_LARGEST: Final = 1 << 16  # bytes
_LATEST: Final = 1 << 40  # seconds since 1970: later is no moment


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a signature is made of. `signed` is in seconds since 1970; later ones take the place.

    `files` are SHA-256 by name: exactly those a model has.
    """

    name: str
    version: str
    signed: int
    files: Mapping[str, str]

    def data(self) -> bytes:
        """Return the bytes that are signed."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()

    @property
    def place(self) -> str:
        """Return the name of the folder that this state of the model is kept in."""
        return f"{self.signed}-{self.files[WEIGHTS][:12]}"


def manifest_of(data: bytes) -> Manifest:
    """Return a manifest from its bytes. Raises UnreadableError for what is none."""
    try:
        found = Manifest(**json.loads(data[:_LARGEST]))
        whole = (
            _NAME.fullmatch(found.name) is not None
            and isinstance(found.version, str)
            and type(found.signed) is int
            and 0 < found.signed < _LATEST
            and sorted(found.files) == sorted(FILES)
            and all(_HASH.fullmatch(one) for one in found.files.values())
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _no_manifest() from error
    if not whole:
        raise _no_manifest()
    return found


def _no_manifest() -> UnreadableError:
    return UnreadableError(f"{MANIFEST} is no manifest of a model; ask for the model again.")
