"""The language of conditions, and the sentences that it is made from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset

from xray_studio.dicom.conformance.conditions import all_of, any_of, condition, opposite
from xray_studio.dicom.conformance.item import item_of


def image() -> Dataset:
    dataset, inner = Dataset(), Dataset()
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "BIPLANE A"]
    dataset.NumberOfFrames = 12
    dataset.WindowCenter = None
    dataset.FrameIncrementPointer = 0x00181063
    inner.CodeMeaning = "inner"
    dataset.ViewCodeSequence = [inner]
    return dataset


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('ImageType[3] = "BIPLANE A"|"BIPLANE B"', True),
        ("ImageType[1] = DERIVED|MIXED", False),
        ("ImageType[1] != DERIVED", True),
        ("ImageType[4]", False),
        ("PatientSex != M", False),  # an absent value is no other value
        ("NumberOfFrames > 1", True),
        ("NumberOfFrames = 012", False),
        ("not WindowCenter", False),  # empty, and there
        ("WindowCenter = 1", False),
        ("FrameIncrementPointer = FrameTime|FrameTimeVector", True),
        ("not PatientID and (Rows or NumberOfFrames)", True),
        ("Rows and ?", False),
        ("NumberOfFrames and ?", None),
        ("NumberOfFrames or ?", True),
        ("Rows or ?", None),
        ("not ?", None),
    ],
)
def test_answers(text: str, *, answer: bool | None) -> None:
    assert condition(text).test(item_of(image())) is answer


def test_names_are_looked_up_outwards_unless_they_have_a_dot() -> None:
    inner = item_of(image()).items("ViewCodeSequence")[0]
    assert condition("NumberOfFrames > 1").test(inner) is True
    assert condition(".NumberOfFrames").test(inner) is False


@pytest.mark.parametrize("text", ["", "and", "Rows =", "(Rows", "Rows Columns"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="condition"):
        condition(text)


ANSWERS = st.lists(st.sampled_from([True, False, None]), max_size=5)


@given(ANSWERS)
def test_three_values_obey_de_morgan(answers: list[bool | None]) -> None:
    assert opposite(all_of(answers)) is any_of([opposite(answer) for answer in answers])
