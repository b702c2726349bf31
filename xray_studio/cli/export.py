"""`xray-studio export` and `to-video`: clips as videos and pictures."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeAlias

import typer

from xray_studio.cli.common import (
    DONE,
    IN_PART,
    Center,
    Icc,
    Invert,
    Json,
    NoVoi,
    Overwrite,
    Planes,
    Quiet,
    Shutter,
    Voi,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.inputs import all_files, damaged_inputs, empty_inputs, list_failed
from xray_studio.cli.losses import tell_losses
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.clip import Clip
    from xray_studio.core.study import Catalog
    from xray_studio.services.export import ExportResult
    from xray_studio.services.export_options import ExportOptions

_DIGITS = 9  # of the largest number that is understood
_HELP_ON_OUT = (
    "Write a clip as .mp4, .mov, .mkv (H.264), .webm (VP9), .gif or .avi (Motion JPEG), one frame"
    " as .png, .jpg or .tiff, or, where OUT has no suffix, a folder of pictures. --quality lossless"
    " keeps every grey level: .mkv takes FFV1 for it. OUT.json beside it tells what was written and"
    " checked; what is there already is replaced only if it is an earlier export, or with"
    " --overwrite."
)
_HELP = f"{_HELP_ON_OUT} A folder or several files become one sequence in time order."

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
Size = Annotated[
    str,
    typer.Option(
        "--size",
        metavar="WIDTHxHEIGHT|source|screen",
        help="Fit the picture into a size; screen is at most 1920x1080 in the source's shape.",
    ),
]
Quality = Annotated[
    Literal["low", "medium", "high", "lossless"], typer.Option("--quality", help="Detail to keep.")
]
Overlay = Annotated[
    Literal["none", "anonymous", "all"], typer.Option("--overlay", help="Corner text to burn in.")
]
Stills = Annotated[
    Literal["png", "jpg", "tiff"], typer.Option("--stills", help="Pictures of a folder.")
]
Codec = Annotated[
    Literal["auto", "h264", "hevc", "vp9", "ffv1", "mjpeg"],
    typer.Option("--codec", help="Auto is the usual one of the kind of file."),
]
DitherWord = Annotated[
    Literal["none", "ordered", "diffused"],
    typer.Option("--dither", help="How a GIF mixes colours that its palette lacks."),
]


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


def export(
    src: Annotated[list[str], typer.Argument(metavar="SRC", show_default=False)],
    out: Annotated[str, typer.Argument(metavar="OUT", show_default=False)],
    *,
    frames: Frames = "",
    fps: Rate = "",
    speed: Speed = 1.0,
    loop: Loop = "once",
    size: Size = "source",
    window: Center = None,
    voi: Voi = None,
    no_voi: NoVoi = False,
    invert: Invert = False,
    planes: Planes = "on",
    shutter: Shutter = "on",
    icc: Icc = "on",
    quality: Quality = "medium",
    overlay: Overlay = "none",
    stills: Stills = "png",
    codec: Codec = "auto",
    dither: DitherWord = "ordered",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write a clip as a video or pictures."""
    words = Words(
        frames, fps, speed, loop, size, quality, overlay, stills, overwrite, codec, dither
    )
    choice = (window, voi, no_voi, invert)
    over = {"planes": planes == "on", "shutter": shutter == "on", "profile": icc == "on"}
    return _run(src, out, words, choice, over, json=json, quiet=quiet)


def _of_one_file() -> Callable[..., int]:
    """Return `export` with one FILE in place of SRC..., its options the same."""

    def to_video(src: str, out: str, **options: Any) -> int:
        with contextlib.suppress(OSError):  # told when it is to be opened
            if Path(src).is_dir():
                raise UsageError(f"{src} is a folder; export takes folders, to-video one file.")
        return export([src], out, **options)

    file = Annotated[str, typer.Argument(metavar="FILE", show_default=False)]
    whole = inspect.signature(export, eval_str=True)
    parameters = dict(whole.parameters)
    parameters["src"] = parameters["src"].replace(annotation=file)
    hints = {name: parameter.annotation for name, parameter in parameters.items()}
    # What Typer reads to know arguments and options.
    vars(to_video).update(__signature__=whole.replace(parameters=list(parameters.values())))
    to_video.__annotations__ = hints | {"return": int}
    return to_video


class Words(NamedTuple):
    """What was typed, before it is understood."""

    frames: str
    fps: str
    speed: float
    loop: str
    size: str
    quality: str
    overlay: str
    stills: str
    overwrite: bool = False
    codec: str = "auto"
    dither: str = "ordered"


VoiWords: TypeAlias = tuple[tuple[float, float] | None, int | None, bool, bool]


def _run(
    sources: list[str],
    target: str,
    words: Words,
    voi: VoiWords,
    over: dict[str, Any],
    *,
    json: bool,
    quiet: bool,
) -> int:
    from xray_studio.services.export import export as export_job
    from xray_studio.services.exporters import exporter
    from xray_studio.services.voi_choice import VoiChoice, chosen

    options = understood(words)
    exporter(target, options.stills)  # an unknown suffix is told before anything is read
    clip, catalog = _opened(sources, quiet=quiet)
    how = replace(chosen(clip, VoiChoice(*voi)), **over)
    options = replace(options, presentation=how)
    job = export_job(clip, target, options, overwrite=words.overwrite, sources=all_files(catalog))
    result = run_job(job, quiet=quiet)
    failed = damaged_inputs(catalog) | empty_inputs(sources, catalog, pictures=True)
    lost = tell_losses(clip)
    _tell(result, failed, lost, json=json)
    return IN_PART if failed or lost else DONE


def _opened(sources: list[str], *, quiet: bool) -> tuple[Clip, Catalog]:
    """Return the sources as one clip, and all that was found."""
    from xray_studio.services.open import open_catalog, scan

    catalog = run_job(scan(sources), quiet=quiet)
    return run_job(open_catalog(catalog), quiet=quiet), catalog


def understood(words: Words) -> ExportOptions:
    """Return the options that words stand for. Raises UsageError for what cannot be understood."""
    from xray_studio.core import playback, presentation
    from xray_studio.core.output import Dither
    from xray_studio.core.output import Quality as Detail
    from xray_studio.services.export_options import ExportOptions

    real = words.fps == "real"
    return ExportOptions(
        frames=_range(words.frames),
        rate=None if real or not words.fps else _rate(words.fps),
        real_time=real,
        speed=words.speed,
        loop=playback.Loop(words.loop),
        size=_size(words.size),
        overlay=presentation.Overlay(words.overlay),
        quality=Detail(words.quality),
        stills=f".{words.stills}",
        codec="" if words.codec == "auto" else words.codec,
        dither=Dither(words.dither),
    )


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
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def _size(text: str) -> tuple[int, int] | Literal["screen"] | None:
    if text == "source":
        return None
    if text == "screen":
        return "screen"
    width, _, height = text.lower().partition("x")
    if not (_is_count(width) and _is_count(height)):
        raise UsageError(
            f"--size {text} is no size; write for example --size 1280x720, source or screen."
        )
    return int(width), int(height)


def _tell(result: ExportResult, failed: dict[str, str], lost: list[str], *, json: bool) -> None:
    list_failed(failed)
    checked, spec = result.checked, result.spec
    if json:
        say_json(
            {
                "file": str(result.target),
                "manifest": str(result.manifest),
                "frames": checked.frames,
                "rate": float(spec.rate),
                "duration": float(spec.duration),
                "columns": result.columns,
                "rows": result.rows,
                "notes": list(result.notes),
                "failed": [{"path": path, "reason": reason} for path, reason in failed.items()],
                "missing": lost,
            }
        )
        return
    for note in result.notes:
        complain(note)
    lasting = f", {float(spec.duration):.2f} s" if checked.duration is not None else ""
    frames = f"{checked.frames:,} frame{'s' if checked.frames != 1 else ''}"
    say(f"{result.target}: {frames}{lasting}, {result.columns} x {result.rows}, checked")
