"""Words of the browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xray_studio.core.job import run
from xray_studio.core.study import Catalog, Instance, Patient, Series, Study
from xray_studio.services.open import scan
from xray_studio.ui.browser.series_text import (
    amount,
    begins_a_word,
    owner,
    patient_details,
    patient_title,
    patient_titles,
    same,
    series_details,
    series_search_text,
    series_title,
    study_search_text,
    study_title,
)

TWO = (Instance("/a/1.dcm"), Instance("/a/2.dcm"))


def cine(**changes: object) -> Series:
    given: dict[str, object] = {
        "modality": "XA",
        "series_description": "LCA",
        "series_number": 3,
        "instances": (Instance("/a/b.dcm", frames=96),),
        "frame_rate": 15.0,
        "angles": (-30.0, -20.0),
    }
    return Series("1.2", **(given | changes))  # type: ignore[arg-type]  # test values


def volume(path: str, **changes: object) -> Series:
    one = Instance(path, frames=60, rows=4, columns=5, kind="volume")
    given: dict[str, object] = {"instances": (one,), "format": "NIfTI", "moments": 20}
    return Series("1.2", **(given | changes))  # type: ignore[arg-type]  # test values


def test_a_volume_tells_format_size_and_moments() -> None:
    one = volume("/a/Doe.nii", modality="MR")
    assert series_details(one) == ("NIfTI · MR · 20 moments", "5 x 4 x 3")
    assert series_details(replace(one, moments=1)) == ("NIfTI · MR", "5 x 4 x 60")
    assert series_title(one, hidden=True) == "Volume"


@pytest.mark.parametrize(
    ("series", "title"),
    [
        (cine(), "Run 3 · LCA"),
        (cine(series_description=""), "Run 3"),
        (cine(modality="CT"), "LCA"),
        (cine(modality="CT", series_description=""), "b.dcm"),
        (cine(modality="CT", series_description="", instances=()), "Series"),
        (cine(modality="CT", series_description="", instances=TWO), "a"),
        (cine(modality="CT", series_description="", protocol_name="Thorax"), "CT · Thorax"),
        (cine(modality="DX", series_description="", view="PA"), "DX · PA"),
        (cine(series_description="", protocol_name="Coronary"), "Run 3 · Coronary"),
        (cine(instances=(Instance("/a/Doe.png", kind="image"),)), "Doe.png"),
        (volume("/a/Case_1/Case_1_t1ce.nii.gz"), "t1ce.nii.gz"),
        (volume("/a/head.nii"), "head.nii"),
    ],
)
def test_title(series: Series, title: str) -> None:
    assert series_title(series) == title


def test_file_names_and_descriptions_are_hidden_with_identity() -> None:
    assert series_title(cine(), hidden=True) == "Run 3"
    assert series_title(cine(modality="CT"), hidden=True) == "Series 3"
    nameless = cine(modality="CT", series_description="", protocol_name="Dr Doe")
    assert series_title(nameless, hidden=True) == "Series 3"
    assert series_title(replace(nameless, series_number=None), hidden=True) == "Series"
    picture = cine(instances=(Instance("/a/Doe.png", kind="image"),))
    assert series_title(picture, hidden=True) == "Picture"


def test_details_are_modality_with_angles_and_frames_with_rate() -> None:
    assert series_details(cine()) == ("XA · RAO 30 CAUD 20", "96 frames · 15/s")


def test_loops_of_one_series_are_told_apart_by_stage_and_view() -> None:
    loop = cine(modality="US", angles=None, stage_name="Baseline", view_number=2)
    assert series_details(loop)[0] == "US · view 2 · Baseline"
    assert series_details(loop, hidden=True)[0] == "US · view 2"
    named = replace(loop, view="Apical")
    assert series_details(named)[0] == "US · Apical · Baseline"
    nameless = replace(named, series_description="", view_number=0)
    assert series_title(nameless) == "US · Apical · Baseline"
    assert series_details(nameless)[0] == "US"
    assert series_details(nameless, hidden=True)[0] == "US"
    assert "apical" in series_search_text(named, hidden=False)
    assert "apical" not in series_search_text(named, hidden=True)


def test_a_stress_echo_has_no_two_rows_alike(shared_data: Path) -> None:
    found = run(scan([str(path) for path in (shared_data / "dicom").glob("stress_echo_*")]))
    for hidden in (False, True):
        rows = {series_details(s, hidden=hidden) for s in found.all_series()}
        assert len(rows) == 4


def test_body_part_stands_where_there_are_no_angles() -> None:
    chest = cine(modality="DX", angles=None, body_part_examined="CHEST")
    assert series_details(chest)[0] == "DX · Chest"


@pytest.mark.parametrize(
    ("instances", "words"),
    [
        ((Instance("/a"),), "1 image"),
        (tuple(Instance(f"/{n}") for n in range(1200)), "1,200 images"),
        ((Instance("/a", frames=2), Instance("/b")), "3 frames · 15/s"),
    ],
)
def test_amount(instances: tuple[Instance, ...], words: str) -> None:
    assert amount(cine(instances=instances)) == words


def test_patient_words_and_what_hiding_leaves_of_them() -> None:
    patient = Patient("DEMO-1", "Phantom^Coronary", "19610412", "F")
    assert patient_title(patient, 2) == "Phantom, Coronary"
    assert patient_details(patient) == "DEMO-1 · 1961-04-12 · F"
    assert patient_title(patient, 2, hidden=True) == "Patient 2"
    assert patient_details(patient, hidden=True) == ""


def test_a_patient_without_name_is_called_by_number() -> None:
    assert patient_title(Patient("DEMO-1"), 1) == "DEMO-1"
    assert patient_details(Patient("DEMO-1")) == ""
    assert patient_title(Patient(""), 1) == "No patient ID"
    assert patient_title(Patient("", loose=True), 1, hidden=True) == "Pictures and videos"


def test_namesakes_are_told_apart() -> None:
    one, other = Patient("A1", "Doe^Jane", "19500101"), Patient("A2", "Doe^Jane")
    third = Patient("A1", "Doe^Jane", "19600101", number=1)
    assert patient_titles([(one, 1), (Patient("A3", "Poe"), 2)]) == ["Doe, Jane", "Poe"]
    assert patient_titles([(one, 1), (other, 2)]) == ["Doe, Jane · A1", "Doe, Jane · A2"]
    assert patient_titles([(one, 1), (third, 2)])[1] == "Doe, Jane · A1 · 1960-01-01"
    assert patient_titles([(one, 1), (other, 2)], hidden=True) == ["Patient 1", "Patient 2"]
    dated = [(Patient("", number=n, studies=(Study("1", f"1995010{n}"),)), n) for n in (1, 2)]
    assert patient_titles(dated)[1] == "No patient ID · 1995-01-02"
    nameless = [(Patient(""), 1), (Patient("", number=1), 2)]
    assert patient_titles(nameless)[1] == "No patient ID · patient 2"


def test_study_words() -> None:
    plain = Study("1", series=(cine(), cine(modality="CT"), cine()))
    assert study_title(plain) == ("CT, XA study", "")
    assert study_title(plain, hidden=True) == ("CT, XA study", "")
    assert study_title(Study("1", "20261120", description="Thorax")) == ("Thorax", "2026-11-20")
    assert study_title(Study("1", "20261120", description="Dr X"), hidden=True) == ("Study", "")


def test_search_text_leaves_out_identity_while_it_is_hidden() -> None:
    patient, study = Patient("DEMO-1", "Phantom^Coronary"), Study("1", "20261120")
    assert "phantom, coronary" in study_search_text(patient, study, hidden=False)
    assert study_search_text(patient, study, hidden=True) == ""


def test_series_are_searched_by_title_and_angles() -> None:
    assert series_search_text(cine(), hidden=False) == "run 3 · lca rao 30 caud 20"


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("exam", "an example", True),
        ("xa", "an example", False),
        ("ample", "example ample", True),
        ("0001", "demo-0001", True),
        ("demo-0001", "demo-0001", True),
        ("001", "demo-0001", False),
        ("-0001", "demo-0001", True),
        ("11-20", "20261120 2026-11-20", True),
        ("pa", "chest_pa.png", True),
        ("müll", "von müller", True),
        ("ller", "von müller", False),
        ("caro", "phantom^caroline", True),
        ("", "anything", True),
        ("any", "", False),
    ],
)
def test_words_are_found_where_they_begin(word: str, text: str, found: bool) -> None:
    assert begins_a_word(word, text) is found


def test_the_same_series_at_two_moments_of_a_scan() -> None:
    more = cine(instances=(Instance("/a/b.dcm", frames=96), Instance("/a/c.dcm")))
    assert same(cine(), more)
    assert not same(cine(), cine(key="other"))
    assert not same(cine(), None)


def test_series_of_two_patients_that_share_a_uid_are_two() -> None:
    one, other = (cine(owner=(patient,)) for patient in "AB")
    assert not same(one, other)


def test_owner_names_patient_and_study() -> None:
    series = cine()
    patient = Patient("B", studies=(Study("1", series=(series,)),))
    catalog = Catalog((Patient("A"), patient))
    assert owner(catalog, series) == (2, patient, patient.studies[0])
    assert owner(catalog, cine(key="x")) is None
