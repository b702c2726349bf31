"""Nothing of a patient, and nothing that is nearly the same, on two sides of a training."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.core.learning.cases import Case, Collection, Film, View
from xray_studio.services.learning.films.copies import alike_among
from xray_studio.services.learning.tasks.view import (
    SPEC,
    ViewFilms,
    ViewParts,
    view_films,
    view_parts,
)
from xray_studio.services.learning.train.view import no_films

_PAIRS = st.lists(st.tuples(st.integers(0, 199), st.integers(0, 199)), max_size=12)


def _films(cases: int = 100) -> ViewFilms:
    """Return cases of two films, two cases a patient, from collections of two layouts."""
    made = tuple(
        Case(
            f"c/{number}", f"c/P{number // 2}",
            (Film(f"{number}a", View.FRONTAL), Film(f"{number}b", View.LATERAL), Film("x")),
            part="val" if number // 2 % 9 == 0 else "",
        )
        for number in range(cases)
    )  # fmt: skip
    return view_films([Collection("c", "reports", made), Collection("loose", "files", made)])


@given(_PAIRS, st.integers(0, 9), st.sets(st.integers(0, 199), max_size=9))
def test_parts_share_no_patient_and_no_film(
    alike: list[tuple[int, int]], seed: int, failed: set[int]
) -> None:
    chosen = _films()
    parts = view_parts(chosen, seed, alike, failed)
    judged = ~(view_parts(chosen, seed).learned | view_parts(chosen, seed).steering)
    place = np.select([parts.learned, parts.steering, judged], [1, 2, 3], 0)
    whose = [{chosen.cases[n].patient for n in chosen.owners[place == side]} for side in (1, 2, 3)]
    assert len(set().union(*whose)) == sum(len(side) for side in whose)
    assert all(place[one] == place[other] or 0 in place[[one, other]] for one, other in alike)
    assert set(np.flatnonzero(place == 0)) <= failed | set(parts.copies)
    assert set(place[list(failed)]) <= {0, 3}


def test_films_that_all_fail_are_too_few() -> None:
    chosen = _films()
    with pytest.raises(
        UsageError, match=r"There are 0 frontal films to learn from \(200 others cannot be"
    ):
        view_parts(chosen, 0, (), range(200))
    everything = [(0, number) for number in range(200)]
    with pytest.raises(
        UsageError, match=r"\(\d+ others are nearly the same as films to judge by\)"
    ):
        view_parts(chosen, 0, everything)


def test_copies_are_found_at_any_size() -> None:
    films = np.random.default_rng(0).integers(0, 256, (4, 64, 48), np.uint8)
    films[:, :, 24:] //= 2
    films[3] = films[1] // 2 + 40
    assert alike_among(films) == [(1, 3)]
    assert alike_among(films[:0]) == []


def test_other_pictures_that_steer_have_nothing_of_films_that_teach() -> None:
    films = np.random.default_rng(1).integers(0, 256, (12, SPEC.rows, SPEC.columns), np.uint8)
    parts = ViewParts(np.arange(12) < 8, np.arange(12) >= 8, ())
    made = run(no_films(films, parts, 20, 0))
    films[:8] = 255 - films[:8]
    again = run(no_films(films, parts, 20, 0))
    same = (made == again).all(axis=(1, 2))
    assert same[::10].all()
    assert not same.all()
