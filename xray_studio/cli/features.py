"""`xray-studio features`: what describes pictures, as numbers for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import (
    DONE,
    IN_PART,
    Json,
    Overwrite,
    Quiet,
    complain,
    run_job,
    say,
    say_json,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: xray-studio features films --out films.npz")(features)


def features(
    sources: Annotated[
        list[str], typer.Argument(metavar="SRC...", help="Files and folders.", show_default=False)
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="F.npz", help="File to write.", show_default=False)
    ],
    vit: Annotated[
        str,
        typer.Option(
            metavar="FOLDER",
            help="Folder of a vision transformer: of train vit, or Hugging Face.",
            show_default=False,
        ),
    ] = "",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Describe every picture or frame by numbers: HOG, and what networks see.

    F.npz holds one row for each frame (docs/features.md). Which networks are not there is told with
    the reason. Files that cannot be read are left out and named; the exit code is 3 then.
    """
    from xray_studio.services.learning.features.export import write_features

    table = run_job(write_features(sources, out, vit, overwrite=overwrite), quiet=quiet)
    shapes = {name: list(one.shape) for name, one in table.arrays().items() if one.ndim == 2}
    if json:
        say_json({
            "out": str(out), "rows": len(table.frames), "features": shapes,
            "models": table.models, "missing": table.missing, "notes": sorted(table.notes),
            "skipped": [{"path": path, "reason": why} for path, why in table.failed.items()],
        })  # fmt: skip
    else:
        told = ", ".join(f"{name} {shape[1]}" for name, shape in shapes.items())
        say(f"{out}: {len(table.frames):,} rows; numbers in each: {told}")
        for kind, why in table.missing.items():
            say(f"No {kind}: {why}")
        for note in sorted(table.notes):
            say(f"Note: {note}.")
    for path, why in table.failed.items():
        complain(f"{path} is left out: {why}")
    return IN_PART if table.failed else DONE
