"""`xray-studio report FILE`: a draft, for a person to edit and sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xray_studio.cli.common import Overwrite, Quiet, complain, ended, run_job, say, say_json
from xray_studio.cli.report.heat import heats_shown
from xray_studio.cli.report.options import (
    Accession,
    BirthDate,
    EngineName,
    FormName,
    Heat,
    Indication,
    PatientId,
    PatientName,
    Release,
    Sex,
)


def draft(
    sources: Annotated[list[str], typer.Argument(metavar="FILE...", show_default=False)],
    *,
    engine: EngineName = "findings",
    form: FormName = "text",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it there.", show_default=False),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="DIR",
            help="Folder of the engine's model; without it the installed one.",
            show_default=False,
        ),
    ] = None,
    indication: Indication = "",
    heat: Heat = False,
    release: Release = "R4",
    patient_id: PatientId = "",
    patient_name: PatientName = "",
    birth_date: BirthDate = "",
    sex: Sex = "",
    accession: Accession = "",
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Draft a report on the films of one study; for research and education, not for diagnosis.

    Every sentence that a model wrote is marked [AI] until a person accepts or changes it. What an
    engine was not made for gets no draft, and the reason. Text and json are printed where no --out
    is named; json is what the other commands and the window take. Files that are cut short, or
    left out as copies of others, are named; the exit code is 3 then.
    """
    from xray_studio.core.clip import Identity
    from xray_studio.core.errors import UsageError
    from xray_studio.core.report.stored import to_plain
    from xray_studio.core.report.words import report_text
    from xray_studio.services.export.picture_place import check_file_place
    from xray_studio.services.report.files import Form, Order, write
    from xray_studio.services.report.saved import check_heat, form_of, release_of, target_of
    from xray_studio.services.report.whose import identity_of
    from xray_studio.services.report_engines.files import draft_files

    whose = identity_of(patient_id, patient_name, birth_date, sex, accession)
    kind, fhir = form_of(form), release_of(release)
    check_heat(kind, heat=heat)
    printed = out is None and kind in {Form.TEXT, Form.JSON}
    target = out or target_of(Path(Path(sources[0]).name), kind)
    if printed and whose != Identity():
        raise UsageError("What is printed names no patient; write it into a file with --out.")
    if not printed:
        check_file_place(target, sources, overwrite=overwrite)
    drafted = run_job(draft_files(sources, engine, model, indication), quiet=quiet)
    report, clips = drafted.report, drafted.clips
    if not printed:
        heats = heats_shown(report, clips, quiet=quiet) if heat else ()
        order = Order(report, kind, target, clips, heats, overwrite, fhir, whose=whose)
        written = run_job(write(order), quiet=quiet)
        if written.note:
            complain(written.note)
        say(str(written.path))
    elif kind is Form.JSON:
        say_json(to_plain(report))
    else:
        for line in report_text(report).splitlines():
            say(line)
    return ended(report, drafted.failed)
