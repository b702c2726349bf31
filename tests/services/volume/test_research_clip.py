"""Volumes of research formats as clips: planes, letters, places, values."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nibabel
import numpy as np
import pytest
from nibabel.orientations import aff2axcodes, axcodes2ornt, ornt_transform

from tests.volume.phantom import SHAPE, affine, phantom
from tests.volume.research_files import FORMATS, write
from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import frame_text
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.histogram import histogram
from xray_studio.core.job import run
from xray_studio.core.orientation import Orientation
from xray_studio.core.place import slice_grid, to_ras
from xray_studio.core.presentation import Window
from xray_studio.services.open import open_paths
from xray_studio.services.presets import initial_presentation, presets
from xray_studio.services.volume.open import open_volume

OPPOSITE = {"L": "R", "R": "L", "P": "A", "A": "P", "S": "I", "I": "S"}
WORDS = {"S": "H", "I": "F"}  # of DICOM for head and feet
SEEN = {"S": "LPS", "A": "LIP", "L": "PIL"}
"""Where columns, rows and planes grow to, by the axis that planes follow one another along."""


def opened(path: Path) -> Clip:
    return run(open_paths(path))


def values_of(clip: Clip) -> np.ndarray:
    return np.stack(list(clip))


def saved(path: Path, data: np.ndarray, ras: np.ndarray | None) -> Path:
    nibabel.save(nibabel.Nifti1Image(data, ras), path)
    return path


AXES = ["RAS", "LAS", "LPS", "RPI", "PSR", "ASL", "RSA", "SLA", "LIP"]


@pytest.mark.parametrize("oblique", [False, True])
@pytest.mark.parametrize("axes", AXES)
def test_letters_and_sides_are_those_of_nibabel(tmp_path: Path, axes: str, oblique: bool) -> None:
    data = np.arange(13 * 11 * 7, dtype=np.int16).reshape(13, 11, 7)
    turned = to_ras(affine(turned=oblique)) @ np.diag([-1, -1, 1, 1])  # about RAS, as stored
    way = ornt_transform(axcodes2ornt("RAS"), axcodes2ornt(axes))
    image = nibabel.Nifti1Image(data, turned).as_reoriented(way)
    assert "".join(aff2axcodes(image.affine)) == axes
    nibabel.save(image, tmp_path / "a.nii")
    clip = opened(tmp_path / "a.nii")
    across = next(a for a in SEEN if axes[2] in {a, OPPOSITE[a]})
    shown = image.as_reoriented(ornt_transform(axcodes2ornt(axes), axcodes2ornt(SEEN[across])))
    np.testing.assert_array_equal(values_of(clip), np.asarray(shown.dataobj).T)
    right, bottom = (WORDS.get(one, one) for one in SEEN[across][:2])
    letters = clip.orientation
    assert isinstance(letters, Orientation)
    assert (letters.right[0], letters.bottom[0]) == (right, bottom)
    grid = slice_grid(clip.places)
    assert grid is not None
    np.testing.assert_allclose(to_ras(grid.affine), shown.affine, atol=1e-4)


def test_values_spacing_and_size(tmp_path: Path) -> None:
    made = phantom("int16", turned=False)
    image = nibabel.Nifti1Image(made.values.T, to_ras(made.geometry.affine))
    image.header.set_slope_inter(0.5, -3.0)
    nibabel.save(image, tmp_path / "a.nii.gz")
    clip = opened(tmp_path / "a.nii.gz")
    assert (len(clip), clip.rows, clip.columns) == SHAPE
    assert clip.acquisition.pixel_spacing == pytest.approx((1.3, 0.8))
    assert clip.acquisition.spacing_meaning == "patient"
    assert clip.pixel_aspect == pytest.approx(1.3 / 0.8)
    np.testing.assert_allclose(values_of(clip), run(open_volume(tmp_path / "a.nii.gz")).values)
    assert clip.places[2].position == pytest.approx((-31.25, 17.5, -99.75))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_the_values_of_its_volume(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    clip, volume = opened(tmp_path / name), run(open_volume(tmp_path / name))
    assert sorted(values_of(clip).ravel()) == sorted(volume.values.ravel())
    assert clip.acquisition.transfer_syntax == FORMATS[name]
    if not volume.placed:
        assert clip.orientation == Orientation()
        assert clip.places == ()
    else:
        grid = slice_grid(clip.places)
        assert grid is not None
        corner = grid.affine @ (0, 0, 0, 1)
        at = np.rint(volume.geometry.indices([corner[:3]])[0]).astype(int)
        assert volume.values[at[2], at[1], at[0]] == clip[0][0, 0]
    assert (clip.acquisition.pixel_spacing is None) == (name == "cube.hdr")
    assert clip.identity.patient_name == ""


def test_a_side_that_is_not_told_has_no_letter(tmp_path: Path) -> None:
    write(tmp_path / "analyze.hdr")
    clip = opened(tmp_path / "analyze.hdr")
    assert clip.orientation == Orientation()
    assert "which side is left" in clip.acquisition.warnings[0]
    assert frame_text(clip, 2) == "3/7"


def test_moments_stand_one_after_the_other(tmp_path: Path) -> None:
    data = np.arange(5 * 4 * 3 * 6, dtype=np.int16).reshape(5, 4, 3, 6)
    image = nibabel.Nifti1Image(data, np.diag([-2.0, -2.0, 3.0, 1.0]))
    image.header.set_xyzt_units("mm", "sec")
    image.header["pixdim"][4] = 2.0
    nibabel.save(image, tmp_path / "a.nii.gz")
    clip = opened(tmp_path / "a.nii.gz")
    np.testing.assert_array_equal(clip[3 * 4 + 2], data[:, :, 2, 4].T)
    assert clip.places[3 * 4].moment == 8.0
    assert any("6 moments, 2 s apart" in one for one in clip.acquisition.warnings)
    assert frame_text(clip, 3 * 4 + 2) == "15/18 · H 6.0 mm · moment 5"
    grid = slice_grid(clip.places)
    assert grid is not None
    assert (grid.slices, grid.phases) == (3, 6)


def test_one_plane_at_many_moments_is_a_loop(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(np.zeros((5, 4, 1, 6), np.int16), np.eye(4))
    image.header.set_xyzt_units("mm", "msec")
    image.header["pixdim"][4] = 40.0
    nibabel.save(image, tmp_path / "a.nii")
    clip = opened(tmp_path / "a.nii")
    assert clip.frame_rate == pytest.approx(25.0)
    assert clip.timing.times == pytest.approx((0.0, 0.04, 0.08, 0.12, 0.16, 0.2))


def test_no_number_is_black_and_counted(tmp_path: Path) -> None:
    data = np.linspace(0, 1, 5 * 4 * 3, dtype=np.float32).reshape(5, 4, 3)
    data[1, 2, :] = np.nan
    data[0, 0, 0] = -np.inf
    clip = opened(saved(tmp_path / "a.nii.gz", data, np.diag([-1.0, -1.0, 1.0, 1.0])))
    assert clip.acquisition.warnings == ("4 voxels hold no finite number (NaN).",)
    assert np.isnan(clip[1][2, 1])
    shown = clip.render(1)
    assert shown[2, 1] == 0
    found = histogram(clip, 0, clip.stored(0))
    assert found is not None
    assert np.isfinite((found.low, found.high)).all()


@pytest.mark.parametrize("kind", ["u1", "i1", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
def test_every_kind_of_number_is_shown(tmp_path: Path, kind: str, name: str) -> None:
    data = (np.arange(5 * 4 * 3) % 50).reshape(5, 4, 3).astype(kind)
    if kind in {"i4", "u4", "i8"}:
        data *= 40_000_000
    image = nibabel.Nifti1Image(data, np.eye(4), dtype=kind)
    nibabel.save(image, tmp_path / name)
    clip = opened(tmp_path / name)
    np.testing.assert_array_equal(values_of(clip).min(), data.min())
    picture = clip.render(1)
    assert picture.max() > 200
    assert histogram(clip, 1, clip.stored(1)) is not None


@pytest.mark.parametrize("data", [
    np.full((5, 4, 3), np.nan, np.float32),
    np.full((5, 4, 3), 1e300),
    np.linspace(-1e300, 1e300, 60).reshape(5, 4, 3),
    np.array([-1.7e308, 1.7e308] * 30).reshape(5, 4, 3),
    np.linspace(0, 1e-30, 60).reshape(5, 4, 3),
    np.full((5, 4, 3), 7, np.int32),
])  # fmt: skip
def test_odd_ranges_are_shown(tmp_path: Path, data: np.ndarray) -> None:
    clip = opened(saved(tmp_path / "a.nii", data, np.eye(4)))
    initial_presentation(clip)
    presets(clip)
    assert values_of(clip).shape == (3, 4, 5)
    assert clip.render(1).shape == (4, 5)
    histogram(clip, 1, clip.stored(1))


def test_the_range_of_the_file_is_its_window(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(np.arange(60, dtype=np.int16).reshape(5, 4, 3), np.eye(4))
    image.header["cal_min"], image.header["cal_max"] = 10.0, 30.0
    nibabel.save(image, tmp_path / "a.nii")
    (window,) = opened(tmp_path / "a.nii").windows
    assert isinstance(window, Window)
    assert (window.center, window.width) == (20.0, 20.0)


def test_planes_stay_on_disk_and_a_clip_pickles_without_voxels(tmp_path: Path) -> None:
    write(tmp_path / "a.nii")
    clip = opened(tmp_path / "a.nii")
    packed = pickle.dumps(clip.source)
    assert len(packed) < 4000
    np.testing.assert_array_equal(pickle.loads(packed).read(2), clip.stored(2))


def test_several_volumes_are_no_sequence(tmp_path: Path) -> None:
    write(tmp_path / "a.nii")
    write(tmp_path / "a.mha")
    with pytest.raises(UsageError, match="choose one of them"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("data", "ends"),
    [
        (np.pad(np.full((3, 3, 3), 4, np.uint8), 5), (0.0, 4.0)),  # a mask
        (np.arange(20 * 20 * 20, dtype=np.int16).reshape(20, 20, 20), (79.99, 7919.01)),
        (np.full((4, 4, 4), 7, np.int16), (7.0, 7.000001)),
    ],
)
def test_a_volume_without_a_window_shows_most_of_itself(
    tmp_path: Path, data: np.ndarray, ends: tuple[float, float]
) -> None:
    clip = opened(saved(tmp_path / "a.nii", data, np.eye(4)))
    assert clip.windows == ()
    window = initial_presentation(clip).voi
    assert isinstance(window, Window)
    assert window in presets(clip)
    low, high = window.center - window.width / 2, window.center + window.width / 2
    assert (low, high) == pytest.approx(ends, abs=25.0 if data.size > 7000 else 1e-6)


@pytest.mark.parametrize("name", ["a.nii.gz", "a.mnc"])
def test_what_is_unpacked_is_shared_while_somebody_holds_it(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    first, second = (run(open_volume(tmp_path / name)) for _ in range(2))
    assert np.shares_memory(first.values, second.values)
    write(tmp_path / name)
    third = run(open_volume(tmp_path / name))
    assert not np.shares_memory(first.values, third.values)


def test_two_who_ask_at_once_wait_for_one(tmp_path: Path) -> None:
    write(tmp_path / "a.nii.gz")
    one, other = (open_volume(tmp_path / "a.nii.gz") for _ in range(2))
    messages = []
    while "Unpacking the volume" not in messages:
        messages.append(next(one).message)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(run, other)
        first = run(one)
        assert np.shares_memory(waiting.result().values, first.values)


def test_who_gives_up_lets_the_next_one_read(tmp_path: Path) -> None:
    write(tmp_path / "a.nii.gz")
    one = open_volume(tmp_path / "a.nii.gz")
    while next(one).message != "Unpacking the volume":
        pass
    one.close()
    assert run(open_volume(tmp_path / "a.nii.gz")).values.shape == SHAPE


def test_millimetres_that_are_not_told_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.nrrd").write_bytes(
        b"NRRD0004\ntype: uint8\ndimension: 3\nsizes: 3 2 2\nencoding: raw\n\n" + bytes(range(12))
    )
    clip = opened(tmp_path / "a.nrrd")
    assert values_of(clip).ravel().tolist() == list(range(12))
    assert clip.acquisition.pixel_spacing is None
    assert clip.orientation == Orientation()
    assert clip.places == ()


def test_a_metaimage_without_directions_has_no_letters(tmp_path: Path) -> None:
    told = (
        "ObjectType = Image\nNDims = 3\nDimSize = 3 2 2\nElementSpacing = 1 2 3\n"
        "ElementType = MET_UCHAR\nElementDataFile = LOCAL\n"
    )
    (tmp_path / "a.mha").write_bytes(told.encode() + bytes(range(12)))
    clip = opened(tmp_path / "a.mha")
    assert clip.acquisition.pixel_spacing == (2.0, 1.0)
    assert (clip.orientation, clip.places) == (Orientation(), ())
    assert "by convention only" in clip.acquisition.warnings[0]


@pytest.mark.parametrize(
    ("space", "origin"),
    [
        ("left-posterior-superior", (10.0, 20.0, 30.0)),
        ("right-anterior-superior", (-10.0, -20.0, 30.0)),
        ("RAS", (-10.0, -20.0, 30.0)),
        ("left-anterior-superior", (10.0, -20.0, 30.0)),
        ("scanner-xyz", None),
        ("3D-right-handed", None),
    ],
)
def test_spaces_of_nrrd(
    tmp_path: Path, space: str, origin: tuple[float, float, float] | None
) -> None:
    told = (
        f"NRRD0004\ntype: uint8\ndimension: 3\nspace: {space}\nsizes: 3 2 2\n"
        "space directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (10,20,30)\nencoding: raw\n\n"
    )
    (tmp_path / "a.nrrd").write_bytes(told.encode() + bytes(range(12)))
    clip, volume = opened(tmp_path / "a.nrrd"), run(open_volume(tmp_path / "a.nrrd"))
    letters = clip.orientation
    assert isinstance(letters, Orientation)
    assert volume.placed == (origin is not None)
    if origin is None:
        assert letters == Orientation()
    else:
        assert volume.geometry.origin == origin
        assert (letters.left, letters.top) == ("R", "A")


def test_a_file_that_is_cut_short_while_it_is_open_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.nii")
    clip = opened(tmp_path / "a.nii")
    data = (tmp_path / "a.nii").read_bytes()
    (tmp_path / "a.nii").write_bytes(data[: len(data) // 2])
    assert clip.stored(0).shape == SHAPE[1:]
    with pytest.raises(UnreadableError, match="cut short since"):
        clip.stored(6)
