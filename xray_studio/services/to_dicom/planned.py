"""Whom a video is of, as an entry of a modality worklist says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job
from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.worklist import WorklistEntry, WorklistQuery
from xray_studio.core.video.identity import Identity, date_of
from xray_studio.services.pacs.asking import worklist

_NAMES: Final = {
    "accession": "accession_number",
    "id": "patient_id",
    "name": "patient_name",
    "modality": "modality",
    "date": "date",
    "station": "station_ae_title",
}


def query_of(told: str) -> WorklistQuery:
    """Return a query of words such as "accession=A-12" or "name=Doe*,date=2026-11-22".

    A word alone is an accession number. Raises UsageError for what is none of these.
    """
    query = WorklistQuery()
    for part in told.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            name, value = "accession", name
        if name not in _NAMES or not value:
            known = ", ".join(f"{one}=" for one in _NAMES)
            raise UsageError(f"{part} asks for nothing; write an accession number, or {known}.")
        field = _NAMES[name]
        query = replace(query, **{field: date_of(value) if field == "date" else value})
    return query


def entries_like(node: Node, told: str) -> Job[list[WorklistEntry]]:
    """Return the entries of a worklist that are like a query in words.

    Raises UsageError for words that ask for nothing, PeerError where the node does not answer.
    """
    entries = yield from worklist(node, query_of(told))
    return entries


def only_entry(entries: Sequence[WorklistEntry]) -> Identity:
    """Return the identity that the one entry tells. Raises UsageError for none and for several."""
    if not entries:
        raise UsageError("Nothing like this is scheduled; look with xray-studio pacs worklist.")
    if len(entries) > 1:
        raise UsageError(
            f"{len(entries):,} entries of the worklist are like this; ask for one of them, by its"
            " accession number for example."
        )
    return identity_of_entry(entries[0])


def identity_of_entry(entry: WorklistEntry) -> Identity:
    """Return the patient and study of an entry, with the step that was planned."""
    described = entry.requested_procedure_description
    return Identity(
        patient_id=entry.patient_id,
        patient_name=entry.patient_name,
        issuer=entry.issuer_of_patient_id,
        birth_date=entry.patient_birth_date,
        sex=entry.patient_sex,
        study_uid=entry.study_instance_uid,
        study_id=entry.requested_procedure_id[:16],
        study_description=described or entry.scheduled_procedure_step_description,
        accession=entry.accession_number,
        referring=entry.referring_physician_name,
        modality=entry.modality,
        procedure_id=entry.requested_procedure_id,
        procedure_description=described,
        step_id=entry.scheduled_procedure_step_id,
        step_description=entry.scheduled_procedure_step_description,
    )
