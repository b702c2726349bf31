"""Entries of a modality worklist (PS3.4 annex K) as plain values, and how they are asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorklistQuery:
    """What is looked for; "" takes everything. Names take * and ?.

    `date` is one day as YYYYMMDD, or a range as YYYYMMDD-YYYYMMDD, open at either end.
    """

    patient_name: str = ""
    patient_id: str = ""
    accession_number: str = ""
    modality: str = ""
    date: str = ""
    station_ae_title: str = ""


@dataclass(frozen=True, slots=True)
class WorklistEntry:
    """One scheduled procedure step; each field is named by its DICOM keyword, "" where empty.

    Dates are YYYYMMDD and times HHMMSS as DICOM has them; names have their components and groups.
    """

    patient_name: str = ""
    patient_id: str = ""
    issuer_of_patient_id: str = ""
    patient_birth_date: str = ""
    patient_sex: str = ""
    accession_number: str = ""
    referring_physician_name: str = ""
    study_instance_uid: str = ""
    requested_procedure_id: str = ""
    requested_procedure_description: str = ""
    scheduled_procedure_step_id: str = ""
    scheduled_procedure_step_description: str = ""
    scheduled_procedure_step_start_date: str = ""
    scheduled_procedure_step_start_time: str = ""
    scheduled_performing_physician_name: str = ""
    scheduled_station_ae_title: str = ""
    modality: str = ""
