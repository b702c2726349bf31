"""What the export dialog offers for a view, and what the choices made there ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from xray_studio.core.output import Quality
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay
from xray_studio.services.export_many import series_name
from xray_studio.services.export_options import ExportOptions, canvas, source_pixels
from xray_studio.ui.session import View

FORMATS: Final = (
    ("mp4", "MP4"),
    ("mov", "MOV"),
    ("mkv", "MKV"),
    ("avi", "AVI"),
    ("png", "PNG frames"),
)
FRAMES: Final = (("all", "All"), ("range", "In to out"), ("one", "This one"))
SPEEDS: Final = (
    ("acquired", "As acquired"),
    ("half", "Half"),
    ("real", "Real time"),
    ("ping-pong", "Ping-pong"),
)
QUALITIES: Final = tuple((quality.value, quality.value.capitalize()) for quality in Quality)
SIZES: Final = (("source", "Source"), ("custom", "Custom"))
TEXTS: Final = (("none", "None"), ("anonymous", "Anonymous"), ("all", "All"))
NOTES: Final = {
    "none": "No text is written into the picture, and no name or number into the file.",
    "anonymous": "No name, number or date is written, neither into the picture nor into the file.",
    "all": "Name and number of the patient can be read in every picture of this export.",
}
BURNT_IN: Final = " Text that the device has drawn into the picture itself stays."


@dataclass(frozen=True, slots=True)
class Choices:
    """One key for each row of the dialog; `width` is that of a custom size, in pixels."""

    format: str = "mp4"
    frames: str = "all"
    speed: str = "acquired"
    quality: str = "medium"
    size: str = "source"
    width: int = 512
    text: str = "anonymous"

    @property
    def is_video(self) -> bool:
        """Tell whether one file that plays is asked for."""
        return self.format != "png"


def first_choices(view: View, quality: str = "medium") -> Choices:
    """Return what is chosen when the dialog opens: as much of the clip as plays."""
    assert view.clip is not None
    if len(view.clip) == 1:
        return Choices(format="png", frames="one", width=view.clip.columns)
    whole = (view.cine.first, view.cine.last) == (0, len(view.clip) - 1)
    frames = "all" if whole else "range"
    return Choices(frames=frames, quality=quality, width=view.clip.columns)


def unavailable(view: View, choices: Choices) -> dict[tuple[str, str], str]:
    """Return the options that cannot be chosen now, by row and key, each with the reason."""
    assert view.clip is not None
    found: dict[tuple[str, str], str] = {}
    if len(view.clip) == 1:
        found |= {("frames", key): "There is one picture" for key in ("all", "range")}
        found |= {("format", key): "One picture is written as PNG" for key, _ in FORMATS[:-1]}
    if not choices.is_video:
        found |= {("speed", key): "Pictures have no speed" for key, _ in SPEEDS}
        found |= {("quality", key): "PNG is always lossless" for key, _ in QUALITIES}
    if len(view.clip.timing.times) != len(view.clip):
        found["speed", "real"] = "The file does not tell when its frames were acquired"
    if choices.format == "avi":
        found["quality", "lossless"] = "AVI cannot be lossless; choose MP4, MOV or MKV"
        found["speed", "real"] = "AVI has one fixed rate; choose MP4, MOV or MKV"
    return found


def settled(view: View, choices: Choices, changed: str) -> Choices:
    """Return choices that go together after the row `changed` was changed by the user."""
    if choices.frames == "one" and choices.is_video:
        # One frame is a picture, a video needs several: the row chosen last decides.
        if changed == "format":
            choices = replace(choices, frames="all")
        else:
            choices = replace(choices, format="png")
    out = unavailable(view, choices)
    if choices.is_video and ("quality", choices.quality) in out:
        choices = replace(choices, quality="high")
    if choices.is_video and ("speed", choices.speed) in out:
        choices = replace(choices, speed="acquired")
    return choices


def frame_range(view: View, choices: Choices) -> tuple[int, int]:
    """Return first and last frame, from 0."""
    assert view.clip is not None
    if choices.frames == "one":
        return view.frame, view.frame
    if choices.frames == "range":
        return view.cine.first, view.cine.last
    return 0, len(view.clip) - 1


def export_options(view: View, choices: Choices) -> ExportOptions:
    """Return the request for the export service."""
    assert view.clip is not None
    plays = choices.is_video
    return ExportOptions(
        frames=frame_range(view, choices),
        real_time=plays and choices.speed == "real",
        speed=0.5 if plays and choices.speed == "half" else 1.0,
        loop=Loop.PING_PONG if plays and choices.speed == "ping-pong" else Loop.ONCE,
        size=custom_size(view, choices.width) if choices.size == "custom" else None,
        presentation=view.presentation,
        overlay=Overlay(choices.text),
        quality=Quality(choices.quality) if plays else Quality.LOSSLESS,
    )


def source_size(view: View) -> tuple[int, int]:
    """Return columns and rows of a picture as exported, pixels square, turned as shown."""
    assert view.clip is not None
    return source_pixels(view.clip, view.presentation.rotation)


def size_words(columns: int, rows: int) -> str:
    """Return a size in pixels as people write it."""
    return f"{columns} \N{MULTIPLICATION SIGN} {rows}"


def size_written(view: View, choices: Choices) -> str:
    """Return the size of the pictures in the file: "334 x 240, even sides for MP4"."""
    from xray_studio.video.planes import even

    assert view.clip is not None
    size = canvas(view.clip, export_options(view, choices), view.presentation.rotation)
    if not choices.is_video:
        return size_words(size.columns, size.rows)
    columns, rows = even(size.columns), even(size.rows)
    changed = (columns, rows) != (size.columns, size.rows)
    return size_words(columns, rows) + (
        f", even sides for {dict(FORMATS)[choices.format]}" if changed else ""
    )


def custom_size(view: View, width: int) -> tuple[int, int]:
    """Return columns and rows of pictures `width` wide in the shape of the source."""
    columns, rows = source_size(view)
    return width, max(1, round(width * rows / columns))


def suffix_of(view: View, choices: Choices) -> str:
    """Return the suffix of the target: none for a folder of pictures."""
    assert view.clip is not None
    if choices.is_video:
        return f".{choices.format}"
    first, last = frame_range(view, choices)
    return ".png" if first == last else ""


def name_problem(name: str) -> str:
    """Return what is wrong with a name without suffix, "" for one that stays in its folder."""
    if not name:
        return "The file needs a name."
    if "/" in name or "\\" in name:
        return "A name has neither / nor \\; choose the folder below."
    return "A name is more than dots; choose another one." if not name.strip(". ") else ""


def safe_name(view: View) -> str:
    """Return a name without suffix that tells nothing about the patient: "run-3"."""
    assert view.clip is not None
    made = view.clip.acquisition
    return series_name(made.modality, made.series_number)


def free_target(folder: Path, name: str, suffix: str) -> Path:
    """Return a path in a folder that nothing has yet: "run-3.mp4", "run-3-2.mp4"."""
    number, target = 1, folder / f"{name}{suffix}"
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}{suffix}"
    return target
