"""`xray-studio findings`: what films of the chest show, as the finding classifier says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import Json, Overwrite, Quiet, Sources, ended, run_job, say, say_json
from xray_studio.cli.learned import OfModel

if TYPE_CHECKING:
    from xray_studio.core.learning.assessment import Assessment

_LOW = "below its sensitive point"


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio findings frontal.dcm lateral.dcm --json"
    app.command("findings", epilog=example)(findings)


def findings(
    sources: Sources,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write NAME.findings.json for each study there."),
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="All SRC are films of one study.")
    ] = False,
    model: OfModel = None,
    explain: Annotated[
        str,
        typer.Option(
            "--explain",
            metavar="METHOD",
            help="Write what speaks for findings: grad-cam, gradient-shap or occlusion.",
            show_default=False,
        ),
    ] = "",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show how likely findings are in films of the chest; for research and education.

    Objects of one study are judged together, frontal and lateral; a picture file is a study of its
    own unless --together. What is no film of the chest gets no answer, and the reason. --explain
    writes FILM.FINDING.png and .npz: where in a film a finding comes from that counts as seen.
    Files that fail are named; the exit code is 3 then.
    """
    from xray_studio.cli.evaluate_explanations import method_of
    from xray_studio.services.learning.inference.finding_files import Asking, assess_files

    method = method_of(explain) if explain else None
    asked = Asking(model, out, together, overwrite, method)
    found = run_job(assess_files(sources, asked), quiet=quiet)
    if json:
        say_json(found.facts())
    else:
        for one in found.assessments:
            _say(one)
    return ended(found.assessments, found.failed)


def _say(one: Assessment) -> None:
    for picture in one.pictures:
        say(f"{picture.path} ({picture.view})")
    if one.abstained:
        say(f"  {one.abstained}")
    for score in one.findings:
        mark = "at its operating point" if score.positive else _LOW if score.ruled_out else ""
        say(f"  {score.name:<20} {100.0 * score.probability:5.1f} %  {mark}".rstrip())
    for note in one.notes:
        say(f"  {note}")
    say()
