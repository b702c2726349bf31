"""Who the demonstration shows, and when: one patient who never lived, and her studies."""

from __future__ import annotations

from datetime import UTC, date, datetime

from xray_studio.dicom.write.objects import Code, uid_from
from xray_studio.dicom.write.study import StudyFacts

SEED = 5
NODULE: Code = ("27925004", "SCT", "Nodule")
LUNG: Code = ("39607008", "SCT", "Lung")


def _study(name: str, description: str, *started: int) -> StudyFacts:
    return StudyFacts(
        uid=uid_from(f"demonstration/{name}"),
        patient_name="Phantom^Coronary",
        patient_id="DEMO-0001",
        birth_date=date(1961, 4, 12),
        sex="F",
        institution="Demonstration Hospital",
        description=description,
        started=datetime(*started, tzinfo=UTC),  # type: ignore[arg-type,misc]  # six whole numbers
        comment="Computed phantom: no patient.",
    )


ANGIOGRAPHY = _study("study", "Coronary angiography", 2026, 11, 20, 9, 41, 7)
ECHO = _study("echo", "Echocardiography", 2026, 11, 19, 10, 20, 31)
CARDIOGRAM = _study("ecg", "Resting ECG", 2026, 11, 20, 8, 50, 0)
TOMOGRAPHY = _study("ct", "CT chest with contrast", 2026, 11, 19, 14, 12, 30)
RADIOGRAPHS = _study("radiographs", "Chest PA and lateral", 2026, 11, 18, 11, 5, 12)
PRIOR = _study("prior", "Chest PA and lateral", 2025, 3, 6, 8, 32, 44)
