"""`xray-studio render`: one displayed frame as a picture."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from xray_studio.cli.common import (
    DONE,
    IN_PART,
    Center,
    Icc,
    Invert,
    Json,
    NoVoi,
    Overwrite,
    Planes,
    Quiet,
    Shutter,
    Voi,
    run_job,
    say_json,
)
from xray_studio.cli.losses import tell_losses


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio render cine.dcm frame.png --frame 12 --window 600 1200"
    app.command("render", epilog=example)(render)


def render(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT.png", show_default=False)],
    *,
    frame: Annotated[int, typer.Option("--frame", metavar="N", help="Frame, from 1.")] = 1,
    window: Center = None,
    voi: Voi = None,
    no_voi: NoVoi = False,
    invert: Invert = False,
    planes: Planes = "on",
    shutter: Shutter = "on",
    icc: Icc = "on",
    overlay: Annotated[
        Literal["none", "anonymous", "all"], typer.Option(help="Corner text to draw.")
    ] = "none",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write one frame as it is shown, as an 8-bit picture."""
    from xray_studio.core.presentation import Overlay
    from xray_studio.services.frame_picture import write_frame
    from xray_studio.services.open import open_paths
    from xray_studio.services.voi_choice import VoiChoice, chosen

    clip = run_job(open_paths(os.fspath(file)), quiet=quiet)
    how = chosen(clip, VoiChoice(window, voi, no_voi, invert))
    how = replace(how, planes=planes == "on", shutter=shutter == "on", profile=icc == "on")
    job = write_frame(clip, frame - 1, out, how, Overlay(overlay), overwrite=overwrite)
    picture = run_job(job, quiet=quiet)
    if json:
        rows, columns = picture.shape[:2]
        say_json({"file": str(out), "frame": frame, "rows": rows, "columns": columns})
    return IN_PART if tell_losses(clip) else DONE
