"""What is to be written: travels to the worker process that plans the object."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What is to be copied how.

    `syntax` is the UID of the transfer syntax, "" to keep it. `frames` are the first and the last
    frame from 0, None for all. `quality` is that of JPEG, 1 to 100.
    """

    path: str
    syntax: str = ""
    frames: tuple[int, int] | None = None
    quality: int = 90


@dataclass(frozen=True, slots=True)
class JoinOrder:
    """Which images become one multi-frame object, in their order, and how it is stored."""

    paths: tuple[str, ...]
    syntax: str = ""
    quality: int = 90
