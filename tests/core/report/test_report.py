import contextlib
import dataclasses
import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.report.reports import FILM, NOW, SOURCE, ai, drafted
from xray_studio.core.errors import UnreadableError, UnsupportedError, UsageError
from xray_studio.core.plain_values import plain_of, value_of
from xray_studio.core.report.edit import (
    accept,
    accept_all,
    add_key_picture,
    add_section,
    change,
    insert,
    insert_measurement,
    remove,
    remove_section,
    rename_section,
)
from xray_studio.core.report.engine import begun_by_hand
from xray_studio.core.report.report import (
    BLANK,
    SUMMARY,
    Film,
    KeyPicture,
    Measured,
    Provenance,
    Report,
    Section,
    Sent,
    State,
    Where,
)
from xray_studio.core.report.sentence import Review, Sentence
from xray_studio.core.report.signing import amended, content_sha256, is_intact, sign
from xray_studio.core.report.stored import from_json, from_plain, to_json, to_plain
from xray_studio.core.report.words import report_text

LENGTH = Measured("Heart", "length", "142.0 mm at the detector", "1.2.3", 0, 142.0, "mm",
                  "at the detector", ((1.5, 2.5), (9.0, 2.5)))  # fmt: skip


def test_a_draft_is_signed_once_every_ai_sentence_is_reviewed() -> None:
    report = drafted()
    assert report.state is State.DRAFT
    assert len(report.open_places()) == 4
    with pytest.raises(UsageError, match="4 AI sentences are neither accepted nor changed"):
        sign(report, "Doe^Jane", NOW)
    report = change(report, Where(0, 0), "The heart is slightly enlarged.")
    assert report.sections[0].sentences[0].original == "The heart is enlarged."
    report = accept(report, Where(0, 1))
    report = remove(report, Where(1, 0))
    with pytest.raises(UsageError, match="One AI sentence"):
        sign(report, "Doe^Jane", NOW)
    signed = sign(accept(report, SUMMARY), "Doe^Jane", NOW)
    assert signed.state is State.SIGNED
    assert is_intact(signed)
    assert signed.provenance is not None
    assert signed.provenance.draft == drafted().sections


def test_what_a_template_leaves_open_is_not_signed() -> None:
    report = begun_by_hand("1.2", (FILM,), ("Findings",), NOW)
    report = insert(report, Where(0, 0), f"Lungs: {BLANK}.")
    with pytest.raises(UsageError, match=r"still says \[to be described\]; describe that"):
        sign(report, "Doe^Jane", NOW)
    assert sign(change(report, Where(0, 0), "Lungs: clear."), "Doe^Jane", NOW).is_signed


def test_a_signed_report_stays_and_a_new_version_names_it() -> None:
    signed = sign(accept_all(drafted()), "Doe^Jane", NOW, "Clinic")
    for edit in (
        lambda: change(signed, Where(0, 0), "Other."),
        lambda: remove_section(signed, 0),
        lambda: sign(signed, "Roe", NOW),
    ):
        with pytest.raises(UsageError, match="amend"):
            edit()
    new = amended(signed, NOW)
    assert (new.version, new.identifier, new.state) == (2, signed.identifier, State.EDITED)
    assert signed.signature is not None
    assert new.predecessor == signed.signature.content_sha256
    again = sign(new, "Doe^Jane", NOW)
    assert content_sha256(again) != content_sha256(signed)
    forged = dataclasses.replace(signed, sections=(Section("Findings", (Sentence("Other."),)),))
    with pytest.raises(UsageError, match="not what was signed"):
        amended(forged, NOW)
    with pytest.raises(UsageError, match="Only a signed"):
        amended(drafted(), NOW)


def test_edits() -> None:
    report = begun_by_hand("1.2", (FILM,), ("Findings",), NOW)
    with pytest.raises(UsageError, match="says nothing"):
        sign(report, "Doe", NOW)
    report = insert(report, Where(0, 0), "Second.")
    report = insert(report, Where(0, 0), "First.")
    report = insert_measurement(report, Where(0, 2), LENGTH)
    report = insert_measurement(report, Where(0, 3), LENGTH)
    report = add_key_picture(report, KeyPicture("1.2.3", 0, "Heart"))
    report = add_key_picture(report, KeyPicture("1.2.3", 0, "The heart"))
    report = rename_section(add_section(report, "Notes", 0), 0, "Remarks")
    assert [one.heading for one in report.sections] == ["Remarks", "Findings"]
    assert report.sections[1].text.startswith("First. Second. Heart: 142.0 mm at the detector.")
    assert (len(report.measurements), len(report.key_pictures)) == (1, 1)
    assert not report.has_ai
    assert sign(report, "Doe", NOW).is_signed
    with pytest.raises(UsageError, match="no such sentence"):
        remove(report, Where(1, 9))
    with pytest.raises(UsageError, match="no such section"):
        insert(report, Where(-1, 0), "x")
    with pytest.raises(UsageError, match="zone"):
        sign(report, "Doe", NOW.replace(tzinfo=None))


def test_words_that_return_to_those_of_the_engine_are_open_again() -> None:
    report = change(drafted(), Where(0, 1), "Small effusion.")
    assert not report.sections[0].sentences[1].is_open
    report = change(report, Where(0, 1), "No pleural effusion is seen.")
    assert report.sections[0].sentences[1].is_open


def test_text_marks_what_nobody_reviewed() -> None:
    text = report_text(drafted(), (("Patient", "Doe"),))
    assert text.count("[AI] ") == 4
    assert "[AI] The heart is enlarged. [probability of cardiomegaly 81 %]" in text
    assert "AI draft, not for diagnosis." in text
    signed = report_text(sign(accept_all(drafted()), "Doe^Jane", NOW))
    assert "[AI]" not in signed
    assert "SIGNED by Doe, Jane," in signed
    assert "every sentence was reviewed" in signed


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TIMES = st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=5, minutes=30))))
SENTENCES = st.builds(Sentence, TEXT) | st.builds(
    lambda text, chance, finding, review: Sentence(
        text, SOURCE, chance, finding, review, "was" if review is Review.CHANGED else ""
    ),
    TEXT, st.floats(0, 1) | st.integers(0, 1), TEXT, st.sampled_from(Review),
)  # fmt: skip
SECTIONS = st.lists(
    st.builds(Section, TEXT, st.lists(SENTENCES, max_size=3).map(tuple)), max_size=3
)
MEASURED = st.builds(
    Measured, TEXT, TEXT, TEXT, TEXT, st.integers(0, 9), st.none() | FLOATS | st.integers(),
    points=st.lists(st.tuples(FLOATS, FLOATS), max_size=2).map(tuple),
)  # fmt: skip
REPORTS = st.builds(
    Report, TEXT, TEXT, st.just((FILM, Film("", 3, "ef" * 32))), TIMES, SECTIONS.map(tuple),
    st.none() | SENTENCES, st.sampled_from([State.DRAFT, State.EDITED]),
    st.lists(MEASURED, max_size=2).map(tuple), st.just((KeyPicture("1", 2, "c"),)),
    st.none() | st.builds(Provenance, TEXT, st.just(SOURCE), TIMES, st.just(("note",)),
                          SECTIONS.map(tuple), TEXT),
    objects=st.just((Sent("1", "2", "3", "4"),)),
)  # fmt: skip


@settings(max_examples=40)
@given(REPORTS, TEXT)
def test_json_is_read_back_exactly(report: Report, name: str) -> None:
    assert from_json(to_json(report).encode()) == report
    if any(section.sentences for section in report.sections):
        signed = sign(accept_all(report), name, NOW)
        assert from_json(to_json(signed).encode()) == signed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.data())
def test_damage_is_named_never_guessed_at(data: st.DataObject) -> None:
    plain = to_plain(sign(accept_all(drafted()), "Doe", NOW))
    inner, key = plain, data.draw(st.sampled_from(sorted(plain)))
    while isinstance(inner[key], list | dict) and inner[key] and data.draw(st.booleans()):
        inner = inner[key]
        keys = sorted(inner) if isinstance(inner, dict) else range(len(inner))
        key = data.draw(st.sampled_from(keys))
    old = json.dumps(inner[key])
    inner[key] = data.draw(JSON)
    told = json.dumps(plain).encode("utf-8", "surrogatepass")
    with contextlib.suppress(UnreadableError, UnsupportedError):
        found = from_json(told)
        assert is_intact(found)
        assert found.signature is not None
        assert json.dumps(inner[key]) == old or key in {
            "name", "time", "organisation", "objects", "signature",
            "sop_class_uid", "sop_instance_uid", "series_instance_uid", "study_instance_uid",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plain: plain.pop("films"), "it lacks films"),
        (lambda plain: plain.update(films=3), "films is no list"),
        (lambda plain: plain["sections"][0].update(heading=4), r"sections\[1\].heading is no text"),
        (lambda plain: plain.update(state="lost"), "state is none of its values"),
        (lambda plain: plain.update(created="2026-11-21"), "created is no time with its zone"),
        (lambda plain: plain.update(schema="x"), "no report of this program"),
        (lambda plain: plain.update(schema_version=2), "later version"),
        (lambda plain: plain.update(more=1), "'more', which is unknown"),
        (lambda plain: plain["sections"][0]["sentences"][0].update(text="The heart is normal."),
         "changed after it was signed"),
        (lambda plain: plain["sections"][0]["sentences"][0].update(review="untouched"),
         "nobody reviewed"),
    ],
)  # fmt: skip
def test_damage(change: object, said: str) -> None:
    plain = to_plain(sign(accept_all(drafted()), "Doe", NOW))
    change(plain)  # type: ignore[operator] - any of the functions above
    with pytest.raises((UnreadableError, UnsupportedError), match=said):
        from_plain(plain)


def test_plain_values_refuse_what_has_no_plain_form() -> None:
    with pytest.raises(TypeError, match="set has no plain form"):
        plain_of({1})
    with pytest.raises(ValueError, match="it has not 2 values"):
        value_of(tuple[int, int], [1])
    assert ai("x").is_open
