"""`xray-studio evaluate report`: drafts scored beside reports that were written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import Json, Quiet, complain, run_job
from xray_studio.cli.learned import Card, Chance, Data, OfModel, tell_judged
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.services.learning.models.installed import Installed

EXAMPLE = "Example: xray-studio evaluate report --data films --split val --json"


def report(
    *,
    data: Data,
    split: Annotated[
        str, typer.Option("--split", metavar="val|all", help="Who is judged.")
    ] = "val",
    model: OfModel = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--run",
            metavar="DIR",
            help="Keep there what the model says, and take it from there.",
            show_default=False,
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            metavar="OUT.html",
            help="Write films, reports and drafts side by side.",
            show_default=False,
        ),
    ] = None,
    points: Annotated[
        bool,
        typer.Option(
            "--points",
            help="Choose anew from which probability findings are told, and write it into the"
            " model.",
        ),
    ] = False,
    writer: Annotated[
        Path | None,
        typer.Option(
            "--writer",
            metavar="DIR",
            help="Folder of a network that writes reports; without it the installed one.",
            show_default=False,
        ),
    ] = None,
    card: Card = False,
    seed: Chance = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score drafts of reports beside those that were written, and beside baselines.

    val judges the studies that the publisher holds out, all every study, each by the network that
    has not seen it. Points, constants and neighbours come from other studies than those judged.
    Films that cannot be read are left out and named; the exit code is 3 then.
    """
    from xray_studio.services.learning.evaluate.report import SPLITS, Judging, evaluate_report
    from xray_studio.services.learning.evaluate.report_page import write_page
    from xray_studio.services.learning.evaluate.report_points import write_points
    from xray_studio.services.learning.evaluate.report_table import result_lines
    from xray_studio.services.learning.inference.findings import Models

    if split not in SPLITS:
        raise UsageError(f"There is no split {split!r}; choose one of: {', '.join(SPLITS)}.")
    if folder is not None and not folder.is_dir():
        raise UsageError(f"The folder {folder.name} does not exist; create it first.")
    if points:
        chosen = run_job(write_points(data, Models.installed(model).findings, folder), quiet=quiet)
        complain(f"Points for {len(chosen.mention)} findings are written into the model.")
    models = Models.installed(model)
    judged = _writer(writer)
    found = run_job(
        evaluate_report(data, models, Judging(split, seed, folder, judged)), quiet=quiet
    )
    if page is not None:
        run_job(write_page(page, found), quiet=quiet)
    lines = result_lines(found.facts)
    kept = (judged, lines) if card and judged else None
    return tell_judged(found.facts, lines, found.unreadable, json=json, card=kept)


def _writer(named: Path | None) -> Installed | None:
    """Return the network that writes reports: the one in a folder, else the installed one."""
    from xray_studio.services.learning.models.installed import installed_for, model_for

    return model_for("report", named) if named else next(iter(installed_for("report")), None)
