"""What a training is asked for, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.ai.compute import Compute

MOST_THREADS: Final = 256


@dataclass(frozen=True, slots=True)
class Training:
    """What a training is asked for. `threads` 0 takes all; `licences` are those of collections."""

    epochs: int
    seed: int = 0
    threads: int = 0
    licences: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what trains nothing before films are read, which takes minutes."""
        if self.epochs < 1 or self.seed < 0 or not 0 <= self.threads <= MOST_THREADS:
            raise UsageError(
                "Train for at least one epoch, with a seed from 0 on and at most"
                f" {MOST_THREADS} threads."
            )

    def compute(self) -> Compute:
        """Return what networks are computed on here."""
        from xray_studio.ai.compute import found

        return found(self.threads)


@dataclass(frozen=True, slots=True)
class Trained:
    """Where the model lies, what the training brought, and films left out with their reasons.

    `notes` are sentences on what else is to be known of it.
    """

    folder: Path
    facts: Mapping[str, Any]
    unreadable: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
