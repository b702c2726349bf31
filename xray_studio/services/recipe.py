"""A recipe: everything that an export is asked for, in the words of the command line.

It holds choices only, neither paths nor anything of a patient, so that it can be handed on and
replayed over other files.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Literal

from xray_studio.core.clip import Clip
from xray_studio.core.colour_map import COLOUR_MAPS, known_colour_map
from xray_studio.core.comparison import Arrangement, Ending
from xray_studio.core.errors import UsageError
from xray_studio.core.output import Dither, Quality
from xray_studio.core.pipeline import Pipeline
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay, Presentation
from xray_studio.core.privacy import Marked, Privacy
from xray_studio.core.region import Region
from xray_studio.core.split import parse_shares
from xray_studio.dicom.pixels.encoders import syntax_of
from xray_studio.services.export.exporters import EXPORTERS
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.voi_choice import VoiChoice, chosen
from xray_studio.video.hardware import KINDS

FOLDER_FORMAT: Final = "pictures"  # a folder of pictures, which has no suffix
DIGITS: Final = 9  # of the largest number that is understood


def _one_of(*words: str) -> Any:
    """Return a field that takes one of some words, the first of them where nothing is said."""
    return field(default=words[0], metadata={"words": words})


@dataclass(frozen=True, slots=True)
class Recipe:
    """The choices of an export, each under the name of its option on the command line.

    `format` is a suffix without its dot, or "pictures" for a folder of them; "" leaves it to the
    name of the target. `arrange`, `ending` and `as_stored` (places from 1) are those of clips
    beside one another, `dataset` with those from `normalise` on those of a data set. `step` is how
    frames are processed before anything else is done with them.
    """

    format: str = ""
    frames: str = ""
    fps: str = ""
    speed: float = 1.0
    loop: str = _one_of("once", "ping-pong")
    vfr: str = _one_of("auto", "on", "off")
    size: str = "source"
    window: tuple[float, float] | None = None
    voi: int | None = None
    no_voi: bool = False
    invert: bool = False
    planes: str = _one_of("on", "off")
    shutter: str = _one_of("on", "off")
    icc: str = _one_of("on", "off")
    colormap: str = _one_of("grey", *COLOUR_MAPS)
    quality: str = _one_of("medium", "low", "high", "lossless")
    codec: str = _one_of("auto", "h264", "hevc", "vp9", "ffv1", "mjpeg")
    encoder: str = _one_of("software", "auto", *KINDS)
    dither: str = _one_of("ordered", "none", "diffused")
    depth: str = _one_of("8", "16")
    stills: str = _one_of("png", "jpg", "tiff")
    overlay: str = _one_of("none", "anonymous", "all")
    syntax: str = ""
    shown: bool = False
    mask: tuple[str, ...] = ()
    deidentify: bool = False
    arrange: str = _one_of(*(one.value for one in Arrangement))
    ending: str = _one_of(*(one.value for one in Ending))
    as_stored: tuple[int, ...] = ()
    dataset: bool = False
    normalise: str = _one_of("window", "percentile", "z-score")
    split: str = "80/10/10"
    seed: int = 0
    samples: str = _one_of("png", "npz")
    every: int = 1
    step: Pipeline = Pipeline()  # noqa: RUF009 - a frozen value


NAMES: Final = tuple(one.name for one in fields(Recipe))
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    one.name: one.metadata["words"] for one in fields(Recipe) if one.metadata
}


def words_of(name: str) -> tuple[str, ...]:
    """Return the words that a choice takes, the usual one first; none where any is taken."""
    return _WORDS.get(name, ())


def checked(recipe: Recipe) -> Recipe:
    """Return a recipe that can be followed. Raises UsageError for a word that it cannot hold."""
    for name, words in _WORDS.items():
        value = getattr(recipe, name)
        if value not in words:
            raise UsageError(f"--{name} {value} is unknown; choose one of {', '.join(words)}.")
    kinds = [suffix.removeprefix(".") for suffix in EXPORTERS.entries()]
    if recipe.format not in {*kinds, FOLDER_FORMAT}:
        known = ", ".join(filter(None, (*kinds, FOLDER_FORMAT)))
        raise UsageError(f"The format {recipe.format} is unknown; choose one of {known}.")
    if any(place < 1 for place in recipe.as_stored):
        raise UsageError("--as-stored counts clips from 1, which is SRC.")
    if recipe.every < 1:
        raise UsageError("--every 1 takes every frame, 2 every second one; choose one from 1.")
    parse_shares(recipe.split)
    options_of(recipe)
    return recipe


def options_of(recipe: Recipe) -> ExportOptions:
    """Return the options that a recipe stands for, the presentation left open.

    Raises UsageError for what cannot be understood.
    """
    real = recipe.fps == "real"
    return ExportOptions(
        frames=_range(recipe.frames),
        rate=None if real or not recipe.fps else _rate(recipe.fps),
        real_time=real,
        speed=recipe.speed,
        loop=Loop(recipe.loop),
        size=_size(recipe.size),
        overlay=Overlay(recipe.overlay),
        quality=Quality(recipe.quality),
        stills=f".{recipe.stills}",
        codec="" if recipe.codec == "auto" else recipe.codec,
        encoder="" if recipe.encoder == "software" else recipe.encoder,
        dither=Dither(recipe.dither),
        bits=int(recipe.depth),
        shown=recipe.shown,
        syntax=syntax_of(recipe.syntax) if recipe.syntax else "",
        variable_rate=None if recipe.vfr == "auto" else recipe.vfr == "on",
        privacy=Privacy(
            marked=tuple(Marked(Region.parsed(text)) for text in recipe.mask),
            deidentify=recipe.deidentify,
        ),
    )


def options_for(recipe: Recipe, clip: Clip, usual: Presentation | None = None) -> ExportOptions:
    """Return the options with what is shown of a clip, as is `usual` where nothing is chosen.

    Raises UsageError for what it has not.
    """
    choice = VoiChoice(recipe.window, recipe.voi, recipe.no_voi, recipe.invert)
    shown = replace(
        chosen(clip, choice, usual),
        planes=recipe.planes == "on",
        shutter=recipe.shutter == "on",
        profile=recipe.icc == "on",
        colour_map=known_colour_map(recipe.colormap),
    )
    return replace(options_of(recipe), presentation=shown)


def changed(recipe: Recipe) -> dict[str, Any]:
    """Return the choices that are not the usual ones, by name."""
    usual = Recipe()
    values = {name: getattr(recipe, name) for name in NAMES}
    return {name: value for name, value in values.items() if value != getattr(usual, name)}


def _range(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    first, dash, last = text.partition("-")
    if _is_count(first) and (not dash or _is_count(last)):
        return int(first) - 1, int(last or first) - 1
    raise UsageError(f"--frames {text} is no range of frames; write for example --frames 10-40.")


def _rate(text: str) -> float:
    """Return frames per second; "30000/1001" is understood as well."""
    above, slash, below = text.partition("/")
    with contextlib.suppress(ValueError, ZeroDivisionError):
        return float(above) / float(below) if slash else float(above)
    raise UsageError(f"--fps {text} is no rate; write a number of frames per second, or real.")


def _is_count(text: str) -> bool:
    """Tell whether text is a whole number of no absurd length."""
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def _size(text: str) -> tuple[int, int] | Literal["screen"] | None:
    if text == "source":
        return None
    if text == "screen":
        return "screen"
    width, times, height = text.lower().partition("x")
    if times and _is_count(width) and (_is_count(height) or not height):
        return int(width), int(height or 0)
    raise UsageError(
        f"--size {text} is no size; write for example --size 1280x720, 512x for a width, source or"
        " screen."
    )
