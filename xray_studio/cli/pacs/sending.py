"""`xray-studio pacs send`: files go to an archive through the queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import (
    DONE,
    FAILED,
    IN_PART,
    Json,
    Quiet,
    Sources,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.pacs.options import NodeName, objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xray_studio.core.pacs.entry import Entry
    from xray_studio.services.pacs.sending import Sent

Wait = Annotated[
    float,
    typer.Option(
        "--wait", metavar="SECONDS", min=0.0, help="Go on while something is tried again so soon."
    ),
]


def send(
    sources: Sources,
    *,
    node: NodeName = "",
    again: Annotated[
        bool, typer.Option("--again", help="Send also what was sent there before.")
    ] = False,
    later: Annotated[
        bool, typer.Option("--later", help="Only put it into the queue; see pacs queue run.")
    ] = False,
    wait: Wait = 30.0,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Send DICOM objects as they are, each once; nothing is transcoded on the way.

    They go through a queue on this disk, so that nothing is lost when the archive, the network or
    this program fails: what has not arrived is tried again by pacs queue run. Where it is not
    known whether an object arrived, the archive is asked. The exit status is 3 where some have not
    arrived, 1 where none has.
    """
    from xray_studio.services.pacs.nodes import node_named
    from xray_studio.services.pacs.sending import enqueue
    from xray_studio.services.pacs.sending import send as send_all

    called = node_named(node)
    name = called.name or called.address
    if later:
        found, added = run_job(enqueue(sources, name, again=again), quiet=quiet)
        facts = {"node": called.told, "queued": len(added.numbers), "known": len(added.known),
                 "left_out": _left_out(found.left_out)}  # fmt: skip
        if json:
            say_json(facts)
        else:
            waiting = objects(len(added.numbers))
            say(f"Now in the queue for {called.told}: {waiting}.")
            _complain(found.left_out)
        return IN_PART if found.left_out else DONE
    sent = run_job(send_all(sources, name, again=again, patience=wait), quiet=quiet)
    if json:
        say_json({"node": called.told, "address": called.address} | facts_of(sent))
    else:
        _say(sent, called.told)
    return _status(sent)


def facts_of(sent: Sent) -> dict[str, Any]:
    """Return what became of files as plain values."""
    import time

    from xray_studio.services.pacs.shown import row_of

    now = time.time()
    return {
        "arrived": sent.arrived,
        "waiting": len(sent.waiting),
        "given_up": len(sent.given_up),
        "sent_before": sum(not one.is_open for one in sent.known),
        "objects": [row_of(one, now).facts() for one in (*sent.entries, *sent.known)],
        "left_out": _left_out(sent.left_out),
    }


def _say(sent: Sent, told: str) -> None:
    from xray_studio.services.pacs.shown import unreached

    before = len(sent.known)
    say(f"{sent.arrived:,} of {objects(len(sent.entries) + before)} in {told}.")
    if before:
        say(f"Sent or queued before: {before:,}; --again sends them once more.")
    _complain_of((*sent.given_up, *sent.waiting))
    if sent.waiting:
        complain(f"{objects(len(sent.waiting))} left in the queue; pacs queue run goes on.")
    complain_of_unreached(unreached(sent.waiting))
    _complain(sent.left_out)


def complain_of_unreached(waiting: Mapping[str, int]) -> None:
    """Say which typed addresses never took anything, and how to be rid of what waits for them."""
    for node, count in waiting.items():
        complain(
            f"{objects(count)} for {node}, which never took anything: if the address is wrong,"
            f" forget them with pacs queue remove --node {node}"
        )


def _complain_of(entries: Sequence[Entry]) -> None:
    """Say why objects have not arrived, each reason once."""
    reasons: dict[str, list[Entry]] = {}
    for one in entries:
        reasons.setdefault(one.reason.rstrip(".") or str(one.state), []).append(one)
    for reason, several in reasons.items():
        name = Path(several[0].object.path).name
        complain(f"{name if len(several) == 1 else objects(len(several))}: {reason}.")


def _status(sent: Sent) -> int:
    if not sent.arrived:
        return FAILED
    return IN_PART if sent.waiting or sent.given_up or sent.left_out else DONE


def _left_out(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"path": path, "reason": why} for path, why in pairs]


def _complain(pairs: tuple[tuple[str, str], ...]) -> None:
    for path, why in pairs:
        complain(f"{path}: {why.rstrip('.')}.")
