"""`xray-studio analyze`: the whole pipeline on films, into one folder with one page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from xray_studio.cli.common import (
    Json,
    Overwrite,
    Quiet,
    Sources,
    complain,
    ended,
    run_job,
    say,
    say_json,
)
from xray_studio.cli.report.options import (
    Accession,
    Anonymous,
    BirthDate,
    EngineName,
    Indication,
    PatientId,
    PatientName,
    Sex,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: xray-studio analyze frontal.dcm lateral.dcm --out results"
    app.command("analyze", epilog=example)(analyze)


def analyze(
    sources: Sources,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the results.")],
    together: Annotated[
        bool, typer.Option("--together", help="All SRC are films of one study.")
    ] = False,
    engine: EngineName = "findings",
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="DIR",
            help="Folder of a finding classifier; without it the installed one.",
            show_default=False,
        ),
    ] = None,
    indication: Indication = "",
    anonymous: Anonymous = False,
    patient_id: PatientId = "",
    patient_name: PatientName = "",
    birth_date: BirthDate = "",
    sex: Sex = "",
    accession: Accession = "",
    overwrite: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Check, enhance and judge films, draft a report, and lay all of it on a page.

    For research and education, not for diagnosis. SRC are DICOM objects, pictures, or folders of
    them. Objects of one study go together; a picture file is a study of its own unless --together.
    NAME.html is the page on a study, with several of them summary.html leads to each. What the
    networks were not made for gets a picture and a template, and the reason. Files that fail are
    named; the exit code is 3 then.
    """
    from xray_studio.services.analysis.run import Order, analyse_files
    from xray_studio.services.analysis.study import How
    from xray_studio.services.report.whose import identity_of

    whose = identity_of(patient_id, patient_name, birth_date, sex, accession)
    how = How(engine, model, indication, anonymous, whose)
    order = Order(out, how, together, overwrite)
    done = run_job(analyse_files(sources, order), quiet=quiet)
    if json:
        say_json(done.facts())
    else:
        for study in done.studies:
            _say(study)
        if done.summary is not None:
            say(str(done.summary))
    for why, count in Counter(why for _, why in done.left_out).items():
        many = f"{count:,} files are left out, each {why}."
        complain(many if count > 1 else f"1 file is left out: {why}.")
    return ended(done.studies, done.failed)


def _say(study: dict[str, Any]) -> None:
    for film in study["films"]:
        say(f"{film['path']} ({film['view']})" if film["view"] else film["path"])
    if study["abstained"]:
        say(f"  {study['abstained']}")
    for score in study["findings"]:
        if score["positive"]:
            say(f"  {score['name']:<20} {100.0 * score['probability']:5.1f} %")
    if study["report"]["summary"]:
        say(f"  {study['report']['summary']}")
    say(f"  {study['files']['page']}")
    say()
