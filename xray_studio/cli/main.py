"""The command line: commands, exit statuses, and errors as sentences."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, cast

import typer

from xray_studio.cli import (
    analyze,
    anomalies,
    batch,
    deidentify,
    demo,
    doctor,
    evaluate,
    export,
    features,
    findings,
    info,
    lungs,
    marks,
    models,
    motion,
    pacs,
    process,
    render,
    report,
    scan,
    steps,
    to_dicom,
    train,
    validate,
    volume,
)
from xray_studio.cli.common import (
    DONE,
    FAILED,
    INTERRUPTED,
    WRONG_USAGE,
    answering,
    complain,
    complain_line,
    fill_streams,
    forget,
    say,
)
from xray_studio.cli.trace import trace_lines
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import Cancelled
from xray_studio.core.memory import TOO_LITTLE, is_too_little
from xray_studio.core.version import VERSION

OpenWindow = Callable[[list[str]], int]

# Typer carries its own Click; this is the base of every mistake in the usage that it finds.
_WrongUsage = cast("type[Exception]", typer.BadParameter.__mro__[2])

app = typer.Typer(
    name="xray-studio",
    help="Review, process and export X-ray and medical cine studies, for research and teaching.\n\n"
    "Without a command, PATHS open in the window; --restore brings back what was open when it "
    "ended unexpectedly.",
    epilog="Example: xray-studio export cine.dcm cine.mp4",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)
for module in (
    scan, info, render, export, process, batch, steps, motion, marks, findings, anomalies,
    lungs, analyze, report, pacs, train,
    evaluate, models, features, validate, deidentify, to_dicom, volume, doctor, demo,
):  # fmt: skip
    module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"X-Ray Studio {VERSION}")
        raise typer.Exit


@app.callback()
def _everywhere(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error comes from; works anywhere.")
    ] = False,
) -> None:
    del version, debug


def main(arguments: Sequence[str], open_window: OpenWindow | None = None) -> int:
    """Run one command and return its exit status; `open_window` opens the window on paths.

    0 done, 1 failed, 2 wrong usage, 3 done in part, 130 interrupted.
    """
    debug = "--debug" in arguments
    fill_streams()
    demo.use_window(open_window)
    try:
        status = _run([argument for argument in arguments if argument != "--debug"])
        with answering():
            sys.stdout.flush()
    except BrokenPipeError:
        forget(sys.stdout)
        return DONE
    except (KeyboardInterrupt, Cancelled):
        complain("Stopped; nothing was half-written.")
        return INTERRUPTED
    except UsageError as error:
        return _failed(error, WRONG_USAGE, debug=debug)
    except StudioError as error:
        return _failed(error, FAILED, debug=debug)
    except Exception as error:  # noqa: BLE001 - the last that catches anything
        if debug:
            _trace(error)
        unexpected = f"An unexpected error ({type(error).__name__}); --debug shows where it arose."
        complain(TOO_LITTLE if is_too_little(error) else unexpected)
        return FAILED
    return status


def _empty(arguments: list[str]) -> str:
    """Return what to do about an argument that is empty: the value of an option, or a file."""
    before = ["", *arguments][arguments.index("")]
    if before.startswith("--"):
        return f"{before} is empty; give it a value, or leave it out."
    return "An argument is empty; name a file or folder."


def _run(arguments: list[str]) -> int:
    """Run a command. What Typer turns into exits of its own is turned back."""
    if "" in arguments:
        raise UsageError(_empty(arguments))
    try:
        # Only help is printed by Typer itself.
        with answering() if "--help" in arguments else contextlib.nullcontext():
            status = app(arguments, prog_name="xray-studio", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):
            raise error.__context__ from None
        raise
    except _WrongUsage as error:
        return _misused(error)
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    return status if isinstance(status, int) else DONE


def _misused(error: BaseException) -> int:
    message = getattr(error, "format_message", lambda: str(error))()
    if not message:  # no command: its help has been shown
        return WRONG_USAGE
    context = getattr(error, "ctx", None)
    command = "xray-studio" if context is None else context.command_path
    complain(f"{_plain(message)} See {command} --help.")
    return WRONG_USAGE


def _plain(message: str) -> str:
    """Return Typer's words on a mistake as a sentence, without those of its library."""
    if message.startswith("Missing argument 'SRC'"):  # also where only the last one is missing
        return "Name what to export and, last, the file to write: SRC... OUT."
    words = message.replace("Value error, ", "").replace("Input should be", "it should be")
    return f"{words.partition(', unable to parse')[0].rstrip('.')}."


def _failed(error: StudioError, status: int, *, debug: bool) -> int:
    if debug:
        _trace(error)
    complain(str(error))
    return status


def _trace(error: Exception) -> None:
    """Say on standard error where an error comes from."""
    for line in trace_lines(error):
        complain_line(line)
