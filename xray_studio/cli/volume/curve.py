"""`xray-studio volume curve`: a picture along a curve, as along a vessel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from xray_studio.cli.common import DONE, Center, Json, Overwrite, Quiet, complain, say, say_json
from xray_studio.cli.volume.options import (
    Moment,
    PartNumber,
    Raw,
    Source,
    Spacing,
    UptakeKind,
    listed,
    opened,
)
from xray_studio.cli.volume.render import Target
from xray_studio.cli.volume.written import write_clip

Points = Annotated[
    Path,
    typer.Option(
        "--points", metavar="FILE", show_default=False,
        help="Points of the curve in mm, LPS: a line of three numbers each, JSON, or a curve of 3D "
        "Slicer.",
    ),
]  # fmt: skip
Bend = Annotated[
    Literal["straightened", "stretched"],
    typer.Option("--bending", help="The curve as a straight line, or the sheet that it hangs from "
                 "rolled out flat."),
]  # fmt: skip
Down = Annotated[
    tuple[float, float, float] | None,
    typer.Option("--down", metavar="L P H", help="What goes down in the picture."),
]


def curve(
    src: Source,
    out: Target,
    *,
    points: Points,
    bending: Bend = "straightened",
    down: Down = None,
    width: Annotated[
        float, typer.Option("--width", metavar="MM", help="Seen across the curve.")
    ] = 50.0,
    pixel: Annotated[float, typer.Option("--pixel", metavar="MM", help="Side of a pixel.")] = 0.5,
    thickness: Annotated[
        float, typer.Option("--thickness", metavar="MM", help="Of the slab; 0 for none.")
    ] = 0.0,
    how: Annotated[Literal["mip", "minip", "mean"], typer.Option(help="Through the slab.")] = "mip",
    turn: Annotated[
        float, typer.Option("--turn", metavar="DEGREES", help="About the curve.")
    ] = 0.0,
    around: Annotated[
        int, typer.Option("--around", metavar="N", help="Once about it in N pictures.", min=1)
    ] = 1,
    window: Center = None,
    overlay: Annotated[
        Literal["none", "anonymous", "all"], typer.Option(help="Corner text to draw.")
    ] = "none",
    part: PartNumber = None,
    moment: Moment = None,
    uptake: UptakeKind = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Cut a volume along a smooth curve; a millimetre in the picture is one along the curve.

    OUT is a picture, or with --around a movie, a folder or a DICOM capture.
    """
    from xray_studio.core.presentation import Presentation
    from xray_studio.core.volume.curve import Bending, CurvedPlane, curve_length
    from xray_studio.core.volume.planes import Projection
    from xray_studio.services.volume import curved
    from xray_studio.services.volume.curve_points import read_points
    from xray_studio.services.volume.windows import asked_window

    plane = CurvedPlane(
        read_points(points), Bending(bending), width, (pixel, pixel), thickness, down, turn
    )
    planes = curved.around(plane, around)
    parts = listed([src], raw, spacing, quiet=quiet)
    volume = opened(parts, part, moment, uptake=uptake, quiet=quiet)
    clip = curved.curved_clip(volume, planes, Projection(how))
    voi = asked_window(window, volume.values) if window else clip.windows[0]
    write_clip(clip, out, overlay, Presentation(voi=voi), overwrite=overwrite, quiet=quiet)
    length = curve_length(plane.points)
    for sentence in volume.warnings:
        complain(sentence)
    if json:
        say_json(
            {"file": str(out), "pictures": len(clip), "rows": clip.rows, "columns": clip.columns,
             "length_mm": round(length, 4), "pixel_mm": pixel, "thickness": thickness,
             "bending": bending}
        )  # fmt: skip
        return DONE
    say(f"{out}: {clip.columns} x {clip.rows} pixels of {pixel:g} mm, {length:.1f} mm of curve")
    return DONE
