"""`xray-studio report feedback`: what people made of drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import DONE, Json, Overwrite, Quiet, complain, run_job, say, say_json


def feedback(
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE.jsonl",
            help="Write draft and final text of each report there, to learn from.",
            show_default=False,
        ),
    ] = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show how often people kept what a model wrote, by finding and month.

    It counts the signed reports that this program keeps. Nothing learns from them by itself; --out
    writes them without names and numbers of patients, but with the words that people typed.
    """
    from xray_studio.services.report.feedback import feedback as counted

    found = run_job(counted(out, overwrite=overwrite), quiet=quiet)
    if json:
        say_json(found.facts())
        return DONE
    say(f"{found.reports:,} signed report{'s' * (found.reports != 1)} that a model has drafted")
    for one in found.agreement:
        say(
            f"{one.month}  {one.model.name} {one.model.version}  {one.finding or 'no finding':<20}"
            f"  accepted {one.accepted}, changed {one.changed}, removed {one.removed},"
            f" added {one.added}" + (f" ({one.share:.0%} as written)" if one.total else "")
        )
    if found.damaged:
        complain(f"{found.damaged} kept reports are damaged and were set aside.")
    return DONE
