"""The same things from Python: `import xray_studio as xs`, then `xs.open("cine.dcm")`.

Frames count from 0 here. Everything runs to its end; the jobs of the other modules report progress
and can be stopped.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeVar

from xray_studio.core.clip import Clip
from xray_studio.core.colour_map import known_colour_map
from xray_studio.core.comparison import Arrangement, Ending
from xray_studio.core.conformance import Checked
from xray_studio.core.document import Document
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.assessment import Assessment
from xray_studio.core.output import Dither, Picture, Quality
from xray_studio.core.playback import Loop
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.core.privacy import Marked, Privacy
from xray_studio.core.region import Region
from xray_studio.core.study import Catalog
from xray_studio.dicom.pixels.encoders import syntax_of
from xray_studio.services.comparison import ComparisonOptions, Part, comparison
from xray_studio.services.dataset.make import DatasetResult
from xray_studio.services.dataset.make import export_dataset as dataset_job
from xray_studio.services.dataset.samples import DatasetOptions
from xray_studio.services.documents.reading import read_document as read
from xray_studio.services.export.frame_picture import displayed
from xray_studio.services.export.media import MediaResult
from xray_studio.services.export.media import export_media as media_job
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import ExportResult
from xray_studio.services.export.run import export as export_job
from xray_studio.services.learning.inference.engine import Engine
from xray_studio.services.learning.inference.findings import Models, Shown, assess
from xray_studio.services.open import open_paths
from xray_studio.services.open import scan as scan_job
from xray_studio.services.presets import initial_presentation
from xray_studio.services.processing.catalogue import steps_known
from xray_studio.services.processing.flow import FlowView, flow_clip
from xray_studio.services.processing.motion import Displacement, displacement
from xray_studio.services.processing.process import processed as processed_job
from xray_studio.services.processing.steps import pipeline_of, step_facts
from xray_studio.services.validate import validate as validate_job
from xray_studio.services.voi_choice import VoiChoice, chosen

Word = TypeVar("Word", bound=Enum)
PathLike = str | os.PathLike[str]


def scan(*paths: PathLike) -> Catalog:
    """Return patients, studies and series below files and folders; what fails is in `skipped`."""
    return run(scan_job(list(paths)))


def open(*paths: PathLike) -> Clip:  # noqa: A001 - called as xs.open
    """Return a file as a clip, several files or a folder as one sequence in time order.

    `clip[i]` are modality values, float32 (rows, columns), or RGB uint8. Raises StudioError with
    the reason when nothing can be opened.
    """
    return run(open_paths(list(paths)))


def read_document(path: PathLike) -> Document:
    """Return a report, dose report, key object selection, waveform or document inside DICOM.

    Its blocks are text, tables, links, traces (NumPy arrays) and pages; `dose` holds the numbers of
    a dose report. Raises StudioError with the reason when the file holds no document.
    """
    return read(path)


def render(
    clip: Clip | PathLike,
    index: int = 0,
    *,
    window: Window | tuple[float, float] | None = None,
    voi: int | None = None,
    full_range: bool = False,
    invert: bool = False,
    planes: bool = True,
    shutter: bool = True,
    icc: bool = True,
    colormap: str = "grey",
    overlay: str = "none",
) -> Picture:
    """Return frame `index` as shown: uint8 (rows, columns), or RGB (rows, columns, 3).

    `window` is a Window or its (centre, width); `voi` counts the file's windows, then its VOI
    LUTs, from 1. `planes`, `shutter` and `icc` show what the file tells of overlay planes, display
    shutter and colours; `colormap` is one of `xray_studio.core.colour_map.COLOUR_MAPS`.
    """
    shown = _clip(clip)
    how = chosen(shown, VoiChoice(window, voi, full_range, invert))
    how = replace(how, planes=planes, shutter=shutter, profile=icc)
    how = replace(how, colour_map=known_colour_map(colormap))
    return displayed(shown, range(len(shown))[index], how, _word(Overlay, overlay))


def steps() -> list[dict[str, Any]]:
    """Return the steps that there are: name, title, and parameters with their ranges."""
    return [step_facts(step) for step in steps_known()]


def process(
    clip: Clip | PathLike | Sequence[PathLike],
    target: PathLike,
    step: str | Sequence[str],
    *,
    frames: tuple[int, int] | None = None,
    syntax: str = "",
    overwrite: bool = False,
) -> ExportResult:
    """Process a DICOM object by steps in words and write its values as an object derived from it.

    The target is a .dcm, or a folder for a series of several objects, each of which becomes one;
    the source is never touched. Raises StudioError with the reason when it
    cannot be written; nothing is left behind then.
    """
    if Path(target).suffix.lower() not in {"", ".dcm"} and not Path(target).is_dir():
        raise UsageError("Values that are processed become a DICOM object; name a .dcm.")
    words = [step] if isinstance(step, str) else list(step)
    if not words:
        raise UsageError("Name at least one step; xs.steps() lists them.")
    return export(
        clip, target, step=words, frames=frames, syntax=syntax, overwrite=overwrite, stills="dcm"
    )


def processed(clip: Clip, *words: str) -> Clip:
    """Return a clip processed by steps in words; `Clip.process` is this."""
    return run(processed_job(clip, pipeline_of(words)))


def export(
    clip: Clip | PathLike | Sequence[PathLike],
    target: PathLike,
    *,
    step: Sequence[str] = (),
    frames: tuple[int, int] | None = None,
    rate: float | None = None,
    real_time: bool = False,
    speed: float = 1.0,
    loop: str = "once",
    size: tuple[int, int] | Literal["screen"] | None = None,
    window: Window | tuple[float, float] | None = None,
    voi: int | None = None,
    full_range: bool = False,
    invert: bool = False,
    planes: bool = True,
    shutter: bool = True,
    icc: bool = True,
    colormap: str = "grey",
    quality: str = "medium",
    overlay: str = "none",
    stills: str = "png",
    codec: str = "",
    encoder: str = "",
    dither: str = "ordered",
    variable_rate: bool | None = None,
    bits: int = 8,
    syntax: str = "",
    shown: bool = False,
    deidentify: bool = False,
    masks: Sequence[tuple[int, int, int, int]] = (),
    overwrite: bool = False,
) -> ExportResult:
    """Write a clip as a video, pictures, values or a DICOM object, by the suffix of the target.

    .mp4, .mov, .mkv, .webm, .gif and .avi are videos, a name without suffix is a folder of
    pictures; .npz, .zarr, .nii and .nii.gz hold modality values. A .dcm has the transfer syntax
    `syntax`, a name or UID, or holds the pictures as `shown`.

    `frames` are the first and last frame, both included; `rate` is in frames per second; `size`
    is (columns, rows), or "screen" for at most 1920 x 1080. `step` are steps that frames are
    processed by, in words. What is no earlier export is replaced
    only with `overwrite`. `masks` are (x, y, width, height) that become black in every frame;
    `deidentify` finds and masks text in the pictures and refuses what else identifies. The finished
    file is opened again and compared. Raises StudioError with the reason when it cannot be written;
    nothing is left behind then.
    """
    opened = processed(_clip(clip), *step)
    how = chosen(opened, VoiChoice(window, voi, full_range, invert))
    options = ExportOptions(
        frames=frames,
        rate=rate,
        real_time=real_time,
        speed=speed,
        loop=_word(Loop, loop),
        size=size,
        presentation=replace(
            how, planes=planes, shutter=shutter, profile=icc, colour_map=known_colour_map(colormap)
        ),
        overlay=_word(Overlay, overlay),
        quality=_word(Quality, quality),
        stills=f".{stills.lstrip('.')}",
        codec=codec,
        encoder=encoder,
        dither=_word(Dither, dither),
        variable_rate=variable_rate,
        bits=bits,
        syntax=syntax_of(syntax) if syntax else "",
        shown=shown,
        privacy=Privacy(tuple(Marked(Region(*mask)) for mask in masks), deidentify),
    )
    return run(export_job(opened, os.fspath(target), options, overwrite=overwrite))


def motion(
    clip: Clip | PathLike | Sequence[PathLike],
    region: tuple[int, int, int, int] | None = None,
    frame: int = 0,
) -> Displacement:
    """Return how far a region (x, y, width, height) of a frame (from 0) is from there, in each one.

    Without a region the whole picture is followed, as far as radiation reached it.
    `samples` hold right and down in pixels, with the moment in seconds; `facts()` holds
    millimetres too where the pixels have a size. Raises StudioError with the reason.
    """
    part = None if region is None else Region(*region)
    return run(displacement(_clip(clip), part, start=frame))


def flow(clip: Clip | PathLike | Sequence[PathLike], style: str = "colours") -> Clip:
    """Return a clip that shows how each place moves, as "colours" or "arrows" over the pictures."""
    return run(flow_clip(_clip(clip), FlowView(style)))


def beside(
    *clips: Clip | PathLike | Sequence[PathLike],
    captions: Sequence[str] = (),
    presentations: Sequence[Presentation | None] = (),
    arrange: str = "row",
    ending: str = "loop",
    different_patients: bool = False,
) -> Clip:
    """Return clips side by side on one clock as one clip, which `export` writes.

    `captions` stand above the pictures; without one a picture is called by its series.
    `presentations` say how each is shown, None as its file says. `arrange` is row or grid, `ending`
    what shorter clips do: loop, hold, or stop, which ends all. Raises StudioError for clips that
    are not surely of one patient, unless `different_patients`: then nobody is named.
    """
    opened = [_clip(clip) for clip in clips]
    if len(captions) > len(opened) or len(presentations) > len(opened):
        raise UsageError("There are more captions or presentations than clips.")
    words = [*captions, *("",) * len(opened)]
    shown = [*presentations, *(None,) * len(opened)]
    parts = [
        Part(clip, shown[place] or initial_presentation(clip), words[place])
        for place, clip in enumerate(opened)
    ]
    how = ComparisonOptions(Arrangement(arrange), Ending(ending), different_patients)
    return comparison(parts, how)


def findings(*films: Clip | PathLike, model: PathLike | None = None) -> Assessment:
    """Return what the finding classifier says of the films of one study, frontal and lateral.

    Of a clip the middle frame is looked at. Where there is no film of the chest the answer
    abstains. `model` is the folder of another model than the installed one. For research and
    education. Raises StudioError where a model is missing or a film cannot be read.
    """
    models = Models.installed(Path(model) if model is not None else None)
    with Engine() as engine:
        return run(assess(engine, models, [Shown.of(_clip(film)) for film in films]))


def export_media(
    paths: PathLike | Sequence[PathLike], target: PathLike, *, overwrite: bool = False
) -> MediaResult:
    """Copy the DICOM objects below files and folders into a media folder, or `.zip`, with DICOMDIR.

    They name the patients, as they do where they are. Raises StudioError with the reason.
    """
    catalog = scan(*_paths(paths))
    return run(media_job(catalog, Path(target), overwrite=overwrite))


def validate(*paths: PathLike) -> list[Checked]:
    """Return what is against the DICOM standard in the files named and below folders.

    Each file has its `findings`, the worst first, with severity, path of the attribute, rule and
    section. What is no DICOM below a folder is left out; a file that cannot be read has a
    `problem`.
    """
    return run(validate_job([os.fspath(path) for path in paths]))


def export_dataset(
    paths: PathLike | Sequence[PathLike],
    target: PathLike,
    options: DatasetOptions | None = None,
    *,
    overwrite: bool = False,
) -> DatasetResult:
    """Write the series below files and folders as a data set, split by patient, with a table.

    `xs.DatasetOptions` holds size, normalisation, shares, seed and the rest. Raises StudioError
    with the reason.
    """
    catalog = scan(*_paths(paths))
    return run(dataset_job(catalog, Path(target), options, overwrite=overwrite))


def _word(kind: type[Word], word: str) -> Word:
    """Return the choice that a word stands for. Raises UsageError, naming those that there are."""
    try:
        return kind(word)
    except ValueError:
        known = ", ".join(str(one.value) for one in kind)
        raise UsageError(f"{word} is unknown here; choose one of {known}.") from None


def _clip(clip: Clip | PathLike | Sequence[PathLike]) -> Clip:
    if isinstance(clip, Clip):
        return clip
    return open(*_paths(clip))


def _paths(paths: PathLike | Sequence[PathLike]) -> Sequence[PathLike]:
    return [paths] if isinstance(paths, str | os.PathLike) else paths
