"""Choices of the export dialog as a recipe and back, and as what is asked of the service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xray_studio.core.output import Quality
from xray_studio.core.presentation import Window
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.recipe import FOLDER_FORMAT, Recipe, options_of
from xray_studio.ui.dialogs.export.choices import Choices, frame_range
from xray_studio.ui.dialogs.export.formats import (
    CODECS,
    FORMATS,
    RECIPE,
    SYNTAXES,
    codecs_of,
    suffix_word,
)
from xray_studio.ui.dialogs.export.offers import settled
from xray_studio.ui.view import View


def recipe_of(view: View, choices: Choices) -> Recipe:
    """Return the choices as a recipe; what is chosen of this clip's frames is told by number."""
    first, last = frame_range(view, choices)
    rows = ("quality", "codec", "encoder", "depth", "dither")
    used: dict[str, Any] = {row: getattr(choices, row) for row in rows if _is_used(choices, row)}
    return Recipe(
        format=suffix_word(choices.format) if choices.kind != "pictures" else FOLDER_FORMAT,
        stills=choices.format if choices.kind == "pictures" else Recipe().stills,
        frames="" if choices.frames == "all" else f"{first + 1}-{last + 1}",
        overlay=Recipe().overlay if choices.as_stored else choices.text,
        syntax="" if choices.syntax == "as-is" else choices.syntax,
        shown=choices.format == "dcm-shown",
        vfr=choices.moments,
        step=view.pipeline,
        size=_size(choices),
        **_motion(choices),
        **used,
    )


def _is_used(choices: Choices, row: str) -> bool:
    """Tell whether a row means anything for the format that is chosen."""
    if row == "quality":
        return choices.is_video or choices.is_lossy_object or choices.format == "jpg"
    if row == "dither":
        return choices.format == "gif"
    if row == "depth":
        return choices.kind in {"video", "pictures"}
    return choices.is_video and bool(codecs_of(choices.format))


def _motion(choices: Choices) -> dict[str, Any]:
    """Return rate, speed and order."""
    if not choices.is_video and choices.format != "dcm-shown":
        return {}
    if choices.speed == RECIPE:
        loaded = choices.recipe
        return {"fps": loaded.fps, "speed": loaded.speed, "loop": loaded.loop}
    return {
        "fps": "real" if choices.speed == "real" else "",
        "speed": 0.5 if choices.speed == "half" else 1.0,
        "loop": "ping-pong" if choices.speed == "ping-pong" else "once",
    }


def _size(choices: Choices) -> str:
    if choices.as_stored:
        return "source"
    if choices.size == RECIPE:
        return choices.recipe.size
    return f"{choices.width}x" if choices.size == "custom" else choices.size


def with_window(view: View, recipe: Recipe) -> Recipe:
    """Return a recipe with the window and the inversion of a view, which fit clips of its kind."""
    how = view.presentation
    made = replace(recipe, invert=how.invert)
    if isinstance(how.voi, Window):
        return replace(made, window=(how.voi.center, how.voi.width))
    return replace(made, no_voi=how.voi is None)


def problem_of(view: View, recipe: Recipe, name: str) -> str:
    """Return why a recipe cannot be followed in the dialog for a view, "" where it can."""
    if recipe.dataset:
        return f"{name} is a recipe for data sets; choose File, Export data set."
    if recipe.step.steps and recipe.step.steps != view.pipeline.steps:
        return (
            f"{name} processes frames by other steps; choose them in the panel Processing, or run"
            " it with File, Batch."
        )
    return ""


def choices_from(view: View, recipe: Recipe, choices: Choices) -> Choices:
    """Return the choices that a recipe stands for; what no row offers keeps the key "recipe"."""
    known = {key for key, _ in FORMATS}
    form = recipe.stills if recipe.format == FOLDER_FORMAT else recipe.format
    form = "dcm-shown" if form == "dcm" and recipe.shown else form
    width, wide, height = recipe.size.partition("x")
    custom = bool(wide) and not height
    made = replace(
        choices,
        format=form if form in known else choices.format,
        frames=RECIPE if recipe.frames else "all",
        speed=_speed(recipe),
        size="custom" if custom else RECIPE if wide else recipe.size,
        width=int(width) if custom else choices.width,
        text=recipe.overlay,
        moments=recipe.vfr,
        quality=recipe.quality,
        codec=recipe.codec if recipe.codec in dict(CODECS) else "auto",
        encoder=recipe.encoder,
        depth=recipe.depth,
        dither=recipe.dither,
        syntax=recipe.syntax if recipe.syntax in dict(SYNTAXES) else "as-is",
        recipe=recipe,
    )
    assert view.clip is not None
    if len(view.clip) == 1:
        made = replace(made, frames="one", format="png" if made.is_video else made.format)
    return settled(view, made, "format")


def _speed(recipe: Recipe) -> str:
    shortcuts = {
        ("", 1.0, "once"): "acquired",
        ("", 0.5, "once"): "half",
        ("real", 1.0, "once"): "real",
        ("", 1.0, "ping-pong"): "ping-pong",
    }
    return shortcuts.get((recipe.fps, recipe.speed, recipe.loop), RECIPE)


def speed_words(recipe: Recipe) -> str:
    """Return what a recipe asks of the speed that no other option says: "25 per s, ping-pong"."""
    rate = "real time" if recipe.fps == "real" else f"{recipe.fps} per s" if recipe.fps else ""
    times = f"\N{MULTIPLICATION SIGN} {recipe.speed:g}" if recipe.speed != 1.0 else ""
    loop = "ping-pong" if recipe.loop != "once" else ""
    return ", ".join(filter(None, (rate, times, loop)))


def export_options(view: View, choices: Choices) -> ExportOptions:
    """Return the request for the export service. Raises UsageError for what cannot be meant."""
    asked = options_of(recipe_of(view, choices))
    exact = choices.kind == "pictures" and choices.format != "jpg"
    return replace(
        asked,
        frames=frame_range(view, choices),
        presentation=view.presentation,
        quality=Quality.LOSSLESS if exact else asked.quality,
    )
