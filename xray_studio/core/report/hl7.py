"""A report as an HL7 version 2 message: ORU^R01 of 2.5.1, in UTF-8, with text observations.

MSH, PID, OBR and OBX segments (HL7 v2.5.1, chapters 2, 3 and 7); every line of a report is an OBX
of type TX, so that any receiver shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from xray_studio.core.report.letter import Subject
from xray_studio.core.report.report import Report, Section
from xray_studio.core.report.words import ai_line, marked, source_words, state_line

_CODES: Final[dict[str, str]] = {
    "Indication": "18785-6^Indications for Procedure^LN",
    "Technique": "55111-9^Current Procedure Descriptions^LN",
    "Comparison": "18834-2^Previous Findings^LN",
    "Findings": "59776-5^Findings^LN",
    "Impression": "19005-8^Impressions^LN",
}
_ESCAPES: Final = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\",
                   "\r": "", "\n": "\\.br\\"}  # fmt: skip
SEPARATOR: Final = "\r"


def observation_message(
    report: Report, subject: Subject, now: datetime, application: str = "XRAYSTUDIO"
) -> str:
    """Return a report as an ORU^R01 message, segments ended by carriage returns.

    Its results are preliminary ("P") for a draft, final ("F") for a signed one, corrected ("C") for
    a later version. `now` is when the message is made.
    """
    segments = [
        _header(report, now, application),
        _patient(subject),
        _order(report, subject),
        *(_observation(number, line) for number, line in enumerate(_lines(report), 1)),
    ]
    return "".join("|".join(segment).rstrip("|") + SEPARATOR for segment in segments)


def escaped(text: str) -> str:
    """Return text as a field holds it (chapter 2.7): separators and line ends escaped.

    Other control characters are left out.
    """
    told = "".join(_ESCAPES.get(letter, letter) for letter in text)
    return re.sub(r"[\x00-\x1f\x7f]", " ", told)


def unescaped(text: str) -> str:
    """Return the text of a field as it was."""
    back = {code.strip("\\"): letter for letter, code in _ESCAPES.items() if code}
    return re.sub(r"\\([^\\]*)\\", lambda found: back.get(found[1], found[0]), text)


def _header(report: Report, now: datetime, application: str) -> tuple[str, ...]:
    control = f"{report.identifier[:14]}V{report.version}"[:20]
    return (
        "MSH", "^~\\&", application, "", "", "", _time(now), "", "ORU^R01^ORU_R01", control, "P",
        "2.5.1", "", "", "", "", "", "UNICODE UTF-8",
    )  # fmt: skip


def _patient(subject: Subject) -> tuple[str, ...]:
    who = subject.identity
    groups = [group for group in who.patient_name.split("=") if group.strip("^ ")]
    name = "~".join(_person(group) for group in groups)
    sex = who.sex if who.sex in {"M", "F", "O"} else "U" if who.sex else ""
    return ("PID", "1", "", escaped(who.patient_id), "", name, "", _digits(who.birth_date), sex)


def _person(group: str) -> str:
    """Return a group of a PN value as XPN: family, given, middle, suffix, prefix (2.A.88)."""
    parts = [escaped(part.strip()) for part in group.split("^")] + [""] * 5
    family, given, middle, prefix, suffix = parts[:5]
    return f"{family}^{given}^{middle}^{suffix}^{prefix}".rstrip("^")


def _order(report: Report, subject: Subject) -> tuple[str, ...]:
    who, signature = subject.identity, report.signature
    fields = [""] * 33
    fields[0], fields[1] = "OBR", "1"
    fields[2] = escaped(who.accession_number)
    fields[3] = report.identifier[:22]
    fields[4] = f"18748-4^{escaped(who.study_description or 'Diagnostic imaging study')}^LN"
    fields[7] = _digits(who.date) + _digits(who.time.partition(".")[0])
    fields[22] = _time(signature.time if signature else report.created)
    fields[24] = "RAD"
    fields[25] = _status(report)
    if signature is not None:  # principal result interpreter: CNN components in NDL (2.A.47)
        fields[32] = _interpreter(signature.name)
    return tuple(fields)


def _interpreter(name: str) -> str:
    first = next((group for group in name.split("=") if group.strip("^ ")), "")
    parts = [escaped(part.strip()).replace("&", "\\T\\") for part in first.split("^")]
    return "&".join(["", *parts[:2]])


def _status(report: Report) -> str:
    if not report.is_signed:
        return "P"
    return "C" if report.version > 1 else "F"


def _lines(report: Report) -> Iterator[tuple[str, str, str]]:
    """Yield code, text and status of every observation."""
    status = _status(report)
    note = "121106^Comment^DCM"
    for line in (state_line(report), ai_line(report), source_words(report)):
        if line:
            yield note, line, status
    if report.summary is not None:
        yield "55112-7^Document Summary^LN", marked(report.summary), status
    for section in report.sections:
        for one in section.sentences:
            yield _code(section), marked(one), status
    for one_measured in report.measurements:
        yield (
            "126010^Imaging Measurements^DCM",
            f"{one_measured.name}: {one_measured.words}",
            status,
        )


def _code(section: Section) -> str:
    known = _CODES.get(section.heading)
    return known or f"^{escaped(section.heading)}"


def _observation(number: int, told: tuple[str, str, str]) -> tuple[str, ...]:
    code, words, status = told
    return ("OBX", str(number), "TX", code, str(number), escaped(words), *[""] * 5, status)


def _time(time: datetime) -> str:
    return f"{time:%Y%m%d%H%M%S%z}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
