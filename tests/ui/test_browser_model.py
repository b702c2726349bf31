"""Rows of the browser."""

from __future__ import annotations

import pytest

from xray_studio.core.study import Catalog, Instance, Patient, Series, Study
from xray_studio.ui.browser.model import BrowserModel, Filter, Kind, rows


def catalog(patients: int = 2, series: int = 3) -> Catalog:
    made = []
    for p in range(patients):
        found = tuple(
            Series(f"{p}.{s}", "CT", f"Series {s} of {p}", s, (Instance(f"/{p}/{s}"),))
            for s in range(series)
        )
        made.append(Patient(f"ID{p}", f"Name{p}", studies=(Study(f"{p}", series=found),)))
    return Catalog(tuple(made))


def kinds(catalog: Catalog, chosen: Filter) -> list[Kind]:
    return [row.kind for row in rows(catalog, chosen)]


def test_patients_studies_and_series_stand_in_order() -> None:
    one = [Kind.PATIENT, Kind.STUDY, Kind.SERIES, Kind.SERIES, Kind.SERIES]
    assert kinds(catalog(), Filter()) == one * 2


def test_only_several_patients_fold() -> None:
    assert not rows(catalog(1), Filter())[0].foldable
    first = catalog().patients[0]
    folded = Filter(folded=frozenset({first.key}))
    assert kinds(catalog(), folded)[:2] == [Kind.PATIENT, Kind.PATIENT]
    assert kinds(catalog(1), folded)[1] is Kind.STUDY


def test_every_word_must_be_found_and_headers_without_series_go() -> None:
    found = rows(catalog(), Filter(words=("name1", "series 2")))
    assert [row.number for row in found] == [2, 2, 2]
    assert found[-1].series is not None
    assert found[-1].series.series_description == "Series 2 of 1"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("xa",), ["LCA"]),
        (("x",), []),
        (("example",), ["LCA", "Examination"]),
        (("example", "dx"), ["Examination"]),
        (("exam",), ["LCA", "Examination"]),
        (("examination",), ["Examination"]),
        (("00", "lca"), ["LCA"]),
        (("lca", "dx"), []),
        (("2026-11-20",), ["LCA", "Examination"]),
    ],
)
def test_modalities_are_found_whole_and_words_by_their_beginning(
    words: tuple[str, ...], found: list[str]
) -> None:
    series = (Series("1", "XA", "LCA"), Series("2", "DX", "Examination"))
    study = Study("1", "20261120", description="First look", series=series)
    listed = rows(Catalog((Patient("ID-007", "Example^Ann", studies=(study,)),)), Filter(words))
    assert [row.series.series_description for row in listed if row.series] == found


def test_a_search_opens_folded_headers() -> None:
    folded = frozenset({catalog().patients[0].key})
    assert len(rows(catalog(), Filter(("name0",), folded))) == 5


@pytest.mark.parametrize("hidden", [False, True])
def test_words_for_assistive_tools(hidden: bool) -> None:
    model = BrowserModel()
    model.show(rows(catalog(), Filter()), hidden=hidden)
    words = [model.index(n, 0).data() for n in range(model.rowCount())]
    assert words[0] == ("Patient 1" if hidden else "Name0, ID0")
    assert words[2] == ("Series 0, CT, 1 image" if hidden else "Series 0 of 0, CT, 1 image")


def test_a_series_is_found_again_after_it_grew() -> None:
    model = BrowserModel()
    model.show(rows(catalog(), Filter()), hidden=False)
    grown = Series("1.1", instances=(Instance("/1/1"), Instance("/1/1b")))
    assert model.row_of(grown) == 8
    assert model.row_of(None) == -1
    assert [model.row_like(row) for row in model.rows] == list(range(10))


def test_ten_thousand_series_are_listed() -> None:
    assert len(rows(catalog(100, 100), Filter())) == 10_200
