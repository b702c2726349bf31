"""Objects that come from others: what came of them, and how they are waited for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fetched:
    """One object that was fetched: where it is now, or None and why it is not there."""

    sop_instance_uid: str
    path: Path | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Coming:
    """How many bytes of the object that is on its way have come, 0 while nothing comes."""

    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """How many objects a node has sent on, failed to send, and has still to send."""

    done: int = 0
    failed: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen and as whom; with a certificate and its key by TLS.

    `wanted` are the UIDs of the only objects that are taken, None for all that come.
    """

    folder: Path
    port: int
    ae_title: str
    host: str = ""
    certificate: str = ""
    key: str = ""
    wanted: frozenset[str] | None = None
