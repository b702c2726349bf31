"""`xray-studio volume reslice` and `project`: any plane, and what lies in a slab around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xray_studio.cli.common import (
    DONE,
    Center,
    Json,
    Overwrite,
    Quiet,
    complain,
    run_job,
    say,
    say_json,
)
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

if TYPE_CHECKING:
    from xray_studio.core.volume.planes import Plane
    from xray_studio.core.volume.volume import Volume
    from xray_studio.services.volume.cutting import Cut

Out = Annotated[
    Path,
    typer.Argument(
        metavar="OUT",
        show_default=False,
        help="A picture (.png, .jpg, .tif), or values (.nii, .nii.gz, .nrrd, .mha, .dcm, or a "
        "folder of DICOM slices).",
    ),
]
View = Annotated[Literal["axial", "coronal", "sagittal"], typer.Option("--plane", help="A plane.")]
Normal = Annotated[
    tuple[float, float, float] | None,
    typer.Option(
        "--normal", metavar="L P H", help="The plane at right angles to this, away from the viewer."
    ),
]
At = Annotated[
    tuple[float, float, float] | None,
    typer.Option("--at", metavar="L P H", help="A point of the plane in mm; else the middle."),
]
Turn = Annotated[float, typer.Option("--turn", metavar="DEGREES", help="Clockwise.")]
Count = Annotated[int, typer.Option("--count", metavar="N", help="Planes one behind the other.")]
Step = Annotated[float, typer.Option("--step", metavar="MM", help="How far planes are apart.")]


def reslice(
    src: Source,
    out: Out,
    *,
    plane: View = "axial",
    normal: Normal = None,
    at: At = None,
    turn: Turn = 0.0,
    count: Count = 1,
    step: Step = 1.0,
    window: Center = None,
    part: PartNumber = None,
    moment: Moment = None,
    uptake: UptakeKind = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Cut a volume by a plane at any angle, or by several one behind the other."""
    from xray_studio.services.volume.cutting import Cut

    parts = listed([src], raw, spacing, quiet=quiet)
    volume = opened(parts, part, moment, uptake=uptake, quiet=quiet)
    one = plane_of(volume, plane, normal, at, turn)
    wanted = Cut(one, count=count, step=step)
    return _write(volume, wanted, out, window, overwrite=overwrite, json=json, quiet=quiet)


def project(
    src: Source,
    out: Out,
    *,
    how: Annotated[
        Literal["mip", "minip", "mean"],
        typer.Option("--how", help="The highest value through the slab, the lowest, or the mean."),
    ] = "mip",
    thickness: Annotated[
        float | None,
        typer.Option("--thickness", metavar="MM", help="Of the slab; else all of the volume."),
    ] = None,
    plane: View = "axial",
    normal: Normal = None,
    at: At = None,
    turn: Turn = 0.0,
    count: Count = 1,
    step: Step = 1.0,
    window: Center = None,
    part: PartNumber = None,
    moment: Moment = None,
    uptake: UptakeKind = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Project a slab of a volume, or all of it, on a plane at any angle."""
    from dataclasses import replace

    from xray_studio.core.errors import UsageError
    from xray_studio.core.volume.planes import Projection
    from xray_studio.services.volume.cutting import Cut

    if thickness is not None and not thickness > 0.0:
        raise UsageError("The thickness of a slab is above 0 mm.")
    parts = listed([src], raw, spacing, quiet=quiet)
    volume = opened(parts, part, moment, uptake=uptake, quiet=quiet)
    one = plane_of(volume, plane, normal, at, turn)
    deep = thickness or 2 * max(abs(one.pixel(c)[2]) for c in _corners(volume)) + 1e-3
    wanted = Cut(replace(one, thickness=deep), Projection(how), count, step)
    return _write(volume, wanted, out, window, overwrite=overwrite, json=json, quiet=quiet)


def _corners(volume: Volume) -> list[tuple[float, float, float]]:
    return [(x, y, z) for x, y, z in volume.geometry.corners().tolist()]


def plane_of(
    volume: Volume,
    name: str,
    normal: tuple[float, float, float] | None,
    at: tuple[float, float, float] | None,
    turn: float,
) -> Plane:
    """Return the plane that is asked for: one with a name, or at right angles to a direction."""
    from xray_studio.core.errors import UsageError
    from xray_studio.core.volume.planes import View, oblique, view

    point = at or volume.geometry.centre
    if normal is None:
        if turn:
            raise UsageError("A plane is turned where --normal tells it.")
        return view(volume.geometry, View(name), point)
    return oblique(volume.geometry, point, normal, turn=turn)


def _write(
    volume: Volume,
    wanted: Cut,
    out: Path,
    window: tuple[float, float] | None,
    *,
    overwrite: bool,
    json: bool,
    quiet: bool,
) -> int:
    from xray_studio.services.volume.cutting import write_cut
    from xray_studio.services.volume.facts import geometry_facts

    made = run_job(write_cut(volume, wanted, out, window, overwrite=overwrite), quiet=quiet)
    facts = geometry_facts(made.geometry)
    for warning in (*volume.warnings, *made.warnings):
        complain(warning)
    if json:
        say_json({"file": str(out), "thickness": wanted.plane.thickness} | facts)
        return DONE
    spacing = " x ".join(f"{size:.4g}" for size in made.geometry.spacing[:2])
    planes = "" if wanted.count == 1 else f", {wanted.count} planes"
    say(f"{out}: {facts['columns']} x {facts['rows']} pixels of {spacing} mm{planes}")
    return DONE
