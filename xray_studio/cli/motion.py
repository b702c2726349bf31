"""`xray-studio motion`: how a region moves over a loop, and the flow between its frames."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from xray_studio.cli.common import DONE, Json, Overwrite, Quiet, run_job, say, say_json
from xray_studio.core.errors import UsageError

WHOLE = "whole"


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio motion cine.dcm --region 200,180,64,64 --out curve.csv"
    app.command("motion", epilog=example)(motion)


def motion(
    src: Annotated[list[str], typer.Argument(metavar="SRC", show_default=False)],
    *,
    region: Annotated[
        str,
        typer.Option(metavar="X,Y,WIDTH,HEIGHT", help="Region to follow; whole for the picture."),
    ] = "",
    frame: Annotated[int, typer.Option(metavar="N", help="Frame of the region, from 1.")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="F.csv", help="Displacement curve: .csv or .json.")
    ] = None,
    flow: Annotated[
        Path | None, typer.Option(metavar="F.mp4", help="Flow between frames, as export writes.")
    ] = None,
    style: Annotated[
        Literal["colours", "arrows"], typer.Option(help="How the flow is shown.")
    ] = "colours",
    preset: Annotated[
        Literal["ultrafast", "fast", "medium"], typer.Option(help="Search for the flow (DIS).")
    ] = "medium",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Follow a region over a loop, in pixels and millimetres, and show the flow between frames."""
    from xray_studio.core.region import Region
    from xray_studio.services.export.run import export
    from xray_studio.services.open import open_paths
    from xray_studio.services.processing.flow import FlowView, flow_clip
    from xray_studio.services.processing.motion import displacement, write_displacement

    if not region and flow is None:
        raise UsageError("Name a --region to follow or a file for the --flow.")
    if out is not None and not region:
        raise UsageError("Name the --region whose displacement is written.")
    for target in (out, flow):
        if target is not None and target.exists() and not overwrite:
            raise UsageError(f"{target.name} is there already; --overwrite replaces it.")
    followed = Region.parsed(region, "region") if region not in {"", WHOLE} else None
    clip = run_job(open_paths(src), quiet=quiet)
    told = {}
    if region:
        found = run_job(displacement(clip, followed, preset, frame - 1), quiet=quiet)
        told = found.facts()
        if out is not None:
            write_displacement(found, out)
        elif not json:
            say(found.csv())
    if flow is not None:
        shown = run_job(flow_clip(clip, FlowView(style, preset)), quiet=quiet)
        run_job(export(shown, flow, overwrite=overwrite), quiet=quiet)
    if json:
        say_json(told or {"flow": str(flow)})
    return DONE
