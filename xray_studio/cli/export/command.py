"""`xray-studio export` and `to-video`: clips as videos and pictures."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from xray_studio.cli.common import (
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
)
from xray_studio.cli.export.beside import (
    Arrange,
    AsStored,
    Beside,
    Caption,
    Comparing,
    DifferentPatients,
    Ending,
)
from xray_studio.cli.export.dataset import export_dataset
from xray_studio.cli.export.media import export_media
from xray_studio.cli.export.order import Order, Over, report_only, run, run_all, save, with_suffix
from xray_studio.cli.export.report import report_dataset, report_folder, report_media
from xray_studio.cli.export.views import SideBySide
from xray_studio.cli.export.words import (
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
from xray_studio.cli.marks import Annotations
from xray_studio.cli.over import (
    Opacity,
    Segments,
    State,
)
from xray_studio.core.errors import UsageError

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
    annotations: Annotations = None,
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
        save(choices, save_recipe)
        return export_dataset(src, out, choices, overwrite=overwrite, json=json, quiet=quiet)
    over = Over(state, segments, opacity, annotations)
    beside_it = Comparing(tuple(beside), caption, different_patients, side_by_side)
    out = with_suffix(out, choices) if beside or side_by_side else out
    order = Order(src, out, choices, save_recipe, overwrite, json, quiet, over, beside_it)
    many = recipe is not None and not Path(out).suffix and not (beside or side_by_side)
    if report:
        return report_folder(src, out, choices, quiet=quiet) if many else report_only(order)
    if many:
        if any(part is not None for part in over):
            raise UsageError(
                "A state, a segmentation and annotations go with one series; name one target file."
            )
        return run_all(order)
    return run(order)


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
