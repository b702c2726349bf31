"""What `doctor` says of a display: patterns into a folder, measured luminances judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xray_studio.cli.common import DONE, run_job, say, say_json, sides_of

if TYPE_CHECKING:
    from xray_studio.core.display_check import Response


def check_display(table: str, ambient: float | None, *, json: bool) -> int:
    """Print what the luminances in a table come to."""
    from xray_studio.services.display_check import facts, judged

    response = judged(Path(table), ambient)
    if json:
        say_json(facts(response))
    else:
        _print(response)
    return DONE


def write_patterns(folder: str, size: str, *, json: bool, quiet: bool) -> int:
    """Write the patterns for a screen of `size`, as "1920x1080"."""
    from xray_studio.services.display_check import write_patterns as write

    columns, rows = sides_of(size)
    files = run_job(write(Path(folder), rows, columns), quiet=quiet)
    if json:
        say_json({"files": [str(file) for file in files], "columns": columns, "rows": rows})
    else:
        say(f"{len(files)} patterns of {columns} x {rows} pixels in {folder}")
    return DONE


def _print(response: Response) -> None:
    from xray_studio.core.display_check import CLASSES, LEVELS

    measured = response.measured
    say(f"Ambient light {measured.ambient:g} cd/m², added to each luminance")
    say()
    say("level   cd/m²       GSDF       JND     contrast against the GSDF")
    steps = ("", *(f"{value:+8.1f} %" for value in response.deviations))
    rows = zip(LEVELS, measured.seen, response.wanted, response.jnd, steps, strict=True)
    for level, seen, wanted, jnd, step in rows:
        say(f"{level:>5}  {seen:>9.3f}  {wanted:>9.3f}  {jnd:>7.1f}  {step}".rstrip())
    say()
    say(f"Largest deviation {response.worst:.1f} %, luminance ratio {response.ratio:.0f}")
    for limits in CLASSES:
        say(response.verdict(limits))
