"""`xray-studio report index, nearest`: cases of a reference library, for comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json

if TYPE_CHECKING:
    from xray_studio.services.report.nearest import Near

NO_REPORT: Final = "no report"
NO_FINDING: Final = "findings are not told"


def index(
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    *,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Index a folder of films with reports, so that cases like a film can be found in it.

    The index holds paths, texts and what the networks see, no pictures; it lies in the data folder
    of this program, readable by its owner alone. The folder has a layout that models learn from.
    """
    from xray_studio.services.report.library_making import indexed

    made = run_job(indexed(folder), quiet=quiet)
    reports = sum(bool(one.report.findings or one.report.impression) for one in made.entries)
    if json:
        say_json({"folder": made.folder, "cases": len(made.entries), "with_reports": reports,
                  "left_out": made.left_out})  # fmt: skip
        return DONE
    say(f"{len(made.entries)} cases, {reports} with a report; {made.left_out} left out")
    return DONE


def nearest(
    sources: Annotated[list[str], typer.Argument(metavar="FILE...", show_default=False)],
    *,
    library: Annotated[
        Path,
        typer.Option("--library", metavar="DIR", help="Folder that was indexed with report index."),
    ],
    most: Annotated[
        int, typer.Option("--cases", metavar="N", help="How many cases.", min=1, max=50)
    ] = 3,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show the cases of a library that are most like a film, by what the finding classifier sees.

    They are for comparison and never quoted by a draft. Other films of the same patient and copies
    of the film are left out.
    """
    from xray_studio.services.learning.inference.findings import Shown
    from xray_studio.services.report.nearest import FOR_COMPARISON, nearest_cases
    from xray_studio.services.report.saved import films_of

    clips = run_job(films_of(sources), quiet=quiet)
    found = run_job(nearest_cases([Shown.of(one) for one in clips], library, most), quiet=quiet)
    if json:
        say_json({"about": FOR_COMPARISON, "cases": [one.facts() for one in found]})
        return DONE
    say(FOR_COMPARISON)
    for number, one in enumerate(found, 1):
        _say(number, one)
    return DONE


def _say(number: int, one: Near) -> None:
    say("")
    say(f"{number}. {one.entry.path} (likeness {one.likeness:.2f})")
    say(f"   {one.findings or NO_FINDING}")
    for line in (one.text or NO_REPORT).splitlines():
        say(f"   {line}")
