"""What trainings share: their options, and words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.services.learning.train.asked import Trained

Out = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", help="Folder of the training; it goes on from what is there.",
        show_default=False,
    ),
]  # fmt: skip
Epochs = Annotated[int, typer.Option("--epochs", metavar="N", help="Epochs at most.")]
Threads = Annotated[
    int, typer.Option("--threads", metavar="N", help="Threads; 0 for one a processor.")
]
Licence = Annotated[
    list[str] | None,
    typer.Option(
        "--licence", metavar="NAME=TEXT", help="Licence of a collection, for the card; repeatable.",
        show_default=False,
    ),
]  # fmt: skip
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of splits and chance.")]


def licences(words: list[str]) -> dict[str, str]:
    """Return the licences of collections by name. Raises UsageError for what is not NAME=TEXT."""
    pairs = [word.partition("=") for word in words]
    if not all(name and equals and text for name, equals, text in pairs):
        raise UsageError("Write --licence as NAME=TEXT, NAME that of the collection's folder.")
    return {name: text for name, _, text in pairs}


def epochs_words(trained: Trained) -> str:
    """Return how many epochs a training had, in words."""
    return f"Epochs: {trained.facts['epochs']}, the best one {trained.facts['best_epoch']}"
