"""`xray-studio process`: a DICOM object of processed values, derived from its source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import Json, Overwrite, Quiet, run_job
from xray_studio.cli.export.told import tell
from xray_studio.cli.export.words import Frames, Mask, Steps, Syntax


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio process cine.dcm denoised.dcm --step gaussian:sigma=1.5"
    app.command("process", epilog=example)(process)


def process(
    src: Annotated[Path, typer.Argument(metavar="SRC", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT", show_default=False)],
    *,
    step: Steps = [],  # noqa: B006 - what Typer asks for; nobody changes it
    frames: Frames = "",
    mask: Mask = [],  # noqa: B006 - as above
    syntax: Syntax = "",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Process a DICOM object and write its values as a new object of the same study.

    OUT is a .dcm, or a folder for a series of several objects, each of which becomes one. The
    values themselves are written, not how they are shown. The new object says that it is
    derived, from what, and by which steps; the source is never touched.
    """
    from xray_studio.core.errors import UsageError
    from xray_studio.services.export.exporters import OBJECTS
    from xray_studio.services.export.run import export
    from xray_studio.services.open import open_paths
    from xray_studio.services.processing.process import processed
    from xray_studio.services.processing.steps import pipeline_of
    from xray_studio.services.recipe import Recipe, checked, options_of

    if out.suffix.lower() not in {"", OBJECTS} and not out.is_dir():
        raise UsageError("Values that are processed become a DICOM object; write OUT.dcm.")
    if not step:
        raise UsageError("Name at least one --step; xray-studio steps lists them.")
    recipe = checked(Recipe(frames=frames, mask=tuple(mask), syntax=syntax, step=pipeline_of(step)))
    clip = run_job(open_paths(src), quiet=quiet)
    clip = run_job(processed(clip, recipe.step), quiet=quiet)
    options = replace(options_of(recipe), stills=OBJECTS)
    job = export(clip, out, options, overwrite=overwrite)
    return tell(run_job(job, quiet=quiet), {}, json=json)
