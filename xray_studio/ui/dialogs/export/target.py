"""Where an export goes and how large its pictures are: names, suffixes, sizes."""

from __future__ import annotations

from pathlib import Path

from xray_studio.services.export.estimate import written_size
from xray_studio.services.export.many import series_name
from xray_studio.services.export.options import source_pixels
from xray_studio.ui.dialogs.export.choices import Choices, frame_range
from xray_studio.ui.dialogs.export.formats import NAMES_OF_FORMATS, suffix_word
from xray_studio.ui.dialogs.export.recipe import export_options
from xray_studio.ui.view import View


def source_size(view: View) -> tuple[int, int]:
    """Return columns and rows of a picture as exported, pixels square, turned as shown."""
    assert view.clip is not None
    return source_pixels(view.clip, view.presentation.rotation)


def size_words(columns: int, rows: int) -> str:
    """Return a size in pixels as people write it."""
    return f"{columns} \N{MULTIPLICATION SIGN} {rows}"


def size_written(view: View, choices: Choices) -> str:
    """Return the size of the pictures in the file: "334 x 240, even sides for MP4"."""
    assert view.clip is not None
    options = export_options(view, choices)
    asked = written_size(view.clip, options, "")
    made = written_size(view.clip, options, f".{choices.format}" if choices.is_video else "")
    changed = (made.columns, made.rows) != (asked.columns, asked.rows)
    return size_words(made.columns, made.rows) + (
        f", even sides for {NAMES_OF_FORMATS[choices.format]}" if changed else ""
    )


def custom_size(view: View, width: int) -> tuple[int, int]:
    """Return columns and rows of pictures `width` wide in the shape of the source."""
    columns, rows = source_size(view)
    return width, max(1, round(width * rows / columns))


def suffix_of(view: View, choices: Choices) -> str:
    """Return the suffix of the target: none for a folder of pictures."""
    assert view.clip is not None
    if choices.kind != "pictures":
        return f".{suffix_word(choices.format)}"
    first, last = frame_range(view, choices)
    return f".{choices.format}" if first == last else ""


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
