"""`xray-studio lungs`: where the lungs are in frontal films."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import Json, Overwrite, Quiet, Sources, ended, run_job, say, say_json
from xray_studio.cli.learned import OfModel


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lungs", epilog="Example: xray-studio lungs frontal.dcm --out masks")(lungs)


def lungs(
    sources: Sources,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write NAME.lungs.png, white on black, there."),
    ] = None,
    model: OfModel = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Find the lungs in frontal films of the chest; for research and education.

    What is no frontal film, or seems to be inverted, gets no mask, and the reason. Files that fail
    are named; the exit code is 3 then.
    """
    from xray_studio.services.learning.inference.lungs import Asking, lungs_of_files

    found = run_job(lungs_of_files(sources, Asking(model, out, overwrite)), quiet=quiet)
    if json:
        say_json(found.facts())
    else:
        for path, one in found.answers.items():
            told = one["abstained"] or f"lungs are {100.0 * one['share']:.1f} % of the film"
            say(f"{path}: {told}")
    return ended(found.answers, found.failed)
