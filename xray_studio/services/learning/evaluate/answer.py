"""What an evaluation of a model found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as JSON tells it, and films that could not be read with their reasons."""

    facts: dict[str, Any]
    unreadable: tuple[tuple[str, str], ...] = ()
