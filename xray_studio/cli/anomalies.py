"""`xray-studio anomalies`: what is unusual in pictures and loops, as a detector says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from xray_studio.cli import anomaly_feedback
from xray_studio.cli.common import Json, Overwrite, Quiet, Sources, ended, run_job, say, say_json
from xray_studio.cli.usual_command import group_with

_SHOWN = 10  # regions that are listed without --json


LOOK: Final = "look"


def register(app: typer.Typer) -> None:
    """Add the commands; a first argument that is none of them is a file to look at."""
    example = "Example: xray-studio anomalies cine.dcm --out answers"
    group = typer.Typer(
        cls=group_with(LOOK),
        help="What is unusual in pictures and loops, and what readers made of it.",
        epilog=example,
        no_args_is_help=True,
    )
    group.command(LOOK, epilog=example)(anomalies)
    anomaly_feedback.register(group)
    app.add_typer(group, name="anomalies")


def anomalies(
    sources: Sources,
    *,
    detector: Annotated[
        str,
        typer.Option(
            "--detector",
            metavar="NAME",
            show_default=False,
            help="Which is asked; without it default for films, cine-change for loops.",
        ),
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write NAME.anomalies.* there."),
    ] = None,
    formats: Annotated[
        str,
        typer.Option(
            "--formats",
            metavar="LIST",
            help="With --out: of json, npz, overlay, mask, nifti, csv, seg, seg-fractional,"
            " capture, sr; or all.",
        ),
    ] = "json,npz,overlay",
    every: Annotated[
        bool,
        typer.Option(
            "--every-frame", help="Pictures of every frame, numbered, not of the highest."
        ),
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold", metavar="X", help="From which score on, 0 to 1.", show_default=False
        ),
    ] = None,
    least: Annotated[
        int, typer.Option("--least", metavar="PIXELS", help="Area of a region, at the least.")
    ] = 64,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show what is unusual in films and loops: frames and regions; for research and education.

    Frontal films of the chest are compared with normal ones, each frame of a loop with what the
    loop shows most of the time. What a detector was not made for gets no answer, and the reason.
    Files that fail are named; the exit code is 3 then.
    """
    from xray_studio.services.anomaly.files import Asking, detect_files
    from xray_studio.services.anomaly.results.forms import forms_of

    asked = Asking(detector, out, threshold, least, overwrite, forms_of(formats), every)
    found = run_job(detect_files(sources, asked), quiet=quiet)
    if json:
        say_json(found.facts())
    else:
        for path, one in found.answers.items():
            _say(path, one)
    return ended(found.answers, found.failed)


def _say(path: str, one: dict[str, Any]) -> None:
    say(path)
    if one["abstained"]:
        say(f"  {one['abstained']}")
        return
    best = ", ".join(f"{n} ({one['frames'][n - 1]['score']:.2f})" for n in one["peaks"])
    say(f"  frames that stand out: {best or 'none'}")
    found = sorted(one["regions"], key=lambda region: -region["score"])
    for region in found[:_SHOWN]:
        x, y, width, height = region["box"]
        why = ", ".join(region["channels"])
        place = f"{width} x {height} pixels at column {x}, row {y}"
        say(f"  frame {region['frame']:>4}  {region['score']:.2f}  {place}: {why}")
    if len(found) > _SHOWN:
        say(f"  and {len(found) - _SHOWN:,} regions more; see --json")
    for note in one["notes"]:
        say(f"  {note}")
