"""Who a report is about, as other programs are told: patient, study and the one who reports."""

from __future__ import annotations

from dataclasses import dataclass

from xray_studio.core.clip import Clip, Identity
from xray_studio.core.corner_text import format_age, format_date, format_name, format_time
from xray_studio.core.report.report import IMPRESSION, Report

SEXES = {"M": "male", "F": "female", "O": "other"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A patient and study as stored (PN, DA, TM), "" where nobody knows.

    `study_instance_uid` is that of the films, `modality` theirs.
    """

    identity: Identity
    study_instance_uid: str = ""
    modality: str = ""

    @classmethod
    def of(cls, clip: Clip) -> Subject:
        """Return whom and what a clip shows."""
        made = clip.acquisition
        return cls(clip.identity, made.study_instance_uid, made.modality)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Who and what, as a person reads it: (label, value), "" where nobody knows."""
        who = self.identity
        age = format_age(who.birth_date, who.date)
        born = ", ".join(filter(None, (format_date(who.birth_date), who.sex, age)))
        when = " ".join(filter(None, (format_date(who.date), format_time(who.time))))
        return (
            ("Patient", _name(who.patient_name)),
            ("Study", who.study_description),
            ("Patient ID", who.patient_id),
            ("Date", when),
            ("Born", born),
            ("Accession", who.accession_number),
            ("Institution", who.institution),
            ("Modality", self.modality),
        )

    @property
    def running(self) -> str:
        """Return in a line whose report it is."""
        who = self.identity
        told = (_name(who.patient_name), who.patient_id, format_date(who.date))
        return " · ".join(one for one in told if one)


def conclusion(report: Report) -> str:
    """Return what a report comes to: its impression, else its summary, else its findings."""
    found = report.section(IMPRESSION)
    if found is not None and found.sentences:
        return found.text
    if report.summary is not None:
        return report.summary.text
    return " ".join(section.text for section in report.sections)


def _name(name: str) -> str:
    """Return every group of a PN value that has text: "Phantom, Chest (幻影, 胸)"."""
    groups = [format_name(group) for group in name.split("=")]
    first, *others = [group for group in groups if group] or [""]
    return f"{first} ({', '.join(others)})" if others else first
