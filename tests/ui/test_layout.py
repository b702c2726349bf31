from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.ui.layout import Layout, Link, for_count, from_text, to_text

layouts = st.builds(
    Layout,
    st.integers(1, 3),
    st.integers(1, 3),
    st.frozensets(st.sampled_from(Link)),
    st.booleans(),
    st.booleans(),
)


@given(layouts)
def test_a_layout_comes_back_from_its_text(layout):
    assert from_text(to_text(layout)) == layout


@given(st.text(max_size=30) | st.sampled_from(("4x1", "0x2", "x", "2x", "2x2 nothing", "²x2", "")))
def test_any_text_gives_a_layout_or_none(text):
    found = from_text(text)
    assert found is None or from_text(to_text(found)) == found


def test_a_grid_has_room_for_what_is_shown():
    assert [for_count(n) for n in (0, 1, 2, 3, 4, 5, 6, 7, 9, 40)] == [
        (1, 1), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (2, 3), (3, 3), (3, 3), (3, 3),
    ]  # fmt: skip


def test_there_is_no_larger_grid():
    with pytest.raises(ValueError, match="one to three"):
        Layout(4, 1)
