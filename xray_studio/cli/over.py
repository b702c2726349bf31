"""What commands do with a clip before it is shown: processing, states, segmentations."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import run_job

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.pipeline import Pipeline
    from xray_studio.core.presentation import Presentation

State = Annotated[
    Path | None,
    typer.Option("--state", metavar="FILE.dcm", help="Show as a presentation state says."),
]
Segments = Annotated[
    Path | None,
    typer.Option("--segments", metavar="FILE.dcm", help="Lay a segmentation over the pictures."),
]
Opacity = Annotated[
    float | None,
    typer.Option("--opacity", metavar="0-1", help="Of segments; 0 leaves only their outlines."),
]


def laid_over(
    clip: Clip, state: Path | None, segments: Path | None, *, quiet: bool
) -> tuple[Clip, Presentation | None]:
    """Return a clip with what lies over it, and how a state shows it.

    Raises UsageError for a state or segmentation of other images, and why one cannot be read.
    """
    shown = None
    if state is not None:
        from xray_studio.services.states import read_state, with_state

        applied = with_state(clip, read_state(os.fspath(state)))
        clip, shown = applied.clip, applied.presentation
    if segments is not None:
        from xray_studio.services.segmentations import read_segmentation, with_segments

        marked = run_job(read_segmentation(os.fspath(segments)), quiet=quiet)
        clip = with_segments(clip, marked)
    return clip, shown


def processed_by(clip: Clip, pipeline: Pipeline, *, quiet: bool) -> Clip:
    """Return a clip processed by a pipeline. Raises UsageError for steps that it cannot have."""
    if not pipeline.steps:
        return clip
    from xray_studio.services.processing.process import processed

    return run_job(processed(clip, pipeline), quiet=quiet)


def with_opacity(how: Presentation, opacity: float | None) -> Presentation:
    """Return a presentation whose segments have an opacity. Raises UsageError beyond 0 to 1."""
    if opacity is None:
        return how
    if not 0.0 <= opacity <= 1.0:
        from xray_studio.core.errors import UsageError

        raise UsageError("The opacity must be 0 to 1.")
    return replace(how, opacity=opacity)
