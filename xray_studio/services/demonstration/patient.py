"""Who the demonstration shows, and when: one patient who never lived, and her studies."""

from __future__ import annotations

from datetime import UTC, date, datetime

from xray_studio.dicom.write.objects import uid_from
from xray_studio.dicom.write.study import StudyFacts

SEED = 5


def _study(name: str, description: str, started: datetime) -> StudyFacts:
    return StudyFacts(
        uid=uid_from(f"demonstration/{name}"),
        patient_name="Phantom^Coronary",
        patient_id="DEMO-0001",
        birth_date=date(1961, 4, 12),
        sex="F",
        institution="Demonstration Hospital",
        description=description,
        started=started,
        comment="Computed phantom: no patient.",
    )


ANGIOGRAPHY = _study("study", "Coronary angiography", datetime(2026, 11, 20, 9, 41, 7, tzinfo=UTC))
