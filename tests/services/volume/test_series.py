"""DICOM series as volumes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from tests.services.volume.series_objects import MR, PET, tilted, write_series
from tests.volume.phantom import phantom
from xray_studio.core.errors import StudioError, UsageError
from xray_studio.core.job import run
from xray_studio.core.volume.suv import uptake_scale
from xray_studio.dicom.slices import open_slices
from xray_studio.services.volume.open import open_volume, volume_parts
from xray_studio.services.volume.uptake import as_uptake


def by_itk(folder: Path) -> SimpleITK.Image:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


@pytest.mark.parametrize("kind", ["int16", "uint16", "uint8"])
@pytest.mark.parametrize("syntax", ["", str(ImplicitVRLittleEndian), str(ExplicitVRBigEndian)])
def test_slices_lie_where_simpleitk_says(tmp_path: Path, kind: str, syntax: str) -> None:
    made = phantom(kind)
    write_series(tmp_path / "s", made, syntax=syntax)
    found = run(open_volume(tmp_path / "s"))
    np.testing.assert_array_equal(found.values, made.values)
    assert found.geometry.lies_as(made.geometry)
    judge = by_itk(tmp_path / "s")
    np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(judge), found.values)
    np.testing.assert_allclose(judge.GetOrigin(), found.geometry.origin, atol=1e-4)
    np.testing.assert_allclose(
        np.reshape(judge.GetDirection(), (3, 3)), found.geometry.directions, atol=1e-6
    )


def test_the_fast_way_is_taken_and_gives_the_same(tmp_path: Path) -> None:
    write_series(tmp_path / "s", phantom("uint16"), RescaleIntercept="-1024")
    paths = sorted(map(str, (tmp_path / "s").iterdir()))
    quick = open_slices(paths)
    assert quick is not None
    values = run(open_volume(tmp_path / "s")).values
    assert values.dtype == np.int16
    for number, plane in enumerate(values):
        np.testing.assert_array_equal(plane, quick[0][number])


def test_bits_above_those_stored_are_no_values(tmp_path: Path) -> None:
    made = phantom("int16")
    marked = replace(made, values=(made.values & 0x0FFF) | 0x5000)
    write_series(tmp_path / "s", marked, BitsStored=12, HighBit=11)
    np.testing.assert_array_equal(run(open_volume(tmp_path / "s")).values, made.values)


def test_sixteen_bits_below_zero_stay_in_sixteen_bits(tmp_path: Path) -> None:
    made = phantom("int16")
    moved = replace(made, values=made.values + 1024)
    write_series(tmp_path / "s", moved, RescaleIntercept="-1024")
    found = run(open_volume(tmp_path / "s"))
    assert found.values.dtype == np.int16
    np.testing.assert_array_equal(found.values, made.values)


def test_slices_with_scales_of_their_own(tmp_path: Path) -> None:
    made = phantom("uint16")
    write_series(
        tmp_path / "s", made, Modality="PT", SOPClassUID=PET, Units="BQML",
        each=lambda n: {"RescaleSlope": f"{0.5 + n / 8}"},
    )  # fmt: skip
    found = run(open_volume(tmp_path / "s"))
    slopes = 0.5 + np.arange(7)[:, None, None] / 8
    np.testing.assert_allclose(found.values, made.values * slopes, rtol=1e-6)


def test_a_tilted_gantry_keeps_its_shear(tmp_path: Path) -> None:
    made = tilted()
    write_series(tmp_path / "s", made)
    found = run(open_volume(tmp_path / "s"))
    assert not found.geometry.is_straight
    assert found.geometry.lies_as(made.geometry)


def test_missing_slices_are_kept_open_and_counted(tmp_path: Path) -> None:
    made = phantom()
    write_series(tmp_path / "s", made, skip=(2, 4))
    found = run(open_volume(tmp_path / "s"))
    assert found.missing == (2, 4)
    assert found.geometry.lies_as(made.geometry)
    np.testing.assert_array_equal(found.values[3], made.values[3])
    there = np.delete(made.values, (2, 4), 0)
    assert set(np.unique(found.values[[2, 4]])) == {there.min()}
    assert "2 of 7 slices are missing (3, 5)" in found.warnings[0]


def test_moments_and_orientations(tmp_path: Path) -> None:
    made = phantom("uint16")
    for moment in range(3):
        later = replace(made, values=made.values + np.uint16(moment))
        write_series(
            tmp_path / "s", later, name=f"t{moment}-", Modality="MR", SOPClassUID=MR,
            SeriesInstanceUID="1.2.3", FrameOfReferenceUID="1.2.4", StudyInstanceUID="1.2.5",
            TriggerTime=str(40 * moment),
        )  # fmt: skip
    found = run(open_volume(tmp_path / "s"))
    assert found.values.shape == (3, *made.values.shape)
    assert found.along is not None
    assert (found.along.kind, found.along.values) == ("phase", (0.0, 40.0, 80.0))
    np.testing.assert_array_equal(found.values[2], made.values + 2)


def test_several_series_are_listed_and_chosen(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_series(tmp_path / "s", phantom(), name=name, SeriesDescription=f"Series {name}")
    parts = run(volume_parts(tmp_path / "s"))
    assert [part.shape for part in parts] == [(7, 11, 13)] * 2
    with pytest.raises(UsageError, match=r"2 volumes here, choose one with --part: 1 \(CT Series"):
        run(open_volume(tmp_path / "s"))
    assert run(open_volume(tmp_path / "s", part=2)).description == "Series b"


def test_uneven_slices_are_refused(tmp_path: Path) -> None:
    write_series(tmp_path / "s", phantom(), skip=(1, 2, 3, 4))
    with pytest.raises(StudioError, match="apart"):
        run(open_volume(tmp_path / "s"))


def test_uptake_from_a_series(tmp_path: Path) -> None:
    from pydicom import Dataset

    given = Dataset()
    given.RadionuclideTotalDose, given.RadionuclideHalfLife = "370000000", "6586.2"
    given.RadiopharmaceuticalStartTime = "100000"
    write_series(
        tmp_path / "s", phantom("uint16"), Modality="PT", SOPClassUID=PET, Units="BQML",
        DecayCorrection="START", PatientWeight="70", PatientSize="1.75", PatientSex="M",
        SeriesDate="20260105", SeriesTime="110000", AcquisitionDate="20260105",
        AcquisitionTime="110130", RadiopharmaceuticalInformationSequence=[given],
    )  # fmt: skip
    found = run(open_volume(tmp_path / "s"))
    assert found.pet is not None
    wanted = 70_000.0 / (370e6 * 0.5 ** (3600.0 / 6586.2))
    assert uptake_scale(found.pet).factor == pytest.approx(wanted)
    made = as_uptake(found)
    np.testing.assert_allclose(made.values, found.values * wanted, rtol=1e-6)
    assert made.unit == "g/ml"
    with pytest.raises(UsageError, match="this volume is none"):
        as_uptake(made)


def test_a_slice_that_is_cut_short_is_told(tmp_path: Path) -> None:
    made = phantom("uint16")
    write_series(tmp_path / "s", made)
    path = tmp_path / "s" / "003.dcm"
    path.write_bytes(path.read_bytes()[:-100])
    found = run(open_volume(tmp_path / "s"))
    assert "cut short" in " ".join(found.warnings)
    np.testing.assert_array_equal(found.values[:3], made.values[:3])
