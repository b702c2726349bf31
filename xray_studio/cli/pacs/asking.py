"""`xray-studio pacs echo, find, worklist`: what archives are asked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from xray_studio.cli.common import DONE, Json, Quiet, run_job, say, say_json
from xray_studio.cli.pacs.options import (
    Accession,
    Date,
    Modality,
    NodeName,
    PatientId,
    PatientName,
    checked_date,
    objects,
)

if TYPE_CHECKING:
    from xray_studio.core.pacs.query import Match
    from xray_studio.core.pacs.worklist import WorklistEntry


def echo(*, node: NodeName = "", json: Json = False, quiet: Quiet = False) -> int:
    """Show whether an archive is there, and how long it takes to answer."""
    from xray_studio.services.pacs.asking import echo as asked
    from xray_studio.services.pacs.nodes import node_named

    called = node_named(node)
    seconds = run_job(asked(called), quiet=quiet)
    if json:
        say_json({"node": called.told, "address": called.address, "seconds": round(seconds, 4)})
    else:
        say(f"{called.told} answers in {seconds * 1000.0:.0f} ms.")
    return DONE


def find(
    *,
    node: NodeName = "",
    level: Annotated[
        str, typer.Option("--level", metavar="LEVEL", help="What is listed: study, series, image.")
    ] = "study",
    patient_name: PatientName = "",
    patient_id: PatientId = "",
    accession: Accession = "",
    modality: Modality = "",
    date: Date = "",
    study: Annotated[str, typer.Option("--study", metavar="UID", help="Study Instance UID.")] = "",
    series: Annotated[
        str, typer.Option("--series", metavar="UID", help="Series Instance UID.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """List studies, series or objects that an archive has."""
    from xray_studio.core.errors import UsageError
    from xray_studio.core.pacs.query import Level, Query
    from xray_studio.services.pacs.asking import find as asked
    from xray_studio.services.pacs.nodes import node_named

    if level not in set(Level):
        raise UsageError(f"{level} is no level; choose study, series or image.")
    query = Query(
        Level(level), patient_name, patient_id, checked_date(date), accession, modality, study,
        series,
    )  # fmt: skip
    matches = run_job(asked(node_named(node), query), quiet=quiet)
    if json:
        say_json({"matches": [asdict(one) for one in matches]})
        return DONE
    for one in matches:
        say(_match(one))
    if not matches:
        say("Nothing like this was found.")
    return DONE


def worklist(
    *,
    node: NodeName = "",
    patient_name: PatientName = "",
    patient_id: PatientId = "",
    accession: Accession = "",
    modality: Modality = "",
    date: Date = "",
    station: Annotated[
        str, typer.Option("--station", metavar="AET", help="Scheduled station.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """List what is scheduled, in order of time."""
    from xray_studio.core.pacs.worklist import WorklistQuery
    from xray_studio.services.pacs.asking import worklist as asked
    from xray_studio.services.pacs.nodes import node_named

    query = WorklistQuery(
        patient_name, patient_id, accession, modality, checked_date(date), station
    )
    entries = run_job(asked(node_named(node), query), quiet=quiet)
    if json:
        say_json({"entries": [asdict(one) for one in entries]})
        return DONE
    for one in entries:
        say(entry_words(one))
    if not entries:
        say("Nothing like this is scheduled.")
    return DONE


def _match(one: Match) -> str:
    from xray_studio.core.corner_text import format_date
    from xray_studio.core.pacs.query import Level

    words: tuple[str, ...]
    if one.level is Level.STUDY:
        count = "" if one.instances is None else objects(one.instances)
        words = (format_date(one.study_date), _person(one.patient_name), one.patient_id,
                 one.modality.replace("\\", " "), one.study_description, one.accession_number,
                 count, one.study_instance_uid)  # fmt: skip
    elif one.level is Level.SERIES:
        number = "" if one.series_number is None else f"{one.series_number}"
        count = "" if one.instances is None else objects(one.instances)
        words = (number, one.modality, one.series_description, count, one.series_instance_uid)
    else:
        number = "" if one.instance_number is None else f"{one.instance_number}"
        words = (number, one.sop_class_uid, one.sop_instance_uid)
    return "  ".join(filter(None, words))


def entry_words(one: WorklistEntry) -> str:
    """Return an entry of a worklist in a line."""
    from xray_studio.core.corner_text import format_date

    time = one.scheduled_procedure_step_start_time
    words = (
        format_date(one.scheduled_procedure_step_start_date), f"{time[:2]}:{time[2:4]}" if time
        else "", one.modality, _person(one.patient_name), one.patient_id,
        one.scheduled_procedure_step_description or one.requested_procedure_description,
        one.accession_number, one.scheduled_station_ae_title,
    )  # fmt: skip
    return "  ".join(filter(None, words))


def _person(name: str) -> str:
    from xray_studio.core.corner_text import format_name

    return format_name(name)
