"""Written radiographs, CT slices and masks are valid and hold what they were given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from tests.dicom.write.validator import complaints
from xray_studio.dicom.write.ct import CT_CLASS, CtSeries, CtSlice, frame_of_reference, write_ct
from xray_studio.dicom.write.dx import DX_CLASS, Radiograph, write_dx
from xray_studio.dicom.write.objects import Code, uid_from
from xray_studio.dicom.write.seg import Geometry, Mask, Subject, write_seg
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts

ACQUIRED = datetime(2026, 11, 18, 11, 5, 12, tzinfo=UTC)
STUDY = StudyFacts(
    uid=uid_from("test/chest"),
    patient_name="Phantom^Coronary",
    patient_id="DEMO-0001",
    birth_date=date(1961, 4, 12),
    sex="F",
    institution="Demonstration Hospital",
    description="Chest",
    started=ACQUIRED,
)
RNG = np.random.default_rng(2)
PIXELS = RNG.integers(0, 4096, (24, 32), dtype=np.uint16)
FILM = Radiograph(PIXELS, 1, "Chest PA", ACQUIRED, "PA", 0.18, 1800.0, 1620.0, (2048.0, 4096.0))
COS, SIN = np.cos(np.deg2rad(12.0)), np.sin(np.deg2rad(12.0))
SERIES = CtSeries(
    2, "Chest", ACQUIRED, ((1.0, 0.0, 0.0), (0.0, float(COS), -float(SIN))), 0.9, 2.5, 12.0
)
VALUES = RNG.integers(-1024, 3000, (24, 32)).astype(np.int16)
MASK = RNG.random((3, 24, 31)) > 0.5
NODULE: Code = ("27925004", "SCT", "Nodule")
LUNG: Code = ("39607008", "SCT", "Lung")
NODULES = (Subject("Nodule", NODULE, LUNG),)
SEG = SeriesFacts("SEG", 102, "Nodule", ACQUIRED, "CHEST")


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("view", ["PA", "LL"])
def test_film(tmp_path: Path, *, view: str, inverse: bool) -> None:
    path = tmp_path / "film.dcm"
    uid = write_dx(path, STUDY, replace(FILM, view=view, inverse=inverse))
    dataset = dcmread(path)
    assert dataset.SOPInstanceUID == uid
    stored = 4095 - PIXELS if inverse else PIXELS
    assert np.array_equal(dataset.pixel_array, stored)
    assert dataset.PhotometricInterpretation == ("MONOCHROME1" if inverse else "MONOCHROME2")
    assert dataset.PresentationLUTShape == ("INVERSE" if inverse else "IDENTITY")
    assert dataset.PixelIntensityRelationshipSign == (1 if inverse else -1)
    assert list(dataset.PatientOrientation) == (["L", "F"] if view == "PA" else ["P", "F"])
    assert complaints(path) == []


def test_slice(tmp_path: Path) -> None:
    path = tmp_path / "slice.dcm"
    write_ct(path, STUDY, SERIES, CtSlice(VALUES, 3, (-14.4, -11.0, 7.5), 7.5))
    dataset = dcmread(path)
    values = dataset.pixel_array * dataset.RescaleSlope + dataset.RescaleIntercept
    assert np.array_equal(values, VALUES)
    assert float(dataset.GantryDetectorTilt) == 12.0
    assert list(map(float, dataset.ImageOrientationPatient))[4:] == pytest.approx([COS, -SIN])
    assert list(map(float, dataset.ImagePositionPatient)) == [-14.4, -11.0, 7.5]
    assert complaints(path) == []


def test_mask_of_slices(tmp_path: Path) -> None:
    path = tmp_path / "mask.dcm"
    images = tuple(SERIES.series.instance_uid(STUDY, number) for number in (1, 2, 3))
    positions = tuple((-14.4, -11.0, 2.5 * number) for number in range(3))
    geometry = Geometry(frame_of_reference(STUDY), SERIES.orientation, (0.9, 0.9), 2.5, positions)
    series = SERIES.series.uid(STUDY)
    mask = Mask(MASK, images, CT_CLASS, series, NODULES, geometry)
    write_seg(path, STUDY, SEG, mask)
    dataset = dcmread(path)
    assert np.array_equal(dataset.pixel_array.astype(bool), MASK)
    frames = dataset.PerFrameFunctionalGroupsSequence
    sources = [f.DerivationImageSequence[0].SourceImageSequence[0] for f in frames]
    assert tuple(source.ReferencedSOPInstanceUID for source in sources) == images
    assert complaints(path) == []


def test_mask_of_a_film(tmp_path: Path) -> None:
    path = tmp_path / "mask.dcm"
    series = FILM.series.uid(STUDY)
    mask = Mask(MASK[:1], ("2.25.9",), DX_CLASS, series, NODULES,
                orientation=("L", "F"))  # fmt: skip
    write_seg(path, STUDY, SEG, mask)
    dataset = dcmread(path)
    assert np.array_equal(dataset.pixel_array.astype(bool), MASK[0])
    assert "FrameOfReferenceUID" not in dataset
    assert complaints(path) == []
