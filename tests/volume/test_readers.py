"""Files of research formats, written by SimpleITK and nibabel, which are the judges."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import SimpleITK

from tests.volume.phantom import SHAPE, affine, phantom
from xray_studio.core.errors import StudioError, UnreadableError, UnsupportedError, UsageError
from xray_studio.core.job import run
from xray_studio.core.place import to_ras
from xray_studio.core.volume.volume import Volume
from xray_studio.services.volume.open import open_volume
from xray_studio.volume.formats import Format, format_of
from xray_studio.volume.raw import RawForm


def by_nibabel(path: Path, made_as: Any = nibabel.Nifti1Image, **how: Any) -> Volume:
    made = phantom(**how)
    image = made_as(made.values.T, to_ras(made.geometry.affine))
    image.header.set_xyzt_units("mm")
    nibabel.save(image, path)
    return made


def by_itk(path: Path, **how: Any) -> Volume:
    made = phantom(**how)
    image = SimpleITK.GetImageFromArray(made.values)
    image.SetDirection(made.geometry.directions.ravel().tolist())
    image.SetSpacing(made.geometry.spacing)
    image.SetOrigin(made.geometry.origin)
    SimpleITK.WriteImage(image, str(path))
    return made


def same(found: Volume, wanted: Volume) -> None:
    np.testing.assert_array_equal(found.values, wanted.values)
    assert found.geometry.lies_as(wanted.geometry)


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.hdr"])
@pytest.mark.parametrize("kind", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_nifti(tmp_path: Path, name: str, kind: str) -> None:
    pair = nibabel.Nifti1Pair if name.endswith(".hdr") else nibabel.Nifti1Image
    made = by_nibabel(tmp_path / name, pair, kind=kind)
    same(run(open_volume(tmp_path / name)), made)


def test_nifti_2_and_the_image_of_a_pair(tmp_path: Path) -> None:
    made = by_nibabel(tmp_path / "a.nii", nibabel.Nifti2Image)
    same(run(open_volume(tmp_path / "a.nii")), made)
    made = by_nibabel(tmp_path / "b.img", nibabel.Nifti1Pair)
    same(run(open_volume(tmp_path / "b.img")), made)


def test_a_nifti_file_stays_on_disk(tmp_path: Path) -> None:
    by_nibabel(tmp_path / "a.nii")
    values = run(open_volume(tmp_path / "a.nii")).values
    while not isinstance(values, np.memmap):
        assert values.base is not None
        values = values.base
    assert not values.flags.writeable


def test_big_endian_and_scaled_values(tmp_path: Path) -> None:
    made = phantom()
    header = nibabel.Nifti1Header(endianness=">")
    header.set_data_dtype(np.int16)
    image = nibabel.Nifti1Image(made.values.T, to_ras(made.geometry.affine), header)
    image.header.set_slope_inter(2.5, -3.0)
    nibabel.save(image, tmp_path / "a.nii")
    found = run(open_volume(tmp_path / "a.nii"))
    judge = SimpleITK.ReadImage(str(tmp_path / "a.nii"))
    np.testing.assert_allclose(found.values, SimpleITK.GetArrayFromImage(judge), rtol=1e-6)
    np.testing.assert_allclose(found.geometry.origin, judge.GetOrigin(), atol=1e-4)


def test_several_moments_and_metres(tmp_path: Path) -> None:
    data = np.arange(13 * 11 * 7 * 3, dtype=np.int16).reshape(13, 11, 7, 3)
    image = nibabel.Nifti1Image(data, np.diag([0.002, 0.002, 0.003, 1]))
    image.header.set_xyzt_units("meter", "msec")
    image.header["pixdim"][4] = 1500.0
    nibabel.save(image, tmp_path / "a.nii.gz")
    found = run(open_volume(tmp_path / "a.nii.gz"))
    assert found.values.shape == (3, *SHAPE)
    assert found.geometry.spacing == pytest.approx((2.0, 2.0, 3.0))
    assert found.along is not None
    assert (found.along.kind, found.along.values) == ("time", (0.0, 1.5, 3.0))
    with pytest.raises(UsageError, match="--moment"):
        found.single("Reslicing")
    np.testing.assert_array_equal(found.alone(1).values, data[..., 1].T)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.nrrd", Format.NRRD), ("a.nhdr", Format.NRRD), ("a.mha", Format.META),
     ("a.mhd", Format.META), ("a.mnc", Format.MINC_2)],
)  # fmt: skip
def test_what_itk_writes(tmp_path: Path, name: str, kind: Format) -> None:
    made = by_itk(tmp_path / name)
    assert format_of(str(tmp_path / name)) is kind
    found = run(open_volume(tmp_path / name))
    np.testing.assert_array_equal(found.values, made.values)
    if kind is Format.MINC_2:  # ITK writes its numbers, which MINC counts to the right and front
        assert found.geometry.letters == "RAH"
    else:
        assert found.geometry.lies_as(made.geometry)


def test_minc_1_lies_as_minc_2(tmp_path: Path, volumes: Path) -> None:
    one = run(open_volume(volumes / "minc1_1_scale.mnc"))
    two = run(open_volume(volumes / "minc2_1_scale.mnc"))
    assert one.geometry.lies_as(two.geometry)
    np.testing.assert_allclose(one.values, two.values, rtol=1e-6)
    judge = nibabel.load(volumes / "minc1_1_scale.mnc")
    right, front, head = judge.affine @ (3, 5, 7, 1) @ np.eye(4)[:, :3]
    point = one.geometry.points([(7, 5, 3)])[0]
    np.testing.assert_allclose(point, (-right, -front, head))


@pytest.fixture
def volumes() -> Path:
    place = Path(__file__).resolve().parents[3] / "shared" / "data" / "volumes"
    if not place.is_dir():
        pytest.skip("needs the real volumes")
    return place


@pytest.mark.parametrize("name", ["CT_AVM.nii.gz", "anatomical.nii", "functional.nii"])
def test_real_volumes_lie_where_both_judges_say(volumes: Path, name: str) -> None:
    found = run(open_volume(volumes / name))
    right, front, head = np.asarray(nibabel.load(volumes / name).affine)[:3, :3] @ (1, 2, 3)
    lps = found.geometry.affine[:3, :3] @ (1, 2, 3)
    np.testing.assert_allclose(lps, (-right, -front, head), atol=1e-4)
    judge = SimpleITK.ReadImage(str(volumes / name))
    np.testing.assert_allclose(found.geometry.origin, judge.GetOrigin()[:3], atol=1e-4)
    np.testing.assert_allclose(
        found.values, SimpleITK.GetArrayFromImage(judge), rtol=1e-5, atol=1e-4
    )


def test_analyze_is_told_from_envi_and_nifti(tmp_path: Path) -> None:
    made = phantom(turned=False)
    image = nibabel.AnalyzeImage(made.values.T, np.diag([-0.8, 1.3, 2.5, 1.0]))
    nibabel.save(image, tmp_path / "a.hdr")
    assert format_of(str(tmp_path / "a.hdr")) is Format.ANALYZE
    (tmp_path / "b.hdr").write_text("ENVI\nsamples = 4\n")
    assert format_of(str(tmp_path / "b.hdr")) is Format.ENVI
    by_nibabel(tmp_path / "c.hdr", nibabel.Nifti1Pair)
    assert format_of(str(tmp_path / "c.hdr")) is Format.NIFTI
    found = run(open_volume(tmp_path / "a.hdr"))
    np.testing.assert_array_equal(found.values, made.values)
    assert found.geometry.letters == "LAH"
    assert found.geometry.spacing == pytest.approx((0.8, 1.3, 2.5))
    assert not found.placed
    assert "left" in found.warnings[0]


def test_interfile(tmp_path: Path) -> None:
    made = phantom("float32")
    made.values.astype(">f4").tofile(tmp_path / "a.v")
    (tmp_path / "a.hv").write_text(
        "!INTERFILE  :=\n!imaging modality := PET\nname of data file := a.v\n"
        "!number format := float\n!number of bytes per pixel := 4\n"
        "imagedata byte order := BIGENDIAN\nnumber of dimensions := 3\n"
        "!matrix size [1] := 13\nscaling factor (mm/pixel) [1] := 0.8\n"
        "!matrix size [2] := 11\nscaling factor (mm/pixel) [2] := 1.3 ; a comment\n"
        "!matrix size [3] := 7\nscaling factor (mm/pixel) [3] := 2.5\n!END OF INTERFILE :=\n"
    )
    found = run(open_volume(tmp_path / "a.hv"))
    np.testing.assert_array_equal(found.values, made.values)
    assert found.geometry.spacing == pytest.approx((0.8, 1.3, 2.5))
    assert found.modality == "PT"
    assert not found.placed
    same(run(open_volume(tmp_path / "a.v")), found)
    (tmp_path / "a.v").unlink()
    with pytest.raises(UnreadableError, match="belongs beside"):
        run(open_volume(tmp_path / "a.hv"))


def test_raw_voxels_lie_as_they_are_said_to(tmp_path: Path) -> None:
    made = phantom("uint16")
    (tmp_path / "a.raw").write_bytes(b"head" + made.values.astype(">u2").tobytes())
    form = RawForm((13, 11, 7), "uint16", big=True, offset=4, spacing=(1, 2, 3), letters="RPF")
    found = run(open_volume(tmp_path / "a.raw", raw=form))
    np.testing.assert_array_equal(found.values, made.values)
    assert found.geometry.letters == "RPF"
    assert found.geometry.spacing == (1.0, 2.0, 3.0)
    with pytest.raises(UsageError, match="2,002 bytes"):
        run(open_volume(tmp_path / "a.raw", raw=RawForm((13, 11, 8), offset=4)))
    with pytest.raises(UsageError, match="letters"):
        RawForm((1, 1, 1), letters="LRH")


def damaged(path: Path, change: str) -> None:
    data = bytearray(path.read_bytes())
    if change == "cut":
        del data[len(data) // 2 :]
    elif change == "garbled":
        data[200:400] = bytes(200)
    else:
        data[40:56] = np.array([3, 30000, 30000, 30000, 1, 1, 1, 1], "<i2").tobytes()
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("a.nii", "cut", "cut short"),
        ("a.nii.gz", "cut", "damaged or cut short"),
        ("a.nii.gz", "garbled", "damaged or cut short"),
        ("a.nii", "huge", "cut short: of 54000.0 GB"),
        ("a.nrrd", "cut", "cut short"),
        ("a.mha", "cut", "cut short"),
    ],
)
def test_damage_is_told_in_a_sentence(tmp_path: Path, name: str, change: str, said: str) -> None:
    path = tmp_path / name
    (by_nibabel if ".nii" in name else by_itk)(path)
    damaged(path, change)
    with pytest.raises(StudioError, match=said):
        run(open_volume(path))


def test_a_packed_volume_that_no_memory_holds_is_refused_with_its_size(tmp_path: Path) -> None:
    by_nibabel(tmp_path / "a.nii")
    damaged(tmp_path / "a.nii", "huge")
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress((tmp_path / "a.nii").read_bytes()))
    with pytest.raises(UsageError, match=r"54000\.0 GB of memory"):
        run(open_volume(tmp_path / "a.nii.gz"))


def test_nan_is_counted(tmp_path: Path) -> None:
    data = np.zeros((4, 4, 4), np.float32)
    data[1, 2, 3] = np.nan
    data[0, 0, 0] = np.inf
    nibabel.save(nibabel.Nifti1Image(data, np.eye(4)), tmp_path / "a.nii")
    assert run(open_volume(tmp_path / "a.nii")).warnings == (
        "2 voxels hold no finite number (NaN).",
    )


def test_what_is_no_volume_of_greys(tmp_path: Path) -> None:
    colour = np.zeros((4, 4, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    nibabel.save(nibabel.Nifti1Image(colour, np.eye(4)), tmp_path / "a.nii")
    with pytest.raises(UnsupportedError, match="colour"):
        run(open_volume(tmp_path / "a.nii"))
    nibabel.save(nibabel.Nifti1Image(np.zeros((2, 2, 2, 2, 3)), np.eye(4)), tmp_path / "b.nii")
    with pytest.raises(UnsupportedError, match="5 dimensions"):
        run(open_volume(tmp_path / "b.nii"))


def test_a_place_that_is_not_told_is_said(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(phantom().values.T, None)
    image.set_sform(np.eye(4), 0)
    image.set_qform(np.eye(4), 0)
    nibabel.save(image, tmp_path / "a.nii")
    found = run(open_volume(tmp_path / "a.nii"))
    assert not found.placed
    assert "by convention" in found.warnings[0]


def test_two_places_that_differ_are_said(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(phantom().values.T, to_ras(affine(turned=False)))
    image.set_sform(to_ras(affine(turned=False)), 1)
    moved = affine(turned=False)
    moved[0, 3] += 10.0
    image.set_qform(to_ras(moved), 1)
    nibabel.save(image, tmp_path / "a.nii")
    assert "two places" in run(open_volume(tmp_path / "a.nii")).warnings[0]


@pytest.mark.parametrize("way", ["bsq", "bil", "bip"])
def test_envi_cubes_of_any_order(tmp_path: Path, way: str) -> None:
    values = phantom("uint16").values
    axes = {"bsq": (0, 1, 2), "bil": (1, 0, 2), "bip": (1, 2, 0)}[way]
    (tmp_path / "a.dat").write_bytes(b"head" + values.transpose(axes).astype(">u2").tobytes())
    header = tmp_path / "a.hdr"
    told = (
        "ENVI\ndescription = {\n a cube, of two lines}\nsamples = 13\nlines = 11\nbands = 7\n"
        f"header offset = 4\ndata type = 12\ninterleave = {way}\nbyte order = 1\n"
    )
    header.write_text(told)
    found = run(open_volume(header))
    np.testing.assert_array_equal(found.values, values)
    assert found.format == "ENVI"
    assert not found.placed
    header.write_text(told + "data gain values = {0.04}\ndata offset values = {-273.15}\n"
                      "data units = Celsius\n")  # fmt: skip
    warm = run(open_volume(tmp_path / "a.hdr"))
    np.testing.assert_allclose(warm.values, values * 0.04 - 273.15, rtol=1e-6)
    assert warm.unit == "°C"
    header.write_text(told + "data gain values = {1, 2}\n")
    with pytest.raises(UnreadableError, match="for 7 bands"):
        run(open_volume(header))
