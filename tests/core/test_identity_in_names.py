"""Identity in the names of files, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.clip import Identity
from xray_studio.core.identity_in_names import told_by_name

WHO = Identity(
    patient_name="Müller-Lüdenscheidt^Anna Maria", patient_id="PAT-00815", birth_date="19500131",
    accession_number="A 77-1234",
)  # fmt: skip
NAME, NUMBER, BIRTH, ACCESSION = (
    "Patient Name", "Patient ID", "Patient's Birth Date", "Accession Number",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("run-3.mp4", ()),
        ("annotated clip.mp4", ()),
        ("MUELLER loop.mp4", (NAME,)),
        ("muller.mp4", (NAME,)),
        ("anna_3.mp4", (NAME,)),
        ("xluedenscheidtx.png", (NAME,)),
        ("pat00815-loop.mp4", (NUMBER,)),
        ("PAT_00815", (NUMBER,)),
        ("815.mp4", ()),
        ("31.01.1950.mp4", (BIRTH,)),
        ("clip 1950-01-31.mp4", (BIRTH,)),
        ("310150.mp4", (BIRTH,)),
        ("x_01-31-50_y.mp4", (BIRTH,)),
        ("a771234.png", (ACCESSION,)),
        ("Anna PAT-00815 19500131", (NAME, NUMBER, BIRTH)),
    ],
)
def test_what_a_name_tells(name: str, told: tuple[str, ...]) -> None:
    assert told_by_name(name, WHO) == told


def test_names_in_other_scripts_and_short_numbers() -> None:
    who = Identity(patient_name="Yamada^Tarou=山田^太郎=やまだ^たろう", patient_id="7")
    assert told_by_name("太郎 loop.mp4", who) == (NAME,)
    assert told_by_name("case 7.mp4", who) == (NUMBER,)
    assert told_by_name("case 17.mp4", who) == ()


def test_a_source_without_identity_is_told_by_nothing() -> None:
    assert told_by_name("anything 123 at all.mp4", Identity()) == ()


letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)


@given(letters, letters, st.sampled_from(("{a} {b}", "{b}_{a}-loop", "x-{a}.{b}", "{b}3")))
def test_a_part_of_a_name_is_found_in_any_order_and_case(a: str, b: str, form: str) -> None:
    who = Identity(patient_name=f"{a.upper()}^{b.capitalize()}")
    assert told_by_name(f"{form.format(a=a.title(), b=b.upper())}.mp4", who) == (NAME,)
