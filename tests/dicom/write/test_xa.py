"""Written XA objects are valid, complete and hold the pixels they were given."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGLosslessSV1, XRayAngiographicImageStorage

from tests.dicom.write.validator import complaints
from xray_studio.core.errors import WriteError
from xray_studio.dicom.write.objects import uid_from
from xray_studio.dicom.write.study import StudyFacts
from xray_studio.dicom.write.xa import Plane, XaGeometry, XaRun, write_xa

ACQUIRED = datetime(2026, 11, 20, 9, 41, 7, tzinfo=UTC)
STUDY = StudyFacts(
    uid=uid_from("test/study"),
    patient_name="Phantom^Coronary",
    patient_id="DEMO-0001",
    birth_date=date(1961, 4, 12),
    sex="F",
    institution="Demonstration Hospital",
    description="Coronary angiography",
    started=ACQUIRED,
)
KNOWN = re.compile("Frame of Reference UID|Position Reference Ind|Standard Extended SOP Class")
FRAMES = np.random.default_rng(1).integers(0, 4096, (8, 40, 48), dtype=np.uint16)
RUN = XaRun(
    frames=FRAMES,
    number=3,
    description="LCA",
    acquired=ACQUIRED,
    geometry=XaGeometry(
        primary_angle=-30.0,
        secondary_angle=-20.0,
        source_detector=1050.0,
        source_patient=765.0,
        pixel_spacing=0.34,
        orientation=((0.866, -0.5, 0.0), (0.17, 0.30, -0.94)),
        blades=(3, 46, 2, 39),
    ),
    window=(1800.0, 3500.0),
    mask_frames=(1, 2, 3),
    r_waves=(2, 6),
)
BIPLANE = replace(RUN, plane=Plane("A", "2.25.7"), acquisition=6)
STILL = replace(RUN, frames=FRAMES[:1], number=5, mask_frames=(), r_waves=())


def written(folder: Path, run: XaRun = RUN) -> Dataset:
    path = folder / "run.dcm"
    write_xa(path, STUDY, run)
    return dcmread(path)


def test_pixels_come_back(tmp_path: Path) -> None:
    dataset = written(tmp_path)
    assert np.array_equal(dataset.pixel_array, FRAMES)
    assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit) == (16, 12, 11)
    assert dataset.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert dataset.SOPClassUID == XRayAngiographicImageStorage
    assert dataset.PixelIntensityRelationship == "LIN"


def test_identity_and_times(tmp_path: Path) -> None:
    dataset = written(tmp_path)
    assert str(dataset.PatientName) == "Phantom^Coronary"
    assert (dataset.PatientID, dataset.PatientBirthDate) == ("DEMO-0001", "19610412")
    assert (dataset.PatientSex, dataset.PatientAge) == ("F", "065Y")
    assert dataset.InstitutionName == "Demonstration Hospital"
    assert (dataset.StudyDate, dataset.StudyTime) == ("20261120", "094107")
    assert (dataset.AcquisitionDate, dataset.AcquisitionTime) == ("20261120", "094107")
    assert (dataset.SeriesNumber, dataset.SeriesDescription) == (3, "LCA")
    assert list(dataset.ImageType) == ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]


def test_cine_and_mask(tmp_path: Path) -> None:
    dataset = written(tmp_path)
    assert dataset.NumberOfFrames == len(FRAMES)
    assert dataset[dataset.FrameIncrementPointer].keyword == "FrameTime"
    assert float(dataset.FrameTime) == pytest.approx(66.667)
    assert dataset.CineRate == dataset.RecommendedDisplayFrameRate == 15
    assert list(dataset.RWavePointer) == [3, 7]
    (mask,) = dataset.MaskSubtractionSequence
    assert (mask.MaskOperation, list(mask.MaskFrameNumbers)) == ("AVG_SUB", [2, 3, 4])


def test_geometry(tmp_path: Path) -> None:
    dataset = written(tmp_path)
    assert (float(dataset.PositionerPrimaryAngle), float(dataset.PositionerSecondaryAngle)) == (
        -30,
        -20,
    )
    assert dataset.PositionerMotion == "STATIC"
    assert float(dataset.DistanceSourceToDetector) == 1050.0
    assert list(map(float, dataset.ImagerPixelSpacing)) == [0.34, 0.34]
    assert list(dataset.PatientOrientation) == ["LA", "FP"]
    assert dataset.CollimatorRightVerticalEdge == 46
    assert (float(dataset.WindowCenter), float(dataset.WindowWidth)) == (1800.0, 3500.0)


def test_single_image_has_no_cine(tmp_path: Path) -> None:
    dataset = written(tmp_path, STILL)
    assert np.array_equal(dataset.pixel_array, FRAMES[0])
    for keyword in ("NumberOfFrames", "FrameTime", "MaskSubtractionSequence", "CineRate"):
        assert keyword not in dataset


def test_identifiers_are_valid_repeat_and_differ_between_runs(tmp_path: Path) -> None:
    one, other = written(tmp_path), written(tmp_path, STILL)
    again = written(tmp_path)
    assert one.SOPInstanceUID == again.SOPInstanceUID != other.SOPInstanceUID
    assert one.SeriesInstanceUID == again.SeriesInstanceUID != other.SeriesInstanceUID
    assert one.StudyInstanceUID == other.StudyInstanceUID == STUDY.uid
    for value in (one.SOPInstanceUID, one.SeriesInstanceUID, one.StudyInstanceUID):
        assert UID(value).is_valid
        assert value.startswith("2.25.")


def test_nothing_is_left_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        write_xa(tmp_path / "missing" / "run.dcm", STUDY, RUN)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "run",
    [RUN, STILL, BIPLANE, replace(RUN, compressed=True)],
    ids=["cine", "single image", "biplane", "compressed"],
)
def test_validator_finds_no_error(tmp_path: Path, run: XaRun) -> None:
    path = tmp_path / "run.dcm"
    write_xa(path, STUDY, run)
    said = complaints(path)
    if run.plane is not None:  # the validator knows no Frame of Reference in XA (PS3.3 A.14.3)
        said = [line for line in said if not KNOWN.search(line)]
    assert said == []


def test_compressed_run_holds_the_same_pixels(tmp_path: Path) -> None:
    dataset = written(tmp_path, replace(RUN, compressed=True))
    assert dataset.file_meta.TransferSyntaxUID == JPEGLosslessSV1
    frames = list(generate_frames(dataset.PixelData, number_of_frames=len(FRAMES)))
    decoded = [imagecodecs.jpeg8_decode(frame) for frame in frames]
    assert np.array_equal(decoded, FRAMES)


def test_plane_of_a_biplane_run_names_the_other(tmp_path: Path) -> None:
    dataset = written(tmp_path, BIPLANE)
    assert list(dataset.ImageType) == ["ORIGINAL", "PRIMARY", "BIPLANE A"]
    (item,) = dataset.ReferencedImageSequence
    assert item.ReferencedSOPInstanceUID == "2.25.7"
    assert item.PurposeOfReferenceCodeSequence[0].CodeValue == "121314"
    assert dataset.AcquisitionNumber == 6


def test_rate_that_is_no_whole_number_is_told_by_the_frame_time_alone(tmp_path: Path) -> None:
    dataset = written(tmp_path, replace(RUN, frame_time=133.333))
    assert float(dataset.FrameTime) == pytest.approx(133.333)
    assert "CineRate" not in dataset
    assert "RecommendedDisplayFrameRate" not in dataset
