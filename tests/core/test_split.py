"""Splits: what belongs together stays together, and the same seed gives the same parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.errors import UsageError
from xray_studio.core.split import SPLITS, parse_shares, shuffled, split, together

SHARES = st.tuples(*[st.integers(0, 100)] * 3).filter(any)
NAMES = st.lists(st.text("abc", min_size=1, max_size=6), unique=True, min_size=1, max_size=60)


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=20))
def test_what_shares_a_mark_is_in_one_group(marks: list[list[int]]) -> None:
    groups = together(marks)
    for one, own in enumerate(marks):
        for other, others in enumerate(marks):
            if set(own) & set(others):
                assert groups[one] == groups[other]
    # And no more than that: a group falls apart into nothing that shares no mark with the rest.
    for number in set(groups):
        inside = [set(m) for m, g in zip(marks, groups, strict=True) if g == number]
        reached, left = inside[0], inside[1:]
        while found := [m for m in left if m & reached]:
            reached = reached.union(*found)
            left = [m for m in left if m not in found]
        assert not left


def test_chains_link() -> None:
    assert together([["a"], ["b"], ["a", "c"], ["c", "b"], ["d"], []]) == [0, 0, 0, 0, 1, 2]


@given(NAMES, SHARES, st.integers(0, 5))
def test_every_group_has_one_part_and_shares_are_kept(
    names: list[str], shares: tuple[int, int, int], seed: int
) -> None:
    parts = split(names, shares, seed)
    assert set(parts) == set(names)
    assert parts == split(names[::-1], shares, seed)
    wanted = [part for part, share in zip(SPLITS, shares, strict=True) if share]
    for part, share in zip(SPLITS, shares, strict=True):
        count = sum(found == part for found in parts.values())
        if not share:
            assert count == 0
        elif len(names) >= len(wanted):
            assert count >= 1
            assert abs(count - len(names) * share / sum(shares)) < 3


def test_another_seed_gives_another_order() -> None:
    names = [f"n{n}" for n in range(50)]
    assert shuffled(names, 1) == shuffled(names[::-1], 1)
    assert shuffled(names, 1) != shuffled(names, 2)


@pytest.mark.parametrize(
    ("words", "shares"), [("80/10/10", (80, 10, 10)), ("8/2", (8, 2, 0)), ("1", (1, 0, 0))]
)
def test_shares_as_words(words: str, shares: tuple[int, int, int]) -> None:
    assert parse_shares(words) == shares


@pytest.mark.parametrize(
    "words", ["", "0/0/0", "80/10/10/10", "-1/2", "a/b", "80,10,10", "0.8/0.2"]
)
def test_what_is_no_share(words: str) -> None:
    with pytest.raises(UsageError, match="write for example --split 80/10/10"):
        parse_shares(words)
