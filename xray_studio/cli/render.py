"""`xray-studio render`: one displayed frame as a picture."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from xray_studio.cli.common import (
    DONE,
    IN_PART,
    Center,
    Colormap,
    Icc,
    Invert,
    Json,
    NoVoi,
    Overwrite,
    Planes,
    Quiet,
    Shutter,
    Voi,
    complain,
    run_job,
    say_json,
)
from xray_studio.cli.export.words import Steps
from xray_studio.cli.losses import tell_losses
from xray_studio.cli.marks import Annotations, annotated
from xray_studio.cli.over import (
    Opacity,
    Segments,
    State,
    laid_over,
    processed_by,
    with_opacity,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio render cine.dcm frame.png --frame 12 --window 600 1200"
    app.command("render", epilog=example)(render)


def render(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT.png", show_default=False)],
    *,
    frame: Annotated[int, typer.Option("--frame", metavar="N", help="Frame or page, from 1.")] = 1,
    step: Steps = [],  # noqa: B006 - what Typer asks for; nobody changes it
    window: Center = None,
    voi: Voi = None,
    no_voi: NoVoi = False,
    invert: Invert = False,
    planes: Planes = "on",
    shutter: Shutter = "on",
    icc: Icc = "on",
    colormap: Colormap = "grey",
    state: State = None,
    segments: Segments = None,
    opacity: Opacity = None,
    annotations: Annotations = None,
    overlay: Annotated[
        Literal["none", "anonymous", "all"], typer.Option(help="Corner text to draw.")
    ] = "none",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write one frame as it is shown, or one page of a document, as an 8-bit picture."""
    from xray_studio.core.colour_map import known_colour_map
    from xray_studio.core.presentation import Overlay
    from xray_studio.services.export.frame_picture import told_of, write_frame
    from xray_studio.services.open import only_document, open_catalog
    from xray_studio.services.open import scan as scan_paths
    from xray_studio.services.processing.steps import pipeline_of
    from xray_studio.services.voi_choice import VoiChoice, chosen

    catalog = run_job(scan_paths(os.fspath(file)), quiet=quiet)
    document = only_document(catalog)
    if document is not None:
        return _render_page(document, out, frame, overwrite=overwrite, json=json, quiet=quiet)
    clip = run_job(open_catalog(catalog), quiet=quiet)
    clip, how = laid_over(clip, state, segments, quiet=quiet)
    clip = processed_by(clip, pipeline_of(step), quiet=quiet) if step else clip
    how = chosen(clip, VoiChoice(window, voi, no_voi, invert), how)
    how = with_opacity(how, opacity)
    how = replace(how, planes=planes == "on", shutter=shutter == "on", profile=icc == "on")
    how = replace(how, colour_map=known_colour_map(colormap))
    clip = annotated(clip, annotations, how, quiet=quiet)
    job = write_frame(clip, frame - 1, out, how, Overlay(overlay), overwrite=overwrite)
    picture = run_job(job, quiet=quiet)
    for sentence in told_of(clip, out, how, Overlay(overlay)):
        complain(sentence)
    if json:
        rows, columns = picture.shape[:2]
        say_json({"file": str(out), "frame": frame, "rows": rows, "columns": columns})
    return IN_PART if tell_losses(clip) else DONE


def _render_page(
    path: str, out: Path, page: int, *, overwrite: bool, json: bool, quiet: bool
) -> int:
    from xray_studio.services.documents.pages import write_page
    from xray_studio.services.documents.reading import open_document

    document = run_job(open_document(path), quiet=quiet)
    picture = run_job(write_page(document, page - 1, out, overwrite=overwrite), quiet=quiet)
    if json:
        rows, columns = picture.shape[:2]
        say_json({"file": str(out), "page": page, "rows": rows, "columns": columns})
    return DONE
