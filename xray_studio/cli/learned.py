"""What `train` and `evaluate` share: their options, and how they tell of what came out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import DONE, IN_PART, complain, say, say_json

if TYPE_CHECKING:
    from xray_studio.services.learning.models.installed import Installed
    from xray_studio.services.learning.train.asked import Trained

Data = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="Folder of films.", show_default=False)
]
OfModel = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="DIR", help="Folder of a model; without it the one that is installed.",
        show_default=False,
    ),
]  # fmt: skip
Feedback = Annotated[
    Path | None,
    typer.Option(
        "--feedback", metavar="DIR", help="Folder of anomalies feedback export.", show_default=False
    ),
]
Card = Annotated[bool, typer.Option("--card", help="Write the numbers into the card of the model.")]
Chance = Annotated[
    int, typer.Option("--seed", metavar="N", min=0, help="Of the intervals, and other chance.")
]


def tell_trained(trained: Trained, words: Sequence[str], *, json: bool) -> int:
    """Tell what a training brought, and return the exit code: 3 where films were left out."""
    for note in trained.notes:
        complain(note)
    if json:
        say_json(dict(trained.facts))
    else:
        for line in (f"Model: {trained.folder}", *words):
            say(line)
    return _tell_left_out(trained.unreadable)


def tell_judged(
    facts: dict[str, Any],
    lines: Iterable[str],
    left_out: Sequence[tuple[str, str]],
    *,
    json: bool,
    card: tuple[Installed, Sequence[str]] | None = None,
) -> int:
    """Tell what an evaluation found, and return the exit code: 3 where films were left out.

    `card` names a model and what is written into its card.
    """
    if json:
        say_json(facts)
    else:
        for line in lines:
            say(line)
    code = _tell_left_out(left_out)
    if card is not None:  # last: a card that cannot be written costs no numbers
        from xray_studio.services.learning.models.folder import write_results

        installed, results = card
        write_results(installed.folder, installed.model, results)
    return code


def _tell_left_out(films: Sequence[tuple[str, str]]) -> int:
    for path, why in films:
        complain(f"{path} is left out: {why}")
    return IN_PART if films else DONE
