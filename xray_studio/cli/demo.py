"""`xray-studio demo`: the demonstration study, in the window or as files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json

MANY = 20  # files in a folder that are told one by one
OUT = "xray-studio-demonstration"
_open_window: Callable[[list[str]], int] | None = None


def use_window(open_window: Callable[[list[str]], int] | None) -> None:
    """Say how the window opens on paths; None where there is none to open."""
    global _open_window
    _open_window = open_window


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", epilog="Example: xray-studio demo --headless --out demo")(demo)


def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Write files instead of opening the window.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files.")] = Path(
        OUT
    ),
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Open the demonstration study, or write it as files.

    Without a display, or with --headless, its objects, pictures and clips are written.
    """
    from xray_studio.services.demonstration import demonstration
    from xray_studio.services.doctor import has_display

    folder = run_job(demonstration(), quiet=quiet)
    if _open_window is not None and has_display() and not headless:
        return _open_window([os.fspath(folder)])
    return _write(folder, out, json=json, quiet=quiet)


def _write(study: Path, out: Path, *, json: bool, quiet: bool) -> int:
    from xray_studio.services.showcase import showcase

    written = run_job(showcase(study, out), quiet=quiet)
    topics = {
        "objects": ("DICOM objects", written.objects),
        "pictures": ("Pictures", written.pictures),
        "clips": ("Clips", written.clips),
    }
    if json:
        say_json({name: [str(path) for path in paths] for name, (_, paths) in topics.items()})
        return DONE
    for title, paths in topics.values():
        say(f"{title}:")
        for line in _lines(paths):
            say(f"  {line}")
    return DONE


def _lines(paths: tuple[Path, ...]) -> list[str]:
    """Return a line for every file, but one for a folder of many."""
    folders = Counter(path.parent for path in paths)
    alone = [str(path) for path in paths if folders[path.parent] <= MANY]
    many = [f"{folder} ({count} files)" for folder, count in folders.items() if count > MANY]
    return alone + many
