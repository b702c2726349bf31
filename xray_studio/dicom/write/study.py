"""The modules of patient, study, series and equipment (PS3.3 C.7.1, C.7.2, C.7.3, C.7.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pydicom import Dataset

from xray_studio.core.version import VERSION
from xray_studio.dicom.write.objects import MAKER, uid_from


@dataclass(frozen=True)
class StudyFacts:
    """Whose study it is; `uid` is its Study Instance UID, names as DICOM writes them (PN)."""

    uid: str
    patient_name: str
    patient_id: str
    birth_date: date
    sex: str
    institution: str
    description: str
    started: datetime
    comment: str = ""


@dataclass(frozen=True)
class SeriesFacts:
    """One series of a study, `body_part` as Body Part Examined names it."""

    modality: str
    number: int
    description: str
    started: datetime
    body_part: str = ""

    def uid(self, study: StudyFacts) -> str:
        """Series Instance UID, the same for the same study and number."""
        return uid_from(f"{study.uid}/{self.number}/series")

    def instance_uid(self, study: StudyFacts, number: int = 1) -> str:
        """SOP Instance UID of an instance, counted from 1."""
        name = "instance" if number == 1 else f"instance/{number}"
        return uid_from(f"{study.uid}/{self.number}/{name}")


def patient_and_study(study: StudyFacts) -> Dataset:
    """Return the modules of the patient and the study."""
    part = Dataset()
    part.PatientName = study.patient_name
    part.PatientID = study.patient_id
    part.PatientBirthDate = f"{study.birth_date:%Y%m%d}"
    part.PatientSex = study.sex
    part.PatientComments = study.comment
    part.StudyInstanceUID = study.uid
    part.StudyDate = f"{study.started:%Y%m%d}"
    part.StudyTime = f"{study.started:%H%M%S}"
    part.StudyDescription = study.description
    part.StudyID = f"{study.started:%y%m%d%H%M}"
    part.AccessionNumber = ""
    part.ReferringPhysicianName = ""
    part.PatientAge = f"{_age(study):03d}Y"
    return part


def _age(study: StudyFacts) -> int:
    born, then = study.birth_date, study.started
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def series_and_equipment(study: StudyFacts, series: SeriesFacts) -> Dataset:
    """Return the modules of the series and of the equipment."""
    part = Dataset()
    part.Modality = series.modality
    part.SeriesInstanceUID = series.uid(study)
    part.SeriesNumber = series.number
    part.SeriesDescription = series.description
    part.SeriesDate = f"{series.started:%Y%m%d}"
    part.SeriesTime = f"{series.started:%H%M%S}"
    part.InstitutionName = study.institution
    part.Manufacturer = MAKER
    part.ManufacturerModelName = "Phantom"
    part.SoftwareVersions = VERSION
    part.DeviceSerialNumber = "0"
    if series.body_part:
        part.BodyPartExamined = series.body_part
        part.ProtocolName = study.description
    return part
