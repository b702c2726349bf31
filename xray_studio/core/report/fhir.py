"""A report as a FHIR DiagnosticReport: JSON of release 4 (4.0.1), or of release 5 (5.0.0).

The patient, the films and who signed stand inside the report (contained resources), each sentence's
origin in extensions of this program; the whole text is its narrative.
"""

from __future__ import annotations

import enum
import html
import re
from typing import Any, Final

from xray_studio.core.report.letter import SEXES, Subject, conclusion
from xray_studio.core.report.report import Report, Section
from xray_studio.core.report.sentence import Sentence
from xray_studio.core.report.words import ai_line, report_text, state_line

_URL: Final = "urn:xray-studio"  # names of our own: nothing lies there
_DICOM_UID: Final = "urn:dicom:uid"
_LOINC: Final = ("http://loinc.org", "18748-4", "Diagnostic imaging study")
_CATEGORY: Final = ("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology")


class Release(enum.StrEnum):
    """Releases of FHIR."""

    R4 = "R4"
    R5 = "R5"


def diagnostic_report(
    report: Report, subject: Subject, release: Release = Release.R4
) -> dict[str, Any]:
    """Return a report as a DiagnosticReport resource, ready for JSON.

    A draft is "preliminary", a signed one "final", a later version "amended".
    """
    contained = [_patient(subject), *_performers(report)]
    study = subject.study_instance_uid or report.study_instance_uid
    made: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": report.identifier[:64],
        "text": {"status": "generated", "div": _narrative(report, subject)},
        "contained": contained,
        "identifier": [{"system": f"{_URL}:report", "value": report.identifier}],
        "status": _status(report),
        "category": [{"coding": [_coding(*_CATEGORY)]}],
        "code": {"coding": [_coding(*_LOINC)]},
        "subject": {"reference": "#patient"},
        "issued": _instant(report),
        "conclusion": conclusion(report),
        "presentedForm": [_form(report, subject)],
    }
    date = _date(subject.identity.date)
    if date:
        made["effectiveDateTime"] = date
    performers = [{"reference": f"#{one['id']}"} for one in contained[1:]]
    if performers:
        made["performer"] = performers
    if report.signature is not None:
        made["resultsInterpreter"] = [{"reference": "#signer"}]
    if study:
        field = "imagingStudy" if release is Release.R4 else "study"
        contained.append(_study(subject, study))
        made[field] = [{"reference": "#study"}]
    extensions = list(map(_origin, _sentences(report)))
    if extensions:
        made["extension"] = extensions
    return {name: value for name, value in made.items() if value not in ("", [])}


def _patient(subject: Subject) -> dict[str, Any]:
    who = subject.identity
    found: dict[str, Any] = {"resourceType": "Patient", "id": "patient"}
    if who.patient_id:
        found["identifier"] = [{"value": _line(who.patient_id)}]
    names = _humans(who.patient_name)
    if names:
        found["name"] = names
    if who.sex in SEXES:
        found["gender"] = SEXES[who.sex]
    born = _date(who.birth_date)
    return found | ({"birthDate": born} if born else {})


def _humans(name: str) -> list[dict[str, Any]]:
    """Return the groups of a PN value that have text: alphabetic, ideographic, phonetic."""
    return [_human(group) for group in name.split("=") if group.strip("^ ")]


def _human(group: str) -> dict[str, Any]:
    """Return a group of a PN value: family, given, middle, prefix and suffix (PS3.5 6.2.1)."""
    parts = [part.strip() for part in group.split("^")] + [""] * 5
    family, given, middle, prefix, suffix = parts[:5]
    found: dict[str, Any] = {"family": family} if family else {}
    each = {"given": (given, middle), "prefix": (prefix,), "suffix": (suffix,)}
    found |= {name: kept for name, told in each.items() if (kept := [one for one in told if one])}
    return found


def _performers(report: Report) -> list[dict[str, Any]]:
    if report.signature is None:
        return []
    name = report.signature.name
    humans = _humans(name) if "^" in name else [{"text": name}]
    made: list[dict[str, Any]] = [{"resourceType": "Practitioner", "id": "signer", "name": humans}]
    if report.signature.organisation:
        told = report.signature.organisation
        made.append({"resourceType": "Organization", "id": "organisation", "name": told})
    return made


def _study(subject: Subject, uid: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "resourceType": "ImagingStudy",
        "id": "study",
        "status": "available",
        "subject": {"reference": "#patient"},
        "identifier": [{"system": _DICOM_UID, "value": f"urn:oid:{uid}"}],
    }
    if subject.identity.accession_number:
        kind = {"coding": [_coding("http://terminology.hl7.org/CodeSystem/v2-0203", "ACSN", "")]}
        number = {"type": kind, "value": _line(subject.identity.accession_number)}
        found["identifier"].append(number)
    return found


def _status(report: Report) -> str:
    if not report.is_signed:
        return "preliminary"
    return "amended" if report.version > 1 else "final"


def _instant(report: Report) -> str:
    time = report.signature.time if report.signature else report.created
    return time.isoformat(timespec="seconds")


def _form(report: Report, subject: Subject) -> dict[str, Any]:
    import base64

    told = report_text(report, subject.facts).encode()
    return {
        "contentType": "text/plain; charset=utf-8",
        "data": base64.b64encode(told).decode("ascii"),
        "title": state_line(report),
    }


def _sentences(report: Report) -> list[Sentence]:
    return [one for _, one in report.each() if one.is_ai]


def _origin(one: Sentence) -> dict[str, Any]:
    """Return which model wrote a sentence, how sure it was, and what a person made of it."""
    assert one.source is not None
    assert one.source.model is not None
    model = one.source.model
    parts: list[dict[str, Any]] = [
        {"url": "text", "valueString": one.text},
        {"url": "engine", "valueString": one.source.engine},
        {"url": "model", "valueString": f"{model.name} {model.version}"},
        {"url": "sha256", "valueString": model.sha256},
        {"url": "review", "valueCode": str(one.review)},
    ]
    if one.finding:
        parts.append({"url": "finding", "valueString": one.finding})
    if one.probability is not None:
        parts.append({"url": "probability", "valueDecimal": round(float(one.probability), 6)})
    return {"url": f"{_URL}:ai-sentence", "extension": parts}


def _narrative(report: Report, subject: Subject) -> str:
    """Return the whole report as XHTML."""
    lines = [state_line(report), ai_line(report)]
    lines += [f"{label}: {value}" for label, value in subject.facts if value]
    lines += [report.summary.text if report.summary else ""]
    head = "".join(f"<p>{_escaped(line)}</p>" for line in lines if line)
    body = "".join(_told(section) for section in report.sections if section.sentences)
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{head}{body}</div>'


def _told(section: Section) -> str:
    return f"<h2>{_escaped(section.heading)}</h2><p>{_escaped(section.text)}</p>"


def _escaped(text: str) -> str:
    """Return text for XHTML; letters that XML does not know are left out."""
    known = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    return html.escape(known).replace("\n", "<br/>")


def _coding(system: str, code: str, display: str) -> dict[str, str]:
    found = {"system": system, "code": code, "display": display}
    return {name: value for name, value in found.items() if value}


def _date(date: str) -> str:
    """Return a DA value as FHIR writes dates, "" for what is none."""
    digits = date.replace(".", "")
    if not re.fullmatch(r"\d{8}", digits):
        return ""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def _line(text: str) -> str:
    return " ".join(text.split())
