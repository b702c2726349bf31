"""`xray-studio anomalies feedback`: what readers made of marked regions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import DONE, Json, Quiet, complain, run_job, say, say_json


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="What readers made of marked regions, and what that says of thresholds.",
        epilog="Example: xray-studio anomalies feedback list",
        no_args_is_help=True,
    )
    group.command("list", epilog="Example: xray-studio anomalies feedback list --json")(listed)
    group.command("export", epilog="Example: xray-studio anomalies feedback export masks")(export)
    example = "Example: xray-studio anomalies feedback recalibrate --threshold 0.6"
    group.command("recalibrate", epilog=example)(recalibrate)
    app.add_typer(group, name="feedback")


def listed(*, json: Json = False) -> int:
    """List what readers said, in the order in which they said it.

    Pixels and models are told by their hashes; no patient is named. A line of the file that is
    damaged is counted and passed over.
    """
    from xray_studio.services.anomaly.feedback import kept

    found = kept()
    if json:
        say_json(found.facts())
        return DONE
    for act in found.acts:
        box = act.box
        place = f"{box.width} x {box.height} at column {box.x}, row {box.y}"
        say(
            f"{act.time}  {act.verdict:<8}  {act.reader}  {act.detector.name}  score"
            f" {act.score:.2f}  frame {act.frame + 1}  {place}  pixels {act.pixels_sha256[:8]}"
        )
    if not found.acts:
        say("No region has been judged yet.")
    if found.damaged:
        complain(f"{found.damaged} lines are damaged and were passed over.")
    return DONE


def export(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is made.")],
    *,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write a mask of each region that was judged, to learn from, into a new folder.

    Masks are pictures with 255 where the reader means the region; masks.jsonl tells of each which
    pixels (SHA-256), frame, detector and model it is of, and what the reader said.
    """
    from xray_studio.services.anomaly.feedback import export_masks

    written = run_job(export_masks(out), quiet=quiet)
    if json:
        say_json({"written": [str(path) for path in written]})
    else:
        say(f"{len(written) - 1} masks written to {out}")
    return DONE


def recalibrate(
    *,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold", metavar="X", help="Tell what this would do.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Tell which threshold parts regions that were meant from rejected ones best.

    For each detector and model that was judged: how many regions it would still mark, of those
    accepted or redrawn and of those rejected. It changes nothing; in the window it can be taken.
    """
    from xray_studio.services.anomaly.feedback import recalibrations

    rows = recalibrations(threshold)
    if json:
        say_json({"detectors": [row.facts() for row in rows]})
        return DONE
    for row in rows:
        model = f", model {row.detector.sha256[:8]}" if row.detector.model else ""
        say(f"{row.detector.name} {row.detector.version}{model}")
        for words, told in (("at", row.asked), ("best at", row.best)):
            if told is not None:
                say(
                    f"  {words} {told.threshold:.3f}: marks {told.meant_kept} of {told.meant} that"
                    f" were meant and {told.rejected_kept} of {told.rejected} that were rejected"
                )
        if row.best is None:
            say("  no threshold parts meant regions from rejected ones; accept and reject more")
    if not rows:
        say("No region has been judged yet.")
    return DONE
