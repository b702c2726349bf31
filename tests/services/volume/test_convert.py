"""Conversion between all formats: every value, every place, left and right."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import SimpleITK

from tests.services.volume.series_objects import write_series
from tests.volume.phantom import phantom
from xray_studio.core.errors import StudioError, UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.volume.geometry import reoriented
from xray_studio.core.volume.volume import Along, Volume
from xray_studio.services.volume.convert import ConvertOptions, convert
from xray_studio.services.volume.open import open_volume

EXACT = ("a.nii", "a.nii.gz", "a.nrrd", "a.mha", "a.mnc", "series", "a.dcm")
KINDS = ("uint8", "int16", "uint16")


def same(found: Volume, wanted: Volume) -> None:
    np.testing.assert_array_equal(found.values, wanted.values)
    assert found.geometry.lies_as(wanted.geometry, 1e-4)


@pytest.mark.parametrize("pair", list(itertools.product(EXACT, EXACT)), ids="-".join)
def test_every_pair_of_formats(tmp_path: Path, pair: tuple[str, str]) -> None:
    made = phantom()
    first, second = tmp_path / "one" / pair[0], tmp_path / "two" / pair[1]
    for path in (first, second):
        path.parent.mkdir()
    run(convert(made, first))
    opened = replace(run(open_volume(first)), modality="CT")
    same(opened, made)
    run(convert(opened, second))
    same(run(open_volume(second)), made)


@pytest.mark.parametrize("kind", [*KINDS, "int8", "int32", "float32", "float64"])
@pytest.mark.parametrize("name", ["a.nii.gz", "a.nrrd", "a.mha"])
def test_every_type_of_values(tmp_path: Path, name: str, kind: str) -> None:
    made = phantom(kind)
    run(convert(made, tmp_path / name))
    found = run(open_volume(tmp_path / name))
    same(found, made)
    assert found.values.dtype == made.values.dtype


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.nrrd", "a.mha", "series"])
def test_simpleitk_finds_every_voxel_where_it_was(tmp_path: Path, name: str) -> None:
    made = phantom()
    run(convert(made, tmp_path / name))
    path = tmp_path / name
    files = [str(path)] if path.is_file() else sorted(map(str, path.iterdir()))
    image = SimpleITK.ReadImage(files[0] if len(files) == 1 else files)
    for plane, row, column in ((0, 0, 0), (6, 10, 12), (2, 7, 5)):
        point = made.geometry.points([(column, row, plane)])[0]
        index = image.TransformPhysicalPointToIndex(point.tolist())
        assert image[index] == made.values[plane, row, column]


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
def test_nibabel_finds_every_voxel_where_it_was(tmp_path: Path, name: str) -> None:
    made = phantom()
    run(convert(made, tmp_path / name))
    image: Any = nibabel.load(tmp_path / name)
    for plane, row, column in ((0, 0, 0), (6, 10, 12), (2, 7, 5)):
        left, back, head = made.geometry.points([(column, row, plane)])[0]
        at = np.linalg.inv(image.affine) @ (-left, -back, head, 1)
        i, j, k = np.rint(at[:3]).astype(int)
        assert image.dataobj[i, j, k] == made.values[plane, row, column]


def test_minc_is_turned_as_its_world_counts(tmp_path: Path) -> None:
    run(convert(phantom(turned=False), tmp_path / "a.mnc"))
    image = SimpleITK.ReadImage(str(tmp_path / "a.mnc"))  # MINC's own numbers, right and front
    np.testing.assert_allclose(image.GetOrigin(), (31.25, -17.5, -104.75), atol=1e-6)


def test_a_tilted_gantry_is_kept_where_the_format_can(tmp_path: Path) -> None:
    made = phantom(tilted=True)
    for name in ("a.nii.gz", "a.nrrd", "a.mha", "series", "a.dcm"):
        run(convert(made, tmp_path / name))
        same(run(open_volume(tmp_path / name)), made)
    for name in ("a.mnc", "a.hdr"):
        with pytest.raises(UsageError, match="choose NIfTI"):
            run(convert(made, tmp_path / name))
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize("kind", [*KINDS, "float32"])
def test_analyze_keeps_values_spacing_and_order(tmp_path: Path, kind: str) -> None:
    made = phantom(kind, turned=False)
    done = run(convert(made, tmp_path / "a.hdr"))
    assert "loses where it lies" in done.notes[0]
    judge: Any = nibabel.load(tmp_path / "a.hdr")
    values, grid = reoriented(made.values, made.geometry, "LAH")
    np.testing.assert_array_equal(np.asarray(judge.dataobj).T, values)
    np.testing.assert_allclose(judge.header.get_zooms(), grid.spacing, rtol=1e-6)
    found = run(open_volume(tmp_path / "a.img"))
    np.testing.assert_array_equal(found.values, values)
    assert found.geometry.letters == "LAH"
    with pytest.raises(UsageError, match="no direction"):
        run(convert(phantom(), tmp_path / "b.hdr"))


@pytest.mark.parametrize("name", ["a.nii.gz", "a.nrrd", "a.mha", "series"])
def test_several_moments(tmp_path: Path, name: str) -> None:
    one = phantom()
    four = replace(
        one, values=np.stack([one.values, one.values + 1, one.values + 2]), modality="MR", unit="",
        along=Along("time", (0.0, 1.5, 3.0), "s"),
    )  # fmt: skip
    run(convert(four, tmp_path / name))
    found = run(open_volume(tmp_path / name))
    same(found, four)
    assert found.along is not None
    if name != "series":
        assert found.along.values == pytest.approx((0.0, 1.5, 3.0))
    with pytest.raises(UsageError, match="--moment"):
        run(convert(four, tmp_path / "a.dcm"))


def test_values_that_dicom_would_round(tmp_path: Path) -> None:
    made = phantom("float32")
    made = replace(made, values=made.values + np.float32(0.3))
    with pytest.raises(UsageError, match="--round"):
        run(convert(made, tmp_path / "s"))
    done = run(convert(made, tmp_path / "s", ConvertOptions(rounded=True)))
    assert "rounded to steps of" in done.notes[0]
    found = run(open_volume(tmp_path / "s"))
    step = float(np.ptp(made.values)) / 65_535
    assert np.abs(found.values - made.values).max() <= step
    wide = replace(phantom("int32"), values=phantom("int32").values * 1000)
    with pytest.raises(UsageError, match="more than 16 bits"):
        run(convert(wide, tmp_path / "t"))
    odd = made.values.copy()
    odd[0, 0, 0] = np.nan
    with pytest.raises(UsageError, match="no number"):
        run(convert(replace(made, values=odd), tmp_path / "u", ConvertOptions(rounded=True)))


def test_research_formats_do_not_say_whose_volume_it_is(tmp_path: Path) -> None:
    write_series(tmp_path / "s", phantom(), PatientName="Doe^Jane", PatientID="4711",
                 SeriesDescription="Doe head", PatientBirthDate="19700102")  # fmt: skip
    opened = run(open_volume(tmp_path / "s"))
    for name in ("a.nii", "a.nrrd", "a.mha", "a.mnc"):
        run(convert(opened, tmp_path / name))
        data = (tmp_path / name).read_bytes()
        assert not any(word in data for word in (b"Doe", b"4711", b"19700102"))
    for name in ("b.nii", "b.nrrd", "b.mha"):
        run(convert(opened, tmp_path / name, ConvertOptions(identity=True)))
        assert b"Doe^Jane" in (tmp_path / name).read_bytes()
    with pytest.raises(UsageError, match="room to say whose"):
        run(convert(opened, tmp_path / "b.mnc", ConvertOptions(identity=True)))


def test_slices_of_a_series_stay_in_their_study(tmp_path: Path) -> None:
    write_series(tmp_path / "s", phantom(), PatientName="Doe^Jane", StudyInstanceUID="1.2.3.4")
    opened = run(open_volume(tmp_path / "s"))
    run(convert(opened, tmp_path / "t"))
    again = run(open_volume(tmp_path / "t"))
    assert again.identity.patient_name.startswith("Doe")
    assert again.frame_of_reference == opened.frame_of_reference


def test_nothing_is_lost_at_the_target(tmp_path: Path) -> None:
    made = phantom()
    (tmp_path / "a.nii").write_text("mine")
    with pytest.raises(WriteError, match="--overwrite"):
        run(convert(made, tmp_path / "a.nii"))
    assert (tmp_path / "a.nii").read_text() == "mine"
    run(convert(made, tmp_path / "a.nii", ConvertOptions(overwrite=True)))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(WriteError, match="holds files already"):
        run(convert(made, tmp_path / "full"))
    with pytest.raises(UsageError, match=r"\.xyz is no format"):
        run(convert(made, tmp_path / "a.xyz"))
    opened = run(open_volume(tmp_path / "a.nii"))
    with pytest.raises(StudioError, match="come from"):
        run(convert(opened, tmp_path / "a.nii", ConvertOptions(overwrite=True)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.nii", "full"]
