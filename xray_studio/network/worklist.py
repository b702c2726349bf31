"""C-FIND of the modality worklist (PS3.4 annex K)."""

from __future__ import annotations

from typing import Any, Final

from pydicom.dataset import Dataset

from xray_studio.core.pacs.node import Node
from xray_studio.core.pacs.worklist import WorklistEntry, WorklistQuery
from xray_studio.network.datasets import Values, text
from xray_studio.network.find import ask, asking

MODALITY_WORKLIST: Final = "1.2.840.10008.5.1.4.31"
_KEYS: Final = {
    "patient_name": "PatientName",
    "patient_id": "PatientID",
    "issuer_of_patient_id": "IssuerOfPatientID",
    "patient_birth_date": "PatientBirthDate",
    "patient_sex": "PatientSex",
    "accession_number": "AccessionNumber",
    "referring_physician_name": "ReferringPhysicianName",
    "study_instance_uid": "StudyInstanceUID",
    "requested_procedure_id": "RequestedProcedureID",
    "requested_procedure_description": "RequestedProcedureDescription",
}
_STEP_KEYS: Final = {
    "scheduled_procedure_step_id": "ScheduledProcedureStepID",
    "scheduled_procedure_step_description": "ScheduledProcedureStepDescription",
    "scheduled_procedure_step_start_date": "ScheduledProcedureStepStartDate",
    "scheduled_procedure_step_start_time": "ScheduledProcedureStepStartTime",
    "scheduled_performing_physician_name": "ScheduledPerformingPhysicianName",
    "scheduled_station_ae_title": "ScheduledStationAETitle",
    "modality": "Modality",
}


def worklist(node: Node, query: WorklistQuery, password: str = "") -> list[WorklistEntry]:
    """Return what is scheduled, in order of time. Raises PeerError where the node does not say."""
    with asking(node, MODALITY_WORKLIST, password) as link:
        found = [_entry(one) for one in ask(link, MODALITY_WORKLIST, _keys(query))]
    return sorted(found, key=_when)


def _keys(query: WorklistQuery) -> Values:
    step: dict[str, str] = dict.fromkeys(_STEP_KEYS.values(), "")
    step |= {
        "Modality": query.modality,
        "ScheduledProcedureStepStartDate": query.date,
        "ScheduledStationAETitle": query.station_ae_title,
    }
    keys: dict[str, Any] = dict.fromkeys(_KEYS.values(), "")
    return keys | {
        "PatientName": query.patient_name,
        "PatientID": query.patient_id,
        "AccessionNumber": query.accession_number,
        "ScheduledProcedureStepSequence": step,
    }


def _entry(found: Dataset) -> WorklistEntry:
    steps = found.get("ScheduledProcedureStepSequence") or [Dataset()]
    own = {name: text(found, keyword) for name, keyword in _KEYS.items()}
    return WorklistEntry(
        **own, **{name: text(steps[0], keyword) for name, keyword in _STEP_KEYS.items()}
    )


def _when(entry: WorklistEntry) -> tuple[str, str, str]:
    return (
        entry.scheduled_procedure_step_start_date,
        entry.scheduled_procedure_step_start_time,
        entry.patient_name,
    )
