"""`xray-studio volume render`: a volume as it looks from outside, or a movie of it turning."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xray_studio.cli.common import (
    DONE,
    Json,
    Overwrite,
    Quiet,
    complain,
    run_job,
    say_json,
    sides_of,
)
from xray_studio.cli.volume.options import (
    Clipped,
    Moment,
    PartNumber,
    Raw,
    Source,
    Spacing,
    clip_box,
    listed,
    opened,
)

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.volume.camera import Camera
    from xray_studio.core.volume.transfer import Transfer
    from xray_studio.core.volume.volume import Volume

Target = Annotated[Path, typer.Argument(metavar="OUT", show_default=False)]
Preset = Annotated[
    str,
    typer.Option(
        "--preset",
        metavar="NAME",
        help="How values look: bone, vessels, lung, skin (Hounsfield units), soft, surface, hot "
        "(any values); without it as suits the volume.",
        show_default=False,
    ),
]
Shift = Annotated[
    float, typer.Option("--shift", metavar="VALUE", help="Move the look to higher values.")
]
Spread = Annotated[
    float, typer.Option("--spread", metavar="X", help="Stretch it over more values.")
]
Opacity = Annotated[float, typer.Option("--opacity", metavar="X", help="Times its opacities.")]
View = Annotated[
    str,
    typer.Option("--view", metavar="NAME", help="anterior, posterior, left, right, superior, "
                 "inferior."),
]  # fmt: skip
Angles = Annotated[
    tuple[float, float] | None,
    typer.Option("--angles", metavar="P S", help="Degrees to the left (LAO) and head (CRAN)."),
]
Roll = Annotated[float, typer.Option("--roll", metavar="DEGREES", help="Turn the picture.")]
Zoom = Annotated[float, typer.Option("--zoom", metavar="X", help="1 shows all of the volume.")]
Size = Annotated[str, typer.Option("--size", metavar="WIDTHxHEIGHT", help="Pixels of the picture.")]
Turn = Annotated[
    int,
    typer.Option(
        "--turn", metavar="N", help="A movie once around in so many pictures.", min=0, max=3600
    ),
]
Cube = Annotated[bool, typer.Option("--cube/--no-cube", help="Show the patient's directions.")]


def render(
    src: Source,
    out: Target,
    *,
    preset: Preset = "",
    shift: Shift = 0.0,
    spread: Spread = 1.0,
    opacity: Opacity = 1.0,
    view: View = "anterior",
    angles: Angles = None,
    roll: Roll = 0.0,
    zoom: Zoom = 1.0,
    clip: Clipped = [],  # noqa: B006 - what Typer asks for; nobody changes it
    size: Size = "1024x1024",
    turn: Turn = 0,
    cube: Cube = True,
    overlay: Annotated[
        Literal["none", "anonymous", "all"], typer.Option(help="Corner text to draw.")
    ] = "none",
    part: PartNumber = None,
    moment: Moment = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Render a volume by ray casting into a picture; with --turn into a movie or a folder."""
    from xray_studio.core.volume.camera import all_around
    from xray_studio.core.volume.scene import VolumeScene
    from xray_studio.services.volume.rendering import VolumeDrawing, rendered

    camera = _camera(view, angles, roll, zoom)
    box, (columns, rows) = clip_box(clip), sides_of(size)
    volume = opened(listed([src], raw, spacing, quiet=quiet), part, moment, quiet=quiet)
    volume = volume.single("A rendering")
    look = _look(volume, preset).shifted(shift).spread(spread).fainter(opacity)
    scene = VolumeScene(look, camera, box, (rows, columns), cube=cube)
    cameras = all_around(camera, turn) if turn else (camera,)
    with closing(VolumeDrawing(volume)) as drawing:
        made = rendered(volume, drawing, [replace(scene, camera=one) for one in cameras])
        if turn:
            _movie(made, out, overlay, overwrite=overwrite, quiet=quiet)
        else:
            _still(made, out, overlay, overwrite=overwrite, quiet=quiet)
    for sentence in volume.warnings:
        complain(sentence)
    if json:
        say_json({"file": str(out), "pictures": len(made), "rows": rows, "columns": columns})
    return DONE


def _movie(made: Clip, out: Path, overlay: str, *, overwrite: bool, quiet: bool) -> None:
    from xray_studio.core.presentation import Overlay
    from xray_studio.services.export.options import ExportOptions
    from xray_studio.services.export.run import export

    options = ExportOptions(overlay=Overlay(overlay))
    run_job(export(made, out, options, overwrite=overwrite), quiet=quiet)


def _still(made: Clip, out: Path, overlay: str, *, overwrite: bool, quiet: bool) -> None:
    from xray_studio.core.presentation import Overlay, Presentation
    from xray_studio.services.export.frame_picture import told_of, write_frame

    how = Presentation()
    job = write_frame(made, 0, out, how, Overlay(overlay), overwrite=overwrite)
    run_job(job, quiet=quiet)
    for sentence in told_of(made, out, how, Overlay(overlay)):
        complain(sentence)


def _look(volume: Volume, name: str) -> Transfer:
    from xray_studio.core.volume.transfer import preset, suited

    return preset(name or suited(volume.unit, volume.modality))


def _camera(view: str, angles: tuple[float, float] | None, roll: float, zoom: float) -> Camera:
    from xray_studio.core.volume.camera import Camera

    start = Camera.named(view) if angles is None else Camera(*angles)
    return replace(start, roll=roll).zoomed(zoom)
