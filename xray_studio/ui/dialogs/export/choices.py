"""What is chosen in the export dialog: one key for each of its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from xray_studio.services.recipe import Recipe, options_of
from xray_studio.ui.dialogs.export.formats import (
    CODECS,
    DEPTHS,
    DITHERS,
    ENCODERS,
    FORMATS,
    FRAMES,
    KINDS,
    LOSSY_SYNTAX,
    MOMENTS,
    OF_KIND,
    QUALITIES,
    RECIPE,
    SIZES,
    SPEEDS,
    SYNTAXES,
    TEXTS,
    Options,
    kind_of,
)
from xray_studio.ui.view import View

NOTES: Final = {
    "none": "No text is written into the picture, and no name or number into the file.",
    "anonymous": "No name, number or date is written, neither into the picture nor into the file.",
    "all": "Name and number of the patient can be read in every picture of this export.",
}
NAMED: Final = "A DICOM object names the patient, as its source does."
BURNT_IN: Final = " Text drawn by the device is looked for before anything is written."

OPTIONS: Final[dict[str, Options]] = {
    "kind": KINDS,
    "format": FORMATS,
    "frames": FRAMES,
    "speed": SPEEDS,
    "quality": QUALITIES,
    "size": SIZES,
    "text": TEXTS,
    "codec": CODECS,
    "encoder": ENCODERS,
    "depth": DEPTHS,
    "moments": MOMENTS,
    "dither": DITHERS,
    "syntax": SYNTAXES,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """One key for each row of the dialog; `width` is that of a custom size, in pixels.

    `recipe` is the one that was loaded: it says what the key "recipe" of a row stands for.
    """

    format: str = "mp4"
    frames: str = "all"
    speed: str = "acquired"
    quality: str = "medium"
    size: str = "source"
    width: int = 512
    text: str = "anonymous"
    codec: str = "auto"
    encoder: str = "software"
    depth: str = "8"
    moments: str = "auto"
    dither: str = "ordered"
    syntax: str = "as-is"
    recipe: Recipe = Recipe()  # noqa: RUF009 - a frozen value, made once

    @property
    def kind(self) -> str:
        """Kind of the format: "video", "pictures", "values" or "dicom"."""
        return kind_of(self.format)

    @property
    def as_stored(self) -> bool:
        """Tell whether frames are written as they are and not as they are shown."""
        return self.kind == "values" or self.format == "dcm"

    @property
    def is_lossy_object(self) -> bool:
        """Tell whether a DICOM object is asked for that is stored with loss."""
        return self.kind == "dicom" and self.syntax == LOSSY_SYNTAX

    @property
    def is_video(self) -> bool:
        """Tell whether one file that plays is asked for."""
        return self.kind == "video"


def first_choices(view: View, quality: str = "medium") -> Choices:
    """Return what is chosen when the dialog opens: as much of the clip as plays."""
    assert view.clip is not None
    if len(view.clip) == 1:
        return Choices(format="png", frames="one", width=view.clip.columns)
    whole = (view.cine.first, view.cine.last) == (0, len(view.clip) - 1)
    frames = "all" if whole else "range"
    return Choices(frames=frames, quality=quality, width=view.clip.columns)


def of_kind(choices: Choices, kind: str) -> Choices:
    """Return choices with the first format of a kind, unless they have one of it."""
    if choices.kind == kind:
        return choices
    return replace(choices, format=OF_KIND[kind][0][0])


def frame_range(view: View, choices: Choices) -> tuple[int, int]:
    """Return first and last frame, from 0."""
    assert view.clip is not None
    last = len(view.clip) - 1
    if choices.frames == "one":
        return view.frame, view.frame
    if choices.frames == "range":
        return view.cine.first, view.cine.last
    if choices.frames == RECIPE:
        return options_of(choices.recipe).frames or (0, last)
    return 0, last
