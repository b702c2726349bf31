"""`xray-studio export A OUT --beside B`: clips side by side."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from xray_studio.cli.common import run_job
from xray_studio.cli.over import processed_by

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.services.comparison import Part
    from xray_studio.services.export.options import ExportOptions
    from xray_studio.services.recipe import Recipe

Beside = Annotated[
    list[str],
    typer.Option(
        "--beside",
        metavar="FILE[=CAPTION]",
        help="Show another clip beside SRC, on one clock; may be repeated.",
        show_default=False,
    ),
]
Caption = Annotated[
    str, typer.Option("--caption", metavar="TEXT", help="With --beside: stands above SRC.")
]
Arrange = Annotated[
    Literal["row", "grid"], typer.Option("--arrange", help="How clips beside one another stand.")
]
Ending = Annotated[
    Literal["loop", "hold", "stop"],
    typer.Option("--ending", help="Shorter clips begin anew, hold their last frame, or end all."),
]
AsStored = Annotated[
    list[int],
    typer.Option(
        "--as-stored",
        metavar="N",
        help="With --beside: show clip N (1 is SRC) as its file says, whatever else is asked; may"
        " be repeated. The same FILE beside itself shows the original beside what was made of it.",
        show_default=False,
    ),
]
DifferentPatients = Annotated[
    bool,
    typer.Option(
        "--different-patients", help="Let clips of several patients stand together, nobody named."
    ),
]


class Comparing(NamedTuple):
    """What was typed of a comparison, before it is understood."""

    beside: tuple[str, ...] = ()
    caption: str = ""
    different_patients: bool = False
    views: str = ""


class First(NamedTuple):
    """The clip that was named first, how it is exported, and the clip as its file is."""

    clip: Clip
    options: ExportOptions
    stored: Clip


def compared(
    first: First, recipe: Recipe, words: Comparing, *, quiet: bool
) -> tuple[Clip, ExportOptions]:
    """Return a clip beside others, and options for the whole. Raises UsageError."""
    from xray_studio.core import comparison as core
    from xray_studio.core.errors import UsageError
    from xray_studio.services.comparison import ComparisonOptions, comparison
    from xray_studio.services.export.options import frame_order
    from xray_studio.services.presets import initial_presentation

    clip, options, stored = first
    frame_order(clip, options)  # a range beyond the first clip is told
    parts = [_part(clip, words.caption, options)]
    plain = [_stored(stored, words.caption, options)]
    for text in words.beside:
        path, caption = _split(text)
        other = _opened(path, quiet=quiet)
        made = processed_by(other, recipe.step, quiet=quiet)
        parts.append(_part(made, caption, options_of_other(made, recipe, options)))
        plain.append(_stored(other, caption, options))
    if max(recipe.as_stored, default=0) > len(parts):
        raise UsageError(f"--as-stored counts from 1 to {len(parts)} here, the clips there are.")
    for place in recipe.as_stored:
        parts[place - 1] = plain[place - 1]
    how = ComparisonOptions(
        core.Arrangement(recipe.arrange), core.Ending(recipe.ending), words.different_patients
    )
    whole = comparison(parts, how)
    return whole, replace(options, frames=None, presentation=initial_presentation(whole))


def _part(clip: Clip, caption: str, options: ExportOptions) -> Part:
    from xray_studio.services.comparison import Part

    assert options.presentation is not None
    return Part(clip, options.presentation, caption, options.frames)


def _stored(clip: Clip, caption: str, options: ExportOptions) -> Part:
    """Return a clip as its file says how to show it."""
    from xray_studio.services.comparison import Part
    from xray_studio.services.presets import initial_presentation

    return Part(clip, initial_presentation(clip), caption, options.frames)


def options_of_other(clip: Clip, recipe: Recipe, options: ExportOptions) -> ExportOptions:
    """Return how another clip is shown: as asked, where it has such a window."""
    from xray_studio.core.errors import UsageError
    from xray_studio.services.recipe import options_for

    try:
        return options_for(recipe, clip)
    except UsageError:
        plain = replace(recipe, voi=None)
        return replace(options_for(plain, clip), frames=options.frames)


def _split(text: str) -> tuple[str, str]:
    """Return a file and its caption; names of files may hold equal signs themselves."""
    for place, letter in enumerate(text):
        if letter == "=" and not os.path.exists(text) and os.path.exists(text[:place]):  # noqa: PTH110 - a word, not yet a path
            return text[:place], text[place + 1 :].strip()
    return text, ""


def _opened(path: str, *, quiet: bool) -> Clip:
    from xray_studio.services.open import open_paths

    return run_job(open_paths(path), quiet=quiet)
