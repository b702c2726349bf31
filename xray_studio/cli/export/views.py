"""`xray-studio export A OUT --step ... --side-by-side original,denoised`: views of one clip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

from xray_studio.cli.export.beside import First, options_of_other
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.services.comparison import Part
    from xray_studio.services.export.options import ExportOptions
    from xray_studio.services.recipe import Recipe

ORIGINAL: Final = "original"
# What a view shows, and the badge that steps must give for it; "" for any.
VIEWS: Final = {"processed": "", "denoised": "DENOISED", "enhanced": "ENHANCED"}
SideBySide = Annotated[
    str,
    typer.Option(
        "--side-by-side",
        metavar="VIEW,VIEW",
        help="Show views of SRC on one clock: original, and what --step made of it (processed,"
        " denoised, enhanced).",
    ),
]


def side_by_side(first: First, recipe: Recipe, words: str) -> tuple[Clip, ExportOptions]:
    """Return views of a clip beside one another, and options for the whole. Raises UsageError."""
    from xray_studio.core import comparison as core
    from xray_studio.services.comparison import ComparisonOptions, comparison
    from xray_studio.services.presets import initial_presentation

    names = [word.strip().lower() for word in words.split(",")]
    if len(names) < 2:
        raise UsageError("--side-by-side takes two views or more: original,denoised.")
    parts = [_part(first, recipe, name) for name in names]
    how = ComparisonOptions(core.Arrangement(recipe.arrange), core.Ending(recipe.ending))
    whole = comparison(parts, how)
    return whole, replace(first.options, frames=None, presentation=initial_presentation(whole))


def _part(first: First, recipe: Recipe, name: str) -> Part:
    from xray_studio.services.comparison import Part

    if name == ORIGINAL:
        clip, options = first.stored, options_of_other(first.stored, recipe, first.options)
    elif name in VIEWS:
        _check_made(first.clip, name)
        clip, options = first.clip, first.options
    else:
        known = ", ".join((ORIGINAL, *VIEWS))
        raise UsageError(f"There is no view {name}; --side-by-side takes {known}.")
    assert options.presentation is not None
    return Part(clip, options.presentation, name.capitalize(), first.options.frames)


def _check_made(clip: Clip, name: str) -> None:
    """Raise UsageError where no step made what a view is to show."""
    if not clip.steps or (VIEWS[name] and VIEWS[name] not in clip.processed):
        raise UsageError(f"No --step makes the view {name}; xray-studio steps lists them.")
