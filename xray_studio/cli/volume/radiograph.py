"""`xray-studio volume radiograph`: what an X-ray machine would see of a CT."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from xray_studio.cli.common import DONE, Json, Overwrite, Quiet, complain, run_job, say, say_json
from xray_studio.cli.volume.options import Moment, PartNumber, Raw, Source, Spacing, listed, opened
from xray_studio.cli.volume.render import Target


def radiograph(
    src: Source,
    out: Target,
    *,
    as_: Annotated[
        Literal["xa", "dx"], typer.Option("--as", help="Angiographic, or a film (digital X-ray).")
    ] = "xa",
    angles: Annotated[
        tuple[float, float],
        typer.Option(
            "--angles", metavar="P S", help="Degrees to LAO and CRAN, negative to RAO and CAUD."
        ),
    ] = (0.0, 0.0),
    view: Annotated[Literal["PA", "LL"], typer.Option("--view", help="View of a film.")] = "PA",
    turn: Annotated[
        tuple[float, int] | None,
        typer.Option("--turn", metavar="DEGREES FRAMES", help="A run while the C-arm turns."),
    ] = None,
    size: Annotated[int, typer.Option("--size", metavar="N", help="Pixels a side.")] = 1024,
    field: Annotated[
        float,
        typer.Option(
            "--field", metavar="MM", help="Side of the detector; without it, all of the volume."
        ),
    ] = 0.0,
    distances: Annotated[
        tuple[float, float] | None,
        typer.Option(
            "--distances", metavar="SID SOD", help="From the source to detector and patient, in mm."
        ),
    ] = None,
    part: PartNumber = None,
    moment: Moment = None,
    raw: Raw = "",
    spacing: Spacing = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Sum a CT's attenuation along the rays of a cone beam and write it as XA or DX."""
    from xray_studio.services.volume.radiograph import DX, RadiographOrder, turned
    from xray_studio.services.volume.radiograph import radiograph as job

    run_of = turned(angles, *turn) if turn else (angles,)
    order = RadiographOrder(
        out, as_, run_of, view if as_ == DX else "", size, field, distances or (0.0, 0.0), overwrite
    )
    order.check()
    volume = opened(listed([src], raw, spacing, quiet=quiet), part, moment, quiet=quiet)
    made = run_job(job(volume.single("A radiograph"), order), quiet=quiet)
    for sentence in volume.warnings:
        complain(sentence)
    frames, rows, columns = made.frames.shape
    if json:
        say_json(
            {"file": str(out), "frames": frames, "rows": rows, "columns": columns,
             "spacing_mm": round(made.spacing, 6), "angles": [list(one) for one in made.angles]}
        )  # fmt: skip
        return DONE
    say(f"{out}: {as_.upper()}, {frames} frame{'' if frames == 1 else 's'} of {columns} x {rows}")
    return DONE
