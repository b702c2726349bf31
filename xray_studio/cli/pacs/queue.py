"""`xray-studio pacs queue`: what is on its way to archives, and why it is not there yet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import (
    DONE,
    FAILED,
    IN_PART,
    Json,
    Quiet,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.pacs.options import entries, objects
from xray_studio.cli.pacs.sending import Wait, complain_of_unreached
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xray_studio.services.pacs.shown import Row

Numbers = Annotated[
    list[int] | None, typer.Argument(metavar="[NUMBER...]", show_default=False, help="Entries.")
]
Everything = Annotated[bool, typer.Option("--all", help="Every entry of the queue.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio pacs queue list"
    group = typer.Typer(help="What is on its way to archives.", epilog=example)
    group.callback(invoke_without_command=True)(_listed)
    group.command("list", epilog=example)(listed)
    group.command("run", epilog="Example: xray-studio pacs queue run --wait 600")(run)
    group.command("pause", epilog="Example: xray-studio pacs queue pause 3 4")(pause)
    group.command("retry", epilog="Example: xray-studio pacs queue retry --all")(retry)
    group.command("remove", epilog="Example: xray-studio pacs queue remove --sent")(remove)
    app.add_typer(group, name="queue")


def _listed(context: typer.Context, *, json: Json = False) -> int:
    """Show what is in the queue; see also list."""
    return DONE if context.invoked_subcommand else listed(json=json)


def listed(
    *,
    sent: Annotated[bool, typer.Option("--sent", help="List also what has arrived.")] = False,
    json: Json = False,
) -> int:
    """List what has not arrived, with the reason and when it is tried again."""
    from xray_studio.core.pacs.entry import State
    from xray_studio.services.pacs.shown import shown

    found = shown(sent=sent)
    if json:
        say_json(found.facts())
        return DONE
    _say(found.rows)
    counts = ", ".join(f"{count:,} {state}" for state, count in found.counts.items() if count)
    say(counts or "The queue is empty.")
    if found.counts[State.SENT] and not sent:
        say("What was sent is listed with --sent, and forgotten with pacs queue remove --sent.")
    return DONE


def run(*, wait: Wait = 30.0, json: Json = False, quiet: Quiet = False) -> int:
    """Send what is in the queue, until nothing is tried again soon.

    One program sends at a time; another one is waited for. The exit status is 3 where something
    still waits, 1 where something was given up now. What waits for an address that was typed and
    never took anything counts only when it was due.
    """
    from xray_studio.services.pacs.runner import Patience, run_queue
    from xray_studio.services.pacs.shown import later, row_of, shown

    ran = run_job(run_queue(Patience(wait)), quiet=quiet)
    if json:
        counts = {"arrived": ran.arrived, "waiting": len(ran.waiting),
                  "given_up": len(ran.given_up)}  # fmt: skip
        say_json(shown().facts() | {"run": counts})
    else:
        now = time.time()
        _say([row_of(one, now) for one in (*ran.given_up, *ran.waiting)])
        say(f"Arrived: {objects(ran.arrived)}.")
    rest = later(ran.waiting)
    if rest.known:
        complain(f"Not due yet: {objects(rest.known)}; pacs queue tells when each is tried again.")
    complain_of_unreached(rest.unreached)
    if ran.given_up:
        return FAILED
    return IN_PART if ran.waiting or rest.known else DONE


def pause(numbers: Numbers = None, *, every: Everything = False, json: Json = False) -> int:
    """Let entries wait until they are retried; what is going out goes on."""
    from xray_studio.services.pacs.shown import pause as paused

    return _changed(paused(_chosen(numbers, every=every)), "Paused", json=json)


def retry(
    numbers: Numbers = None,
    *,
    every: Everything = False,
    unasked: Annotated[
        bool,
        typer.Option(
            "--unasked", help="Also where the archive may have it, which then gets it twice."
        ),
    ] = False,
    json: Json = False,
) -> int:
    """Let entries that failed, wait or were given up go on; pacs queue run sends them."""
    from xray_studio.services.pacs.shown import retry as retried

    chosen = _chosen(numbers, every=every)
    return _changed(retried(chosen, unasked=unasked), "To be tried again", json=json)


def remove(
    numbers: Numbers = None,
    *,
    sent: Annotated[bool, typer.Option("--sent", help="All that have arrived.")] = False,
    node: Annotated[
        str,
        typer.Option(
            "--node", metavar="NAME|ADDRESS", help="What has not arrived there.", show_default=False
        ),
    ] = "",
    json: Json = False,
) -> int:
    """Forget entries; files and what archives have stay."""
    from xray_studio.services.pacs.shown import remove as removed

    if bool(numbers) + sent + bool(node) != 1:
        raise UsageError(
            "Name the entries to forget, all that have arrived with --sent, or what has not arrived"
            " at a node with --node."
        )
    count = removed(numbers or None, node=node)
    if json:
        say_json({"removed": count})
    else:
        say(f"Forgotten: {entries(count)}.")
    return DONE


def _chosen(numbers: list[int] | None, *, every: bool) -> list[int] | None:
    if bool(numbers) == every:
        raise UsageError("Name entries by their numbers, or take every one with --all.")
    return None if every else numbers


def _changed(rows: Sequence[Row], what: str, *, json: bool) -> int:
    if json:
        say_json({"entries": [row.facts() for row in rows]})
    else:
        say(f"{what}: {entries(len(rows))}.")
    return DONE


def _say(rows: Sequence[Row]) -> None:
    for row in rows:
        words = f": {row.words}" if row.words else ""
        say(f"{row.number:>5}  {row.node}  {row.name}  {row.state}{words}")
