"""`xray-studio export` and `to-video`: clips as videos and pictures."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from xray_studio.cli.common import (
    DONE,
    Center,
    Colormap,
    Icc,
    Invert,
    Json,
    NoVoi,
    Overwrite,
    Planes,
    Quiet,
    Shutter,
    Voi,
    run_job,
    say_json,
)
from xray_studio.cli.export_beside import (
    Arrange,
    AsStored,
    Beside,
    Caption,
    Comparing,
    DifferentPatients,
    Ending,
    First,
    compared,
)
from xray_studio.cli.export_dataset import export_dataset
from xray_studio.cli.export_document import export_document, is_document_name, report_document
from xray_studio.cli.export_media import export_media
from xray_studio.cli.export_report import report_dataset, report_folder, report_media
from xray_studio.cli.export_told import tell, tell_all
from xray_studio.cli.export_views import SideBySide
from xray_studio.cli.export_views import side_by_side as side_by_side_views
from xray_studio.cli.export_words import (
    Codec,
    Dataset,
    Deidentify,
    Depth,
    Dithering,
    Encoder,
    Every,
    Frames,
    Loop,
    Mask,
    Media,
    Normalise,
    Overlay,
    PrivacyWord,
    Quality,
    Rate,
    RecipeFile,
    Samples,
    SaveRecipe,
    Seed,
    Shown,
    Size,
    Speed,
    Split,
    Steps,
    Stills,
    Syntax,
    Vfr,
    recipe_of,
)
from xray_studio.cli.inputs import all_files, damaged_inputs, empty_inputs
from xray_studio.cli.over import (
    Opacity,
    Segments,
    State,
    laid_over,
    processed_by,
    with_opacity,
)
from xray_studio.core.errors import UnreadableError, UsageError, WriteError

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.study import Catalog
    from xray_studio.services.export_options import ExportOptions
    from xray_studio.services.recipe import Recipe

_HELP_ON_OUT = (
    "Write a clip as .mp4, .mov, .mkv (H.264), .webm (VP9), .gif or .avi (Motion JPEG), one frame"
    " as .png, .jpg or .tiff, or, where OUT has no suffix, a folder of pictures. --quality lossless"
    " keeps every grey level: .mkv takes FFV1 for it. .npz, .zarr, .nii and .nii.gz hold modality"
    " values with their moments, .dcm is a DICOM object of some frames or in another transfer"
    " syntax (--syntax), or of what is shown (--shown). A document inside a DICOM object is saved"
    " as the .pdf, .xml or .txt that it is. OUT.json beside it tells what was written and"
    " checked; what is there already is replaced only if it is an earlier export, or with"
    " --overwrite."
)
_HELP = f"{_HELP_ON_OUT} A folder or several files become one sequence in time order."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    example = "Example: xray-studio export cine.dcm cine.mp4 --frames 10-40 --overlay anonymous"
    short = "Write a clip as a video, a picture or a folder of pictures."
    app.command("export", help=_HELP, short_help=short, epilog=example)(export)
    example = "Example: xray-studio to-video cine.dcm cine.mp4 --fps real"
    short = "The same as export, for one file."
    app.command("to-video", help=f"{short} {_HELP_ON_OUT}", short_help=short, epilog=example)(
        _of_one_file()
    )


# What Typer reads; which choices were typed is asked of the context (`recipe_of`).
def export(
    context: typer.Context,
    src: Annotated[list[str], typer.Argument(metavar="SRC", show_default=False)],
    out: Annotated[str, typer.Argument(metavar="OUT", show_default=False)],
    *,
    step: Steps = [],  # noqa: B006 - as below
    frames: Frames = "",
    fps: Rate = "",
    speed: Speed = 1.0,
    loop: Loop = "once",
    vfr: Vfr = "auto",
    size: Size = "source",
    window: Center = None,
    voi: Voi = None,
    no_voi: NoVoi = False,
    invert: Invert = False,
    planes: Planes = "on",
    shutter: Shutter = "on",
    icc: Icc = "on",
    colormap: Colormap = "grey",
    quality: Quality = "medium",
    codec: Codec = "auto",
    encoder: Encoder = "software",
    dither: Dithering = "ordered",
    depth: Depth = "8",
    stills: Stills = "png",
    overlay: Overlay = "none",
    state: State = None,
    segments: Segments = None,
    opacity: Opacity = None,
    syntax: Syntax = "",
    shown: Shown = False,
    media: Media = False,
    dataset: Dataset = False,
    normalise: Normalise = "window",
    split: Split = "80/10/10",
    seed: Seed = 0,
    samples: Samples = "png",
    every: Every = 1,
    beside: Beside = [],  # noqa: B006 - as below
    caption: Caption = "",
    arrange: Arrange = "row",
    ending: Ending = "loop",
    as_stored: AsStored = [],  # noqa: B006 - as below
    different_patients: DifferentPatients = False,
    side_by_side: SideBySide = "",
    mask: Mask = [],  # noqa: B006 - what Typer asks for; nobody changes it
    deidentify: Deidentify = False,
    privacy: PrivacyWord = "off",
    recipe: RecipeFile = None,
    save_recipe: SaveRecipe = None,
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write a clip as a video or pictures."""
    del step, frames, fps, speed, loop, vfr, size, window, voi, no_voi, invert
    del planes, shutter, icc, colormap, quality, codec, encoder, dither, depth, stills, overlay
    del syntax, shown, arrange, ending, as_stored
    del dataset, normalise, split, seed, samples, every, mask, deidentify
    choices, report = recipe_of(context, recipe), privacy == "report"
    if media:
        if report:
            return report_media(src, out, quiet=quiet)
        if choices.mask or choices.deidentify:
            raise UsageError("Media hold DICOM objects, which keep name and number of the patient.")
        return export_media(src, out, overwrite=overwrite, json=json, quiet=quiet)
    if choices.dataset and report:
        return report_dataset(src, out, choices, quiet=quiet)
    if choices.dataset:
        _save(choices, save_recipe)
        return export_dataset(src, out, choices, overwrite=overwrite, json=json, quiet=quiet)
    over = _Over(state, segments, opacity)
    beside_it = Comparing(tuple(beside), caption, different_patients, side_by_side)
    out = _with_suffix(out, choices) if beside or side_by_side else out
    order = _Order(src, out, choices, save_recipe, overwrite, json, quiet, over, beside_it)
    many = recipe is not None and not Path(out).suffix and not (beside or side_by_side)
    if report:
        return report_folder(src, out, choices, quiet=quiet) if many else _report(order)
    if many:
        if any(part is not None for part in over):
            raise UsageError("A state or segmentation goes with one series; name one target file.")
        return _run_all(order)
    return _run(order)


def _with_suffix(out: str, recipe: Recipe) -> str:
    """Return the one target of clips beside one another, which a recipe can tell the kind of."""
    from xray_studio.services.recipe import FOLDER_FORMAT

    named = Path(out).suffix or recipe.format in {"", FOLDER_FORMAT}
    return out if named else f"{out}.{recipe.format}"


class _Over(NamedTuple):
    """What is laid over the pictures."""

    state: Path | None = None
    segments: Path | None = None
    opacity: float | None = None


class _Order(NamedTuple):
    """What the command line asks for."""

    sources: list[str]
    target: str
    recipe: Recipe
    save_recipe: Path | None
    overwrite: bool
    json: bool
    quiet: bool
    over: _Over = _Over()
    comparing: Comparing = Comparing()


def _of_one_file() -> Callable[..., int]:
    """Return `export` with one FILE in place of SRC..., its options the same."""

    def to_video(context: typer.Context, src: str, out: str, **options: Any) -> int:
        with contextlib.suppress(OSError):  # told when it is to be opened
            if Path(src).is_dir():
                raise UsageError(f"{src} is a folder; export takes folders, to-video one file.")
        return export(context, [src], out, **options)

    file = Annotated[str, typer.Argument(metavar="FILE", show_default=False)]
    whole = inspect.signature(export, eval_str=True)
    parameters = dict(whole.parameters)
    parameters["src"] = parameters["src"].replace(annotation=file)
    hints = {name: parameter.annotation for name, parameter in parameters.items()}
    # What Typer reads to know arguments and options.
    vars(to_video).update(__signature__=whole.replace(parameters=list(parameters.values())))
    to_video.__annotations__ = hints | {"return": int}
    return to_video


def _run(order: _Order) -> int:
    """Write all sources as one sequence."""
    from xray_studio.services.export import export as export_job
    from xray_studio.services.exporters import exporter
    from xray_studio.services.recipe import options_of

    if is_document_name(order.target):
        return export_document(
            order.sources,
            order.target,
            deidentify=order.recipe.deidentify,
            overwrite=order.overwrite,
            json=order.json,
            quiet=order.quiet,
        )
    options = options_of(order.recipe)
    exporter(order.target, options.stills)  # an unknown suffix is told before anything is read
    _save(order.recipe, order.save_recipe, order.target)
    catalog = _scanned(order)
    clip, options = _as_asked(order, _opened(catalog, quiet=order.quiet))
    files = all_files(catalog)
    job = export_job(clip, order.target, options, overwrite=order.overwrite, sources=files)
    result = run_job(job, quiet=order.quiet)
    failed = damaged_inputs(catalog) | empty_inputs(order.sources, catalog, pictures=True)
    return tell(result, failed, json=order.json)


def _as_asked(order: _Order, clip: Clip) -> tuple[Clip, ExportOptions]:
    """Return the clip, beside others where that is asked for, and the options of its export."""
    from xray_studio.services.recipe import options_for

    stored = clip
    clip, shown = laid_over(clip, order.over.state, order.over.segments, quiet=order.quiet)
    clip = processed_by(clip, order.recipe.step, quiet=order.quiet)
    options = options_for(order.recipe, clip, shown)
    if options.presentation is not None:
        how = with_opacity(options.presentation, order.over.opacity)
        options = replace(options, presentation=how)
    first, words = First(clip, options, stored), order.comparing
    if words.beside and words.views:
        raise UsageError("--beside and --side-by-side do not go together; choose one of them.")
    if words.views:
        return side_by_side_views(first, order.recipe, words.views)
    if not words.beside:
        return clip, options
    return compared(first, order.recipe, order.comparing, quiet=order.quiet)


def _report(order: _Order) -> int:
    """Print what the export would tell of the patient, and write nothing."""
    from xray_studio.services.privacy import examine

    if is_document_name(order.target):
        return report_document(order.sources, order.target, quiet=order.quiet)
    catalog = _scanned(order)
    clip, options = _as_asked(order, _opened(catalog, quiet=order.quiet))
    job = examine(clip, Path(order.target).absolute(), options)
    say_json(run_job(job, quiet=order.quiet).facts())
    return DONE


def _run_all(order: _Order) -> int:
    """Write every series that is found as a file of its own."""
    from xray_studio.services.export_many import export_all

    _save(order.recipe, order.save_recipe, order.target)
    catalog = _scanned(order)
    if not catalog.pictures():
        raise UnreadableError("There are no pictures here; choose another folder.")
    job = export_all(
        catalog,
        Path(order.target).absolute(),
        order.recipe,
        overwrite=order.overwrite,
        sources=all_files(catalog),
    )
    batch = run_job(job, quiet=order.quiet)
    failed = damaged_inputs(catalog) | empty_inputs(order.sources, catalog, pictures=True)
    failed |= {one.path: one.reason for one in batch.failed}
    status = tell_all(order.target, batch, failed, json=order.json)
    if not batch.written:
        raise WriteError("None of the series could be written; each is listed with its reason.")
    return status


def _save(recipe: Recipe, path: Path | None, target: str = "") -> None:
    """Write a recipe where that is asked for, with the format that the target's name tells."""
    from xray_studio.services.exporters import suffix_told
    from xray_studio.services.recipe_file import save_recipe

    if path is None:
        return
    suffix = suffix_told(target).removeprefix(".") if target else ""
    save_recipe(path, replace(recipe, format=suffix) if suffix else recipe)


def _scanned(order: _Order) -> Catalog:
    from xray_studio.services.open import scan

    return run_job(scan(order.sources), quiet=order.quiet)


def _opened(catalog: Catalog, *, quiet: bool) -> Clip:
    from xray_studio.services.open import open_catalog

    return run_job(open_catalog(catalog), quiet=quiet)
