"""`xray-studio volume surface`: a surface of equal value as a file for other programs."""

from __future__ import annotations

from typing import Annotated

import typer

from xray_studio.cli.common import DONE, Json, Overwrite, Quiet, complain, run_job, say, say_json
from xray_studio.cli.volume.options import Moment, PartNumber, Raw, Source, Spacing, listed, opened
from xray_studio.cli.volume.render import Target


def surface(
    src: Source,
    out: Target,
    *,
    level: Annotated[
        float, typer.Option("--level", metavar="VALUE", help="What is this or more lies within.")
    ],
    smooth: Annotated[
        int, typer.Option("--smooth", metavar="N", help="How often it is smoothed, 0 to 100.")
    ] = 20,
    keep: Annotated[
        float, typer.Option("--keep", metavar="X", help="Share of triangles that is left.")
    ] = 0.5,
    largest: Annotated[
        bool, typer.Option("--largest", help="Keep its largest part alone.")
    ] = False,
    part: PartNumber = None,
    moment: Moment = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Find the surface at a value (marching cubes) and write it as STL, OBJ, PLY or GLB.

    Coordinates are millimetres in the patient: to the left, the back and the head.
    """
    from xray_studio.services.volume.surfaces import SurfaceOrder, write_surface_of
    from xray_studio.volume.surface import SurfaceWish

    order = SurfaceOrder(SurfaceWish(level, smooth, keep, largest), out, overwrite)
    order.check()
    volume = opened(listed([src], raw, spacing, quiet=quiet), part, moment, quiet=quiet)
    made = run_job(write_surface_of(volume.single("A surface"), order), quiet=quiet)
    for sentence in volume.warnings:
        complain(sentence)
    facts = {
        "file": str(out), "triangles": len(made.triangles), "vertices": len(made.vertices),
        "area_mm2": round(made.area, 3), "closed": made.is_closed,
        "volume_mm3": round(made.volume, 3) if made.is_closed else None,
    }  # fmt: skip
    if json:
        say_json(facts)
        return DONE
    inside = f", {made.volume / 1000.0:,.1f} ml within" if made.is_closed else ", not closed"
    say(f"{out}: {len(made.triangles):,} triangles, {made.area / 100.0:,.1f} cm2{inside}")
    return DONE
