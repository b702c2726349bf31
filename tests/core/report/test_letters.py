"""FHIR and HL7: read again by libraries of others."""

import json
from dataclasses import replace

import hl7
import pytest
from fhir.resources import diagnosticreport as r5
from fhir.resources.R4B import diagnosticreport as r4
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.report.reports import NOW, drafted
from xray_studio.core.clip import Identity
from xray_studio.core.report.edit import accept_all, change
from xray_studio.core.report.fhir import Release, diagnostic_report
from xray_studio.core.report.hl7 import escaped, observation_message, unescaped
from xray_studio.core.report.letter import Subject
from xray_studio.core.report.report import Report, Where
from xray_studio.core.report.signing import amended, sign
from xray_studio.core.report.words import report_text

WHO = Subject(
    Identity(
        "Phantom^Chest^Q^Dr^Jr=幻影^胸", "DEMO|1^2", "19610412", "F", "Hospital & Sons",
        "Chest, 2 views", "20261121", "094107.5", "A~17",
    ),
    "1.2.840.1", "DX",
)  # fmt: skip
NOBODY = Subject(Identity())
WORDS = "A & B | C ^ D ~ E \\ F <b>\nnext 心臓 القلب."


def signed() -> Report:
    return sign(accept_all(change(drafted(), Where(0, 0), WORDS)), "Doe^Jane", NOW, "Clinic")


@pytest.mark.parametrize("subject", [WHO, NOBODY])
@pytest.mark.parametrize(
    ("release", "judge"),
    [(Release.R4, r4.DiagnosticReport), (Release.R5, r5.DiagnosticReport)],
    ids=["R4", "R5"],
)
def test_fhir_is_what_its_release_says(release: Release, judge: type, subject: Subject) -> None:
    for report, status in (
        (drafted(), "preliminary"),
        (signed(), "final"),
        (sign(amended(signed(), NOW), "Roe", NOW), "amended"),
    ):
        text = json.dumps(diagnostic_report(report, subject, release))
        found = judge.model_validate_json(text)
        assert found.status == status
        assert json.loads(found.model_dump_json())["conclusion"] == "Cardiomegaly."
        assert len(found.extension) == 4
    if subject is WHO:
        patient = found.contained[0]
        assert [one.family for one in patient.name] == ["Phantom", "幻影"]
        assert str(patient.birthDate) == "1961-04-12"


def test_hl7_is_parsed_to_what_was_said() -> None:
    message = observation_message(signed(), WHO, NOW)
    found = hl7.parse(message)
    assert str(found.segment("MSH")[9]) == "ORU^R01^ORU_R01"
    assert found.unescape(str(found.segment("PID")[3])) == "DEMO|1^2"
    assert str(found.segment("PID")[5]) == "Phantom^Chest^Q^Jr^Dr~幻影^胸"
    assert str(found.segment("PID")[7]) == "19610412"
    order = found.segment("OBR")
    assert (str(order[25]), str(order[32])) == ("F", "&Doe&Jane")
    assert found.unescape(str(order[2])) == "A~17"
    each = found.segments("OBX")
    told = [found.unescape(str(one[5])) for one in each]
    assert [int(str(one[1])) for one in each] == list(range(1, len(each) + 1))
    assert WORDS.replace("\n", "\r") in told
    assert {str(one[11]) for one in each} == {"F"}
    assert "No pleural effusion is seen." in told


def test_a_signer_is_named_in_every_script_that_a_form_has_room_for() -> None:
    report = sign(accept_all(drafted()), "Yamada^Tarou=山田^太郎", NOW, "Clinic")
    told = diagnostic_report(report, WHO, Release.R4)
    (who,) = [one for one in told["contained"] if one["resourceType"] == "Practitioner"]
    assert [(one["family"], one["given"]) for one in who["name"]] == [
        ("Yamada", ["Tarou"]), ("山田", ["太郎"]),
    ]  # fmt: skip
    order = hl7.parse(observation_message(report, WHO, NOW)).segment("OBR")
    assert str(order[32]) == "&Yamada&Tarou"
    assert "SIGNED by Yamada, Tarou (Clinic), " in report_text(report)


def test_hl7_marks_what_nobody_reviewed() -> None:
    message = observation_message(drafted(), NOBODY, NOW)
    found = hl7.parse(message)
    told = [str(one[5]) for one in found.segments("OBX")]
    assert sum(one.startswith("[AI] ") for one in told) == 4
    assert {str(one[11]) for one in found.segments("OBX")} == {"P"}
    later = replace(drafted(), version=2, predecessor="ab")
    assert "|P|" in observation_message(later, NOBODY, NOW)


@settings(max_examples=50)
@given(st.text())
def test_hl7_escapes_lose_nothing(text: str) -> None:
    field = escaped(text)
    assert not set(field) & set("|^~&\r\n")
    kept = "".join(
        one if one == "\n" or (one >= " " and one != "\x7f") else "" if one == "\r" else " "
        for one in text
    )
    assert unescaped(field) == kept
