"""Orientation of objects: by space, by letters, of people and of animals, by frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.dicom.objects import make_object, save
from tests.dicom.test_clip_greys import groups, item
from xray_studio.core.orientation import Orientation, letters, of_cosines
from xray_studio.core.per_frame import PerFrame
from xray_studio.dicom.describe import describe

AXIAL = [1, 0, 0, 0, 1, 0]
SAGITTAL = [0, 1, 0, 0, 0, -1]

pytestmark = pytest.mark.usefixtures("inside")


def orientation(folder: Path, frames: int = 1, **attributes: Any) -> Any:
    pixels = np.zeros((frames, 4, 6), np.uint16) if frames > 1 else np.zeros((4, 6), np.uint16)
    return describe(save(make_object(pixels, **attributes), folder / "object.dcm")).orientation


@pytest.mark.parametrize(
    ("cosines", "expected"),
    [
        (AXIAL, Orientation("R", "L", "A", "P")),
        (SAGITTAL, Orientation("A", "P", "H", "F")),
        ([1, 0, 0, 0, 0, -1], Orientation("R", "L", "H", "F")),
        ([0.8, 0.6, 0, 0, 0, -1], Orientation("RA", "LP", "H", "F")),
        ([0.99, 0.14, 0, 0, 0, -1], Orientation("R", "L", "H", "F")),
        ([2, 0, 0, 0, 1, 0], Orientation()),
        ([0, 0, 0, 0, 1, 0], Orientation()),
    ],
)
def test_letters_of_directions(cosines: list[float], expected: Orientation) -> None:
    assert of_cosines(cosines) == expected


def test_most_of_a_slant_comes_first() -> None:
    assert letters([0.4, -0.5, 0.77]) == "HAL"
    assert letters([-0.6, 0.0, -0.8], animal=True) == "CDRT"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (["L", "F"], Orientation("R", "L", "H", "F")),
        (["A", "FR"], Orientation("P", "A", "HL", "FR")),
        (["PL", "H"], Orientation("AR", "PL", "F", "H")),
        (["LE", "CD"], Orientation()),
        (["L", ""], Orientation("R", "L", "", "")),
        (["L"], Orientation()),
    ],
)
def test_patient_orientation(tmp_path: Path, stated: list[str], expected: Orientation) -> None:
    assert orientation(tmp_path, PatientOrientation=stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (["CD", "V"], Orientation("CR", "CD", "D", "V")),
        (["LE", "CD"], Orientation("RT", "LE", "CR", "CD")),
        (["VLE", "R"], Orientation("DRT", "VLE", "CD", "R")),
        (["PR", "D"], Orientation("DI", "PR", "", "D")),
        (["PA", "DI"], Orientation("D", "PA", "PR", "DI")),
        (["L", "PR"], Orientation("M", "L", "DI", "PR")),
        (["A", "F"], Orientation()),
    ],
)
def test_letters_of_animals(tmp_path: Path, stated: list[str], expected: Orientation) -> None:
    animal = {"AnatomicalOrientationType": "QUADRUPED"}
    assert orientation(tmp_path, PatientOrientation=stated, **animal) == expected


def test_space_counts_more_than_letters(tmp_path: Path) -> None:
    found = orientation(tmp_path, ImageOrientationPatient=AXIAL, PatientOrientation=["H", "A"])
    assert found == Orientation("R", "L", "A", "P")
    animal = orientation(
        tmp_path, ImageOrientationPatient=AXIAL, AnatomicalOrientationType="QUADRUPED"
    )
    assert animal == Orientation("RT", "LE", "V", "D")


def test_orientation_of_frames(tmp_path: Path) -> None:
    macros = [
        groups(PlaneOrientation=item(ImageOrientationPatient=cosines))
        for cosines in (AXIAL, SAGITTAL)
    ]
    found = orientation(tmp_path, 2, PerFrameFunctionalGroupsSequence=macros)
    assert found == PerFrame((of_cosines(AXIAL), of_cosines(SAGITTAL)))
