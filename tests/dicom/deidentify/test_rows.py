"""Table E.1-1, row by row: what becomes of each attribute, and that nothing is left."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.dicom.deidentify.marked import MARKS, fill, nested, tag_of, value_for, vr_for
from tests.dicom.objects import make_object, picture, save
from xray_studio.core.deidentify.options import Option, Profile
from xray_studio.core.deidentify.pseudonyms import Pseudonyms
from xray_studio.core.deidentify.table import Row, rows
from xray_studio.dicom.attributes.dataset import lenient_pydicom
from xray_studio.dicom.deidentify import settle
from xray_studio.dicom.deidentify.plan import Planned, plan_object
from xray_studio.dicom.deidentify.rules import Order, subject_of
from xray_studio.dicom.deidentify.walk import ANNOTATIONS, CONTENT, Walker
from xray_studio.dicom.file import syntaxes

KEY = Pseudonyms(b"k" * 32)
CT = "1.2.840.10008.5.1.4.1.1.2"
IMPLICIT, DEFLATED = syntaxes.IMPLICIT_LITTLE, syntaxes.DEFLATED
# No option speaks for itself: dates are either kept or moved.
CLEANED = frozenset((Option.DESCRIPTORS, Option.GRAPHICS, Option.STRUCTURED, Option.MODIFIED_DATES))


def handled(row: Row, *options: Option) -> tuple[Any, Any]:
    """Return the element of a row before and after, None where it is gone."""
    tag, vr = tag_of(row), vr_for(row)
    before, dataset = Dataset(), Dataset()
    for one in (before, dataset):
        one.SOPClassUID = CT
        one.add_new(tag, vr, value_for(tag, vr))
    order = Order("", Profile(frozenset(options)), KEY)
    with lenient_pydicom():
        Walker(order, subject_of(dataset)).walk(dataset)
    return before[tag], dataset.get(tag)


def is_empty(element: Any) -> bool:
    return element.is_empty or element.value in ("", None)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.tag} {row.name}")
def test_basic_profile(row: Row) -> None:
    before, after = handled(row)
    letters = row.basic.rstrip("*").split("/")
    if letters == ["X"]:  # nothing that an object of this kind needs
        assert after is None
    if after is None:
        assert "X" in letters or tag_of(row) == ANNOTATIONS
    elif before.VR == "SQ":
        assert "U" in letters or is_empty(after) or "D" in letters
    elif "U" in letters:
        assert str(after.value).startswith("2.25.")
    else:
        assert {"Z", "D"} & set(letters)
        assert after.value != before.value
        # Patient's Name and Patient ID get pseudonyms, which Z allows too.
        assert is_empty(after) == ("D" not in letters and "Patient" not in row.name) or (
            "Z" in letters
        )


@pytest.mark.parametrize("option", list(Option))
def test_options(option: Option) -> None:
    kept = [row for row in rows() if row.columns.get(option) == "K"]
    for row in kept:
        before, after = handled(row, option)
        if tag_of(row) >> 16 not in {0, 2, 4}:
            assert after is not None, row
            assert before.VR == "SQ" or after.value == before.value, row
    for row in rows():
        if row.columns.get(option) == "C" and vr_for(row) not in {"SQ", "TM"}:
            before, after = handled(row, option)
            assert after is None or after.value != before.value, row
        if option not in row.columns:
            basic, chosen = handled(row)[1], handled(row, option)[1]
            assert (basic is None) == (chosen is None), row


def test_content_of_dummies_is_content() -> None:
    row = next(row for row in rows() if tag_of(row) == CONTENT)
    assert handled(row)[1].value[0].TextValue == "REMOVED"


def planned(dataset: Dataset, path: Path, syntax: str, *options: Option) -> Planned:
    source = save(dataset, path, syntax)
    return plan_object(Order(source, Profile(frozenset(options)), KEY))


def written(plan: Planned) -> bytes:
    """Return all bytes but for the pixels, inflated."""
    if plan.plan is None:
        return plan.data
    return plan.plan.head + plan.plan.attributes + plan.plan.tail


@pytest.mark.parametrize("syntax", [syntaxes.EXPLICIT_LITTLE, IMPLICIT, DEFLATED])
@pytest.mark.parametrize("options", [(), tuple(CLEANED), (Option.SAFE_PRIVATE,)])
@pytest.mark.parametrize("pictures", [True, False])
def test_no_mark_is_left(
    tmp_path: Path,
    syntax: str,
    options: tuple[Option, ...],
    pictures: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nobody could make a valid object of one that holds everything.
    monkeypatch.setattr(settle, "refuse_errors", lambda *_a, **_k: None)
    pixels = picture(0, 200, (8, 8)).astype(np.uint8) if pictures else None
    with lenient_pydicom():
        dataset = nested(fill(make_object(pixels, SOPClassUID=CT, Modality="CT")))
        plan = planned(dataset, tmp_path / "marked.dcm", syntax, *options)
    data = written(plan)
    # Dates that are moved keep their times.
    kept = {b"235912.345678"} if Option.MODIFIED_DATES in options else set()
    left = [mark for mark in MARKS if mark in data and mark not in kept]
    assert not left
    if plan.plan is None:
        assert dcmread(io.BytesIO(data)).PatientIdentityRemoved == "YES"


def test_two_objects_of_one_patient_share_pseudonyms(tmp_path: Path) -> None:
    pixels = np.zeros((8, 8), np.uint8)
    plans = []
    for number in range(2):
        dataset = make_object(pixels, StudyInstanceUID="1.2.3", PatientID="A 1")
        dataset.PatientName = f"Other^Spelling{number}"
        dataset.ReferencedStudySequence = Sequence([Dataset()])
        plans.append(planned(dataset, tmp_path / f"{number}.dcm", syntaxes.EXPLICIT_LITTLE))
    first, second = (plan.place for plan in plans)
    assert first[:2] == second[:2]
    assert first[3] != second[3]
