"""`xray-studio report review, sign, amend, send`: what is done with a report in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import DONE, Json, Overwrite, Quiet, complain, run_job, say, say_json
from xray_studio.cli.report.heat import heats_shown
from xray_studio.cli.report.options import (
    Accession,
    Anonymous,
    BirthDate,
    FormName,
    Heat,
    PatientId,
    PatientName,
    Release,
    Sex,
)
from xray_studio.core.errors import UsageError

if TYPE_CHECKING:
    from xray_studio.core.report.report import Report, Where

Saved = Annotated[Path, typer.Argument(metavar="FILE.json", show_default=False)]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Where it is written; else FILE.json itself.",
        show_default=False,
    ),
]  # fmt: skip


def review(
    file: Saved,
    *,
    accept: Annotated[
        str, typer.Option("--accept", metavar="N,...|all", help="Accept sentences as they are.")
    ] = "",
    change: Annotated[
        list[str] | None,
        typer.Option("--change", metavar="N=TEXT", help="Give a sentence other words."),
    ] = None,
    remove: Annotated[
        str, typer.Option("--remove", metavar="N,...", help="Remove sentences.")
    ] = "",
    out: Out = None,
    json: Json = False,
) -> int:
    """Show the sentences of a report with their numbers, and accept, change or remove some."""
    from xray_studio.services.report.saved import check_unsigned, reviewed

    report = _read(file)
    if accept or change or remove:
        check_unsigned(report)
    numbers = [where for where, _ in report.each()]
    changes = [_change(numbers, one) for one in change or []]
    accepted = report.open_places() if accept == "all" else _places(numbers, accept)
    made = reviewed(report, accepted, changes, _places(numbers, remove))
    if made != report:
        _keep(made, out or file)
    return _shown(made, json=json)


def sign(
    file: Saved,
    *,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Who signs: Doe^Jane.")],
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="NAME", help="For which organisation.")
    ] = "",
    out: Out = None,
    json: Json = False,
) -> int:
    """Sign a report whose AI sentences have all been accepted or changed."""
    from xray_studio.services.report.saved import signed

    made = signed(_read(file), name, organisation)
    _keep(made, out or file)
    return _shown(made, json=json)


def amend(
    file: Saved,
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where the new version is written.")
    ],
    overwrite: Overwrite = False,
    json: Json = False,
) -> int:
    """Begin a new version of a signed report; the signed one stays as it is."""
    from xray_studio.services.report.saved import new_version

    made = new_version(_read(file))
    if out.exists() and not overwrite:
        raise UsageError(f"{out.name} exists and would be lost; choose another name.")
    _keep(made, out)
    return _shown(made, json=json)


def send(
    file: Saved,
    films: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILM", help="What it is about.", show_default=False),
    ] = None,
    *,
    form: FormName = "text",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="A PDF with .dcm is a DICOM object.", show_default=False
        ),
    ] = None,
    release: Release = "R4",
    heat: Heat = False,
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
    """Write a report for others. DICOM needs its films, and a PDF shows them.

    Of a DICOM object that is written FILE.json takes note, so that a later version names it as its
    predecessor.
    """
    from xray_studio.services.report.files import Order, write
    from xray_studio.services.report.saved import (
        check_heat,
        films_of,
        form_of,
        release_of,
        target_of,
    )
    from xray_studio.services.report.whose import identity_of

    whose = identity_of(patient_id, patient_name, birth_date, sex, accession)
    report, kind = _read(file), form_of(form)
    check_heat(kind, heat=heat)
    clips = run_job(films_of(films or []), quiet=quiet)
    heats = heats_shown(report, clips, quiet=quiet) if heat else ()
    order = Order(
        report, kind, out or target_of(file, kind), tuple(clips), heats, overwrite,
        release_of(release), anonymous, whose,
    )  # fmt: skip
    written = run_job(write(order), quiet=quiet)
    if written.report != report:
        _keep(written.report, file)
    if written.note:
        complain(written.note)
    if json:
        say_json({"written": str(written.path), "format": str(kind), "note": written.note or None})
    else:
        say(str(written.path))
    return DONE


def _read(file: Path) -> Report:
    from xray_studio.services.report.store import read_report

    return read_report(file)


def _keep(report: Report, target: Path) -> None:
    from xray_studio.services.report.saved import save

    save(report, target)


def _shown(report: Report, *, json: bool) -> int:
    from xray_studio.core.report.sentence import chance_words
    from xray_studio.core.report.stored import to_plain
    from xray_studio.core.report.words import state_line

    if json:
        say_json(to_plain(report))
        return DONE
    say(state_line(report))
    for number, (_, one) in enumerate(report.each(), 1):
        origin = f"AI, {one.review}" if one.is_ai else "template" if one.source else "person"
        chance = f", probability of {told}" if (told := chance_words(one)) else ""
        say(f"{number:>3}  [{origin}{chance}] {one.text}")
    return DONE


def _places(numbers: list[Where], told: str) -> list[Where]:
    return [_place(numbers, part) for part in told.split(",") if part.strip()]


def _place(numbers: list[Where], told: str) -> Where:
    number = int(told) if told.strip().isdecimal() else 0
    if not 1 <= number <= len(numbers):
        raise UsageError(f"There is no sentence {told.strip()[:20]}; they count to {len(numbers)}.")
    return numbers[number - 1]


def _change(numbers: list[Where], told: str) -> tuple[Where, str]:
    number, sign_of, words = told.partition("=")
    if not sign_of:
        raise UsageError("Name a sentence and its new words: --change '2=The heart is normal.'")
    return _place(numbers, number), words
