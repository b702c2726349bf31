"""`xray-studio models add`, `use`, `remove`: models that users bring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import DONE, Quiet, run_job, say
from xray_studio.core.errors import UsageError

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


def register(group: typer.Typer) -> None:
    """Add the commands to those of `models`."""
    group.command("add", epilog="Example: xray-studio models add vit-chest --task classifier")(add)
    group.command("use", epilog="Example: xray-studio models use vit-chest")(use)
    group.command("remove", epilog="Example: xray-studio models remove vit-chest")(remove)


def add(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|FILE.onnx",
            show_default=False,
            help="A Hugging Face folder, an ONNX file, or a folder with model.toml.",
        ),
    ],
    *,
    task: Annotated[
        str,
        typer.Option(
            metavar="TASK", help="What it is asked: view or classifier.", show_default=False
        ),
    ] = "",
    name: Annotated[
        str,
        typer.Option(metavar="NAME", help="What it is called; else as FOLDER.", show_default=False),
    ] = "",
    label: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTPUT=LABEL",
            show_default=False,
            help="What an output stands for; nothing behind = leaves it out. Repeatable.",
        ),
    ] = None,
    licence: Annotated[
        str, typer.Option(metavar="TEXT", help="Licence of the weights.", show_default=False)
    ] = "",
    facts: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toml",
            show_default=False,
            help="What the files do not say, in the form of model.toml.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Take in a model of your own: its files are copied and it is tried once.

    Nothing is fetched and no code of the folder is run; pickles are refused.
    """
    from xray_studio.services.learning.own.guest_facts import Wishes
    from xray_studio.services.learning.own.manage import add as add_model

    wishes = Wishes(task, name, _labels(label or []), licence, facts)
    made = run_job(add_model(source, wishes), quiet=quiet).model
    say(f"{made.name} ({made.task}) is added; it tells {', '.join(made.labels)}.")
    say(f"Ask it with --model {made.name}, or always: xray-studio models use {made.name}")
    return DONE


def use(name: Name) -> int:
    """Ask a model from now on wherever its task comes up; name the one that ships to go back."""
    from xray_studio.services.learning.own.manage import use as use_model

    say(f"{name} is asked from now on ({use_model(name)}).")
    return DONE


def remove(name: Name) -> int:
    """Take a model of your own out again."""
    from xray_studio.services.learning.own.manage import remove as remove_model

    remove_model(name)
    say(f"{name} is removed.")
    return DONE


def _labels(words: list[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    if not all(output and equals for output, equals, _ in pairs):
        raise UsageError("Write --label as OUTPUT=LABEL, OUTPUT as the network calls it.")
    return {output: label.strip() for output, _, label in pairs}
