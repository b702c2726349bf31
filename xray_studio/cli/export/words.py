"""The options of `export`, and the recipe that they and a recipe file stand for together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from xray_studio.services.recipe import Recipe

Frames = Annotated[
    str,
    typer.Option("--frames", metavar="A-B", help="Range of frames, from 1.", show_default=False),
]
Rate = Annotated[
    str,
    typer.Option(
        "--fps",
        metavar="X|real",
        help="Frames per second, or the real moments.",
        show_default=False,
    ),
]
Speed = Annotated[float, typer.Option("--speed", metavar="X", help="2 plays twice as fast.")]
Loop = Annotated[
    Literal["once", "ping-pong"], typer.Option("--loop", help="Ping-pong goes there and back.")
]
Vfr = Annotated[
    Literal["auto", "on", "off"],
    typer.Option(
        "--vfr", help="With --fps real: frames at their own moments, or repeated at a fixed rate."
    ),
]
Size = Annotated[
    str,
    typer.Option(
        "--size",
        metavar="WIDTHxHEIGHT|source|screen",
        help="Fit the picture into a size; 512x is a width, screen at most 1920x1080.",
    ),
]
Quality = Annotated[
    Literal["low", "medium", "high", "lossless"], typer.Option("--quality", help="Detail to keep.")
]
Codec = Annotated[
    Literal["auto", "h264", "hevc", "vp9", "ffv1", "mjpeg"],
    typer.Option("--codec", help="Auto is the usual one of the kind of file."),
]
Encoder = Annotated[
    Literal["software", "auto", "nvenc", "qsv", "vaapi"],
    typer.Option("--encoder", help="Software, graphics hardware if there is any, or one of them."),
]
Dithering = Annotated[
    Literal["none", "ordered", "diffused"],
    typer.Option("--dither", help="How a GIF mixes colours that its palette lacks."),
]
Depth = Annotated[
    Literal["8", "16"],
    typer.Option("--depth", help="Bits of grey: 16 with .png, .tiff, and .mkv (FFV1)."),
]
Overlay = Annotated[
    Literal["none", "anonymous", "all"], typer.Option("--overlay", help="Corner text to burn in.")
]
Media = Annotated[
    bool,
    typer.Option(
        "--media",
        help="Copy the DICOM objects unchanged into the folder OUT, or OUT.zip, with a DICOMDIR.",
    ),
]
Dataset = Annotated[
    bool,
    typer.Option(
        "--dataset",
        help="Write a data set for machine learning into the folder OUT: every series, split by"
        " patient, with a table. Takes --size, --frames, --window, --depth and those below.",
    ),
]
Normalise = Annotated[
    Literal["window", "percentile", "z-score"],
    typer.Option("--normalise", help="How the values of a data set are scaled."),
]
Split = Annotated[
    str,
    typer.Option(
        "--split", metavar="A/B/C", help="Shares of training, validation and test, in patients."
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Another seed, another split.")]
Samples = Annotated[
    Literal["png", "npz"],
    typer.Option("--samples", help="Files of a data set: pictures or numbers."),
]
Every = Annotated[
    int, typer.Option("--every", metavar="N", help="Take every Nth frame into a data set.")
]
Shown = Annotated[
    bool,
    typer.Option("--shown", help="Let a .dcm hold pictures as they are shown, of 8 bits."),
]
Syntax = Annotated[
    str,
    typer.Option(
        "--syntax",
        metavar="NAME|UID",
        help="Transfer syntax of a .dcm: explicit, implicit, deflated, rle, jpeg-lossless, jpeg-ls,"
        " jpeg-2000, htj2k or jpeg-baseline; without it as it is.",
        show_default=False,
    ),
]
Stills = Annotated[
    Literal["png", "jpg", "tiff"], typer.Option("--stills", help="Pictures of a folder.")
]
Mask = Annotated[
    list[str],
    typer.Option(
        "--mask",
        metavar="X,Y,WIDTH,HEIGHT",
        help="Make a part of every frame black, in pixels of the source; may be repeated.",
        show_default=False,
    ),
]
Deidentify = Annotated[
    bool,
    typer.Option(
        "--deidentify",
        help="Write nothing that identifies: text in the pictures is found and made black,"
        " identity in the name or in corner text refused.",
    ),
]
PrivacyWord = Annotated[
    Literal["off", "report"],
    typer.Option(
        "--privacy", help="report: print what the export would tell, as JSON, and write nothing."
    ),
]
RecipeFile = Annotated[
    Path | None,
    typer.Option(
        "--recipe",
        metavar="FILE",
        help="Choices from a file; options that are given as well win. Where OUT has no suffix,"
        " every series becomes a file of its own in that folder.",
    ),
]
SaveRecipe = Annotated[
    Path | None,
    typer.Option("--save-recipe", metavar="FILE", help="Write these choices as a recipe as well."),
]


Steps = Annotated[
    list[str],
    typer.Option(
        "--step",
        metavar="NAME:key=value,...",
        help="Process the frames, in the order given; may be repeated (see the command steps).",
        show_default=False,
    ),
]


def recipe_of(context: typer.Context, file: Path | None) -> Recipe:
    """Return the choices of a recipe file, those that were typed in their place.

    Raises UsageError for what cannot be understood.
    """
    from xray_studio.services.recipe import NAMES, Recipe, checked
    from xray_studio.services.recipe_file import load_recipe

    base = Recipe() if file is None else load_recipe(file)
    given = (name for name in NAMES if name in context.params and _typed(context, name))
    typed = {name: _plain(name, context.params[name]) for name in given}
    return checked(replace(_without_voi(base, typed), **typed))


def _without_voi(base: Recipe, typed: dict[str, Any]) -> Recipe:
    """Return a recipe that leaves the window open where another one was typed."""
    if typed.keys() & {"window", "voi", "no_voi"}:
        return replace(base, window=None, voi=None, no_voi=False)
    return base


def _plain(name: str, value: Any) -> Any:
    """Return what was typed several times as a value that does not change."""
    if name == "step":
        from xray_studio.services.processing.steps import pipeline_of

        return pipeline_of(value)
    return tuple(value) if isinstance(value, list) else value


def _typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
