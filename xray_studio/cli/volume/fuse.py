"""`xray-studio volume fuse`: one volume over another in the same planes, as PET over CT."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from xray_studio.cli.common import (
    DONE,
    Center,
    Json,
    Overwrite,
    Quiet,
    complain,
    say,
    say_json,
)
from xray_studio.cli.volume.options import UptakeKind, listed, opened
from xray_studio.cli.volume.planes import At, Count, Normal, Step, Turn, View, plane_of
from xray_studio.cli.volume.render import Target
from xray_studio.cli.volume.written import write_clip

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.volume.planes import Plane
    from xray_studio.services.volume.fusion import Fusion

Below = Annotated[Path, typer.Argument(metavar="BELOW", show_default=False)]
Above = Annotated[Path, typer.Argument(metavar="ABOVE", show_default=False)]
Part = Annotated[
    int | None, typer.Option("--part", metavar="N", help="Of several volumes below, from 1.")
]
OverPart = Annotated[
    int | None, typer.Option("--over-part", metavar="N", help="Of several above, from 1.")
]
OverMoment = Annotated[
    int | None, typer.Option("--over-moment", metavar="N", help="Moment above, from 1.")
]
BelowMoment = Annotated[
    int | None, typer.Option("--moment", metavar="N", help="Moment below, from 1.")
]
OverWindow = Annotated[
    tuple[float, float] | None,
    typer.Option("--over-window", metavar="CENTER WIDTH", help="Window of the volume above."),
]
Opacity = Annotated[float, typer.Option("--opacity", metavar="X", help="Of the one above, 0 to 1.")]
Fading = Annotated[
    bool, typer.Option("--fading", help="Low values cover less than those at the window's top.")
]
ColourMap = Annotated[
    str, typer.Option("--colour-map", metavar="NAME", help="hot-iron, pet, viridis, ..., or grey.")
]
Share = Annotated[
    Literal["over", "checkerboard", "wipe"],
    typer.Option("--blend", help="Over, or each alone: in squares, right of a line."),
]
Square = Annotated[float, typer.Option("--square", metavar="MM", help="Of a checkerboard.")]
Wipe = Annotated[float, typer.Option("--wipe", metavar="X", help="Where the line is, 0 to 1.")]
How = Annotated[
    Literal["mip", "minip", "mean"], typer.Option("--how", help="Through the slab above.")
]
Thickness = Annotated[
    float, typer.Option("--thickness", metavar="MM", help="Of the slabs; 0 for planes.", min=0.0)
]


def fuse(
    below: Below,
    above: Above,
    out: Target,
    *,
    plane: View = "axial",
    normal: Normal = None,
    at: At = None,
    turn: Turn = 0.0,
    count: Count = 1,
    step: Step = 1.0,
    thickness: Thickness = 0.0,
    how: How = "mip",
    window: Center = None,
    over_window: OverWindow = None,
    uptake: UptakeKind = None,
    opacity: Opacity = 0.5,
    fading: Fading = False,
    colour_map: ColourMap = "hot-iron",
    blend: Share = "over",
    square: Square = 20.0,
    wipe: Wipe = 0.5,
    force: Annotated[
        bool, typer.Option("--force", help="Even where nothing says that they lie on one another.")
    ] = False,
    part: Part = None,
    over_part: OverPart = None,
    moment: BelowMoment = None,
    over_moment: OverMoment = None,
    overlay: Annotated[
        Literal["none", "anonymous", "all"], typer.Option(help="Corner text to draw.")
    ] = "none",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Lay one volume over another in colours, in squares or beside a line, and write pictures.

    OUT is a picture, or with --count a movie, a folder or a DICOM capture in colour. --uptake is
    that of the volume above.
    """
    from xray_studio.core.presentation import Presentation
    from xray_studio.core.volume.fusion import Blend, FusionLook
    from xray_studio.core.volume.planes import Projection
    from xray_studio.services.volume.cutting import Cut
    from xray_studio.services.volume.fusion import Fusion, fused_clip
    from xray_studio.services.volume.windows import asked_window

    look = FusionLook(Blend(blend), opacity, colour_map, fading, square, wipe)
    low = opened(listed([below], "", None, quiet=quiet), part, moment, quiet=quiet)
    parts = listed([above], "", None, quiet=quiet)
    high = opened(parts, over_part, over_moment, uptake=uptake, quiet=quiet)
    fusion = Fusion(low, high, forced=force)
    fusion.windows = (
        asked_window(window, low.values) if window else fusion.windows[0],
        asked_window(over_window, high.values) if over_window else fusion.windows[1],
    )
    one = replace(plane_of(fusion.below, plane, normal, at, turn), thickness=thickness)
    planes = Cut(one, count=count, step=step).planes()
    ways = (Projection.MEAN if thickness else Projection.MIP, Projection(how))
    clip = fused_clip(fusion, planes, look, ways, legend=True)
    write_clip(clip, out, overlay, Presentation(), overwrite=overwrite, quiet=quiet)
    return _told(fusion, fusion.facts(look), clip, out, planes[0], json=json)


def _told(
    fusion: Fusion, facts: dict[str, Any], clip: Clip, out: Path, plane: Plane, *, json: bool
) -> int:
    for sentence in dict.fromkeys(clip.acquisition.warnings):
        complain(sentence)
    if json:
        size = {"pictures": len(clip), "rows": clip.rows, "columns": clip.columns}
        say_json({"file": str(out), "thickness": plane.thickness} | size | facts)
        return DONE
    volumes = " over ".join(one.modality or one.format for one in (fusion.above, fusion.below))
    say(f"{out}: {volumes}, {clip.columns} x {clip.rows} pixels, {fusion.match.value}")
    return DONE
