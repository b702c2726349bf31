"""No patient, and no film that is nearly another, on both sides of a split."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.learning.cases import Case
from xray_studio.core.learning.parts import folds, groups, held_out

CASES = st.lists(st.sampled_from([f"P{n}" for n in range(30)]), min_size=1, max_size=60)


def _cases(patients: list[str]) -> list[Case]:
    return [Case(f"S{number}", patient, ()) for number, patient in enumerate(patients)]


@given(CASES, st.data(), st.integers(0, 99))
def test_what_belongs_together_is_never_parted(
    patients: list[str], data: st.DataObject, seed: int
) -> None:
    cases = _cases(patients)
    number = st.integers(0, len(cases) - 1)
    alike = data.draw(st.lists(st.tuples(number, number), max_size=8))
    names = groups(cases, alike)
    for parting in (*folds(names, 5, seed), held_out(names, 20, seed)):
        assert sorted(parting.train + parting.test) == list(range(len(cases)))
        tested = {cases[n].patient for n in parting.test}
        assert tested.isdisjoint(cases[n].patient for n in parting.train)
        sides = [number in parting.test for number in range(len(cases))]
        assert all(sides[one] == sides[other] for one, other in alike)


@given(CASES, st.integers(0, 99))
def test_each_case_is_tested_in_one_fold(patients: list[str], seed: int) -> None:
    tested = [n for one in folds(groups(_cases(patients)), 5, seed) for n in one.test]
    assert sorted(tested) == list(range(len(patients)))


@given(CASES, CASES)
def test_a_patient_stays_where_it_is_when_others_come(one: list[str], other: list[str]) -> None:
    before = held_out(groups(_cases(one)), 20, 7)
    after = held_out(groups(_cases(one + other)), 20, 7)
    assert set(before.test) <= set(after.test)


def test_shares_are_near_what_was_asked() -> None:
    parting = held_out([f"P{number}" for number in range(4000)], 20, 0)
    assert 740 < len(parting.test) < 860
    sizes = [len(one.test) for one in folds([f"P{number}" for number in range(4000)], 5, 0)]
    assert min(sizes) > 740
