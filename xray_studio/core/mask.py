"""The mask that a file names for subtraction (PS3.3 C.7.6.10)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileMask:
    """Frames (from 0) whose mean is the mask, and how far it is moved first, in pixels.

    `refused` says what else the file asks for that is not done, "" where the mask can be used.
    """

    frames: tuple[int, ...] = ()
    right: float = 0.0
    down: float = 0.0
    refused: str = ""
