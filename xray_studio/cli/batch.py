"""`xray-studio batch`: one recipe over many series."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xray_studio.cli.common import (
    DONE,
    FAILED,
    IN_PART,
    Json,
    Overwrite,
    Quiet,
    complain,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.inputs import damaged_inputs, empty_inputs, list_failed
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.services.batch.run import BatchResult
    from xray_studio.services.batch.tasks import Outcome

Out = Annotated[
    str, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", help="Processes at once; as many as there are processors.",
        show_default=False,
    ),
]  # fmt: skip
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler", metavar="tcp://HOST:PORT", help="Run on the workers of a Dask cluster.",
        show_default=False,
    ),
]  # fmt: skip
Resume = Annotated[
    bool, typer.Option("--resume", help="Leave out what an earlier batch in DIR has finished.")
]
Listed = Annotated[bool, typer.Option("--list", help="Show the recipes that are shipped.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio batch teaching-clip studies --out clips --workers 4"
    app.command("batch", epilog=example)(batch)


def batch(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", show_default=False)] = "",
    src: Annotated[list[str] | None, typer.Argument(metavar="SRC...", show_default=False)] = None,
    *,
    out: Out = "",
    workers: Workers = None,
    scheduler: Scheduler = "",
    resume: Resume = False,
    overwrite: Overwrite = False,
    listed: Listed = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Run a recipe over every series below files and folders, several at once.

    RECIPE is a file, as export --save-recipe writes it, or the name of one that is shipped. What
    one series cannot give ends nothing; a batch that was stopped goes on with --resume. DIR then
    holds summary.html and summary.csv as well.
    """
    if listed:
        return _list(json=json)
    if not recipe or not src or not out:
        raise UsageError("Name a recipe, sources and a folder: RECIPE SRC... --out DIR.")
    from xray_studio.services.batch.recipes import recipe_named
    from xray_studio.services.batch.run import BatchOptions
    from xray_studio.services.batch.run import batch as batch_job
    from xray_studio.services.open import scan

    name, chosen = recipe_named(recipe)
    catalog = run_job(scan(src), quiet=quiet)
    count = workers if workers is not None else os.cpu_count() or 1
    options = BatchOptions(count, scheduler, resume, overwrite, name)
    result = run_job(batch_job(catalog, Path(out), chosen, options), quiet=quiet)
    failed = damaged_inputs(catalog) | empty_inputs(src, catalog, pictures=True)
    return _tell(result, failed, json=json)


def _list(*, json: bool) -> int:
    from xray_studio.services.batch.recipes import samples

    found = samples()
    if json:
        say_json({"recipes": [{"name": one.name, "about": one.about} for one in found]})
        return DONE
    for one in found:
        say(f"{one.name:<20} {one.about}")
    return DONE


def _tell(result: BatchResult, failed: dict[str, str], *, json: bool) -> int:
    """Say what was written and what failed; return the exit status."""
    wrong = {result.sources[one.number - 1]: one.reason for one in result.failed}
    failed = wrong | failed
    list_failed(failed)
    good = [outcome for outcome in result.outcomes if not outcome.failed]
    for outcome in good:
        for sentence in outcome.missing:
            complain(f"{outcome.target}: {sentence}")
    if json:
        say_json(_facts(result, good, failed))
    else:
        say(f"{len(good):,} of {len(result.outcomes):,} series written to {result.folder}")
        say(f"Summary: {result.html}")
    if not good:
        return FAILED
    return IN_PART if failed or any(outcome.missing for outcome in good) else DONE


def _facts(result: BatchResult, good: list[Outcome], failed: dict[str, str]) -> dict[str, Any]:
    return {
        "folder": str(result.folder),
        "written": [_written(result, outcome) for outcome in good],
        "failed": [{"path": path, "reason": reason} for path, reason in failed.items()],
        "summary": {"html": str(result.html), "csv": str(result.csv)},
    }


def _written(result: BatchResult, outcome: Outcome) -> dict[str, Any]:
    return {
        "file": str(result.folder / outcome.target),
        "source": result.sources[outcome.number - 1],
        "frames": outcome.frames,
        "columns": outcome.columns,
        "rows": outcome.rows,
        "seconds": round(outcome.seconds, 3),
        "finished_before": outcome.number in result.kept,
        "files": [
            {"name": file.name, "bytes": file.bytes, "sha256": file.sha256}
            for file in outcome.files
        ],
        "missing": outcome.missing,
    }
