"""Pseudonyms, dates, words, rectangles, and the table as it is shipped."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.datadict import dictionary_description, get_entry

from xray_studio.core.deidentify.dates import moved_date, moved_moment
from xray_studio.core.deidentify.options import Option, Profile
from xray_studio.core.deidentify.outside import outside
from xray_studio.core.deidentify.pseudonyms import DAYS, Pseudonyms
from xray_studio.core.deidentify.table import Place, basic_action, row_of, rows
from xray_studio.core.deidentify.vocabulary import is_safe, name_words, safe_words
from xray_studio.core.errors import UsageError
from xray_studio.core.region import Region

ONE, OTHER = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)


def test_the_table_is_that_of_the_edition() -> None:
    assert len(rows()) == 656
    assert len({row.tag for row in rows()}) == 656
    letters = {letter for row in rows() for letter in row.basic.rstrip("*").split("/")}
    assert letters == {"D", "Z", "X", "U"}
    assert {letter for row in rows() for letter in row.columns.values()} == {"K", "C", "X"}


def test_names_are_those_of_the_dictionary() -> None:
    """All but the attributes that are younger than the dictionary are named as PS3.6 names them."""
    other = []
    for row in rows():
        text = row.tag.strip("()").replace(",", "")
        if "X" in text:
            continue
        try:
            name = dictionary_description(int(text, 16))
        except KeyError:
            other.append(row.tag)
            continue
        same = name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
        if same != row.name.casefold():
            other.append(row.tag)
    assert len(other) < 60, other


def test_dates_and_uids_are_under_their_options() -> None:
    birth = {"(0010,0030)", "(0010,0032)", "(0016,0077)"}
    for row in rows():
        try:
            vr = get_entry(int(row.tag.strip("()").replace(",", ""), 16))[0]
        except (KeyError, ValueError):
            continue
        if vr in {"DA", "TM", "DT"} and row.tag not in birth:
            assert row.columns[Option.FULL_DATES] == "K", row
            assert row.columns[Option.MODIFIED_DATES] == "C", row
        if vr == "UI" and row.tag not in {"(0400,0100)", "(0040,A124)"}:
            assert row.columns[Option.UIDS] == "K", row


def test_types_decide_between_actions() -> None:
    serial = row_of(0x00181000)
    assert serial is not None
    enhanced, plain = "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.2"
    assert basic_action(serial, 0x00181000, Place(enhanced)).value == "D"
    assert basic_action(serial, 0x00181000, Place(plain)).value == "X"
    assert basic_action(serial, 0x00181000, Place("1.2.3")).value == "D"  # unknown: the strictest
    created = row_of(0x00700082)  # X, and needed by presentation states
    assert created is not None
    state = "1.2.840.10008.5.1.4.1.1.11.1"
    assert basic_action(created, 0x00700082, Place(state)).value == "D"


@given(st.text(min_size=1).filter(lambda text: text.strip(" \0")))
def test_uids_are_legal_and_keyed(text: str) -> None:
    made = ONE.uid(text)
    assert len(made) <= 64
    if not text.strip(" \0").startswith("1.2.840.10008."):
        assert made.startswith("2.25.")
        assert made == ONE.uid(text)
        assert made != OTHER.uid(text)


def test_kinds_share_no_pseudonym() -> None:
    assert ONE.number("a", "x") != ONE.number("b", "x")
    assert len(ONE.patient("4711")) == 13
    assert "1" * 32 not in repr(ONE)
    assert ONE.uid("1.2.840.10008.5.1.4.1.1.2") == "1.2.840.10008.5.1.4.1.1.2"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, DAYS))
def test_dates_move_by_whole_days(day: date, days: int) -> None:
    moved = moved_date(f"{day:%Y%m%d}", days)
    assert (day - date(int(moved[:4]), int(moved[4:6]), int(moved[6:]))).days == days
    assert moved_date(f"{day:%Y.%m.%d}", days) == moved
    assert moved_moment(f"{day:%Y%m%d}121314.5+0100", days) == f"{moved}121314.5+0100"


@pytest.mark.parametrize("value", ["", "2020", "202013", "20201301", "20200230", "tomorrow"])
def test_what_is_no_date_does_not_move(value: str) -> None:
    assert moved_date(value, 3) == ""
    assert moved_moment(value, 3) == ""


def test_words() -> None:
    assert is_safe("CHEST PA 5mm T1 AX")
    assert is_safe("")
    assert not is_safe("Miller chest")
    assert not is_safe("chest 19620304")
    assert not is_safe("Hand, left", name_words("Hand^Peter"))
    assert is_safe("Hand, left", name_words("Foot^Peter"))
    assert all(word == word.casefold() for word in safe_words())


def test_options_that_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="either kept or moved"):
        Profile(frozenset((Option.FULL_DATES, Option.MODIFIED_DATES)))
    with pytest.raises(UsageError, match="no such option"):
        Profile.named(["retain-everything"])
    assert Profile().temporal == "REMOVED"


rectangles = st.builds(
    Region, st.integers(0, 20), st.integers(0, 20), st.integers(1, 20), st.integers(1, 20)
)


@given(st.lists(rectangles, max_size=5))
def test_outside_covers_what_is_outside_and_nothing_else(regions: list[Region]) -> None:
    inside, covered = np.zeros((16, 24), bool), np.zeros((16, 24), int)
    for one in regions:
        inside[one.y : one.bottom, one.x : one.right] = True
    for one in outside(regions, 16, 24):
        covered[one.y : one.bottom, one.x : one.right] += 1
    np.testing.assert_array_equal(covered, (~inside).astype(int))
