"""Regions of the privacy dialog: chosen, moved, reshaped, masked and removed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.privacy import Finding, Marked, Origin, Place
from xray_studio.core.region import Region
from xray_studio.ui.dialogs.privacy.marks import Marks
from xray_studio.ui.dialogs.privacy.words import confirm_words, file_words, region_words

FOUND = Marked(Region(10, 10, 20, 8), masked=True, origin=Origin.FOUND)
KEPT = Marked(Region(12, 11, 5, 4), masked=False)
TWO = Marks(60, 80, (FOUND, KEPT))

steps = st.one_of(
    st.tuples(st.sampled_from(("move", "resize")), st.integers(-99, 99), st.integers(-99, 99)),
    st.tuples(st.sampled_from(("add_one", "remove", "toggle"))),
    st.tuples(st.just("step"), st.sampled_from((-1, 1))),
)


@given(st.lists(steps, max_size=30))
def test_whatever_is_done_regions_stay_in_the_picture(done: list[tuple[object, ...]]) -> None:
    marks = TWO
    for name, *numbers in done:
        marks = getattr(marks, str(name))(*numbers)
        assert -1 <= marks.chosen < max(1, len(marks.all))
        for one in marks.all:
            assert one.region.clipped(marks.rows, marks.columns) == one.region


def test_the_smallest_region_under_the_pointer_is_meant() -> None:
    assert (TWO.at(13, 12), TWO.at(11, 12), TWO.at(70, 50)) == (1, 0, -1)


def test_what_a_person_moves_is_theirs() -> None:
    moved = TWO.choose(0).move(3, -20)
    assert moved.all[0] == Marked(Region(13, 0, 20, 8), masked=True, origin=Origin.DRAWN)
    assert TWO.choose(0).move(0, 0).all[0] is FOUND


def test_masks_come_and_go() -> None:
    assert TWO.masked == 1
    assert TWO.mask_all(masked=True).masked == 2
    assert TWO.choose(0).toggle().masked == 0
    assert TWO.choose(1).remove().all == (FOUND,)
    assert TWO.add(Region(500, 500, 5, 5)) is TWO


def test_words() -> None:
    who = Finding(Place.CORNER_TEXT, certain=True, sentence="")
    may = Finding(Place.DEVICE_TEXT, certain=False, sentence="")
    assert region_words(FOUND).startswith("Found, 20")
    assert confirm_words([who, may], TWO) == "Export with identity"
    assert confirm_words([may], TWO) == "Export with 1 mask"
    assert confirm_words([], Marks(9, 9)) == "Export as it is"
    assert file_words([who], TWO) == (
        "In the file: corner text names the patient, 1 marked place can be read, and 1 place is"
        " black in every frame."
    )
    assert "without name or number" in file_words([may], Marks(9, 9))
