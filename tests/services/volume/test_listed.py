"""Volumes of research formats in a catalogue."""

from __future__ import annotations

import gzip
from pathlib import Path
from zipfile import ZipFile

import nibabel
import numpy as np
import pytest

from tests.services.volume.series_objects import write_series
from tests.volume.phantom import phantom
from tests.volume.research_files import FORMATS, write
from xray_studio.core.corner_text import patient_words
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import run
from xray_studio.core.kinds import DICOM, VOLUME
from xray_studio.core.study import Series
from xray_studio.services.open import open_series, scan
from xray_studio.services.volume.open import volume_of_series, volume_parts


def scanned(path: Path) -> list[Series]:
    catalog = run(scan(path))
    assert catalog.skipped == ()
    return catalog.all_series()


@pytest.mark.parametrize("name", FORMATS)
def test_a_volume_is_listed_and_its_voxels_are_not(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    (series,) = scanned(tmp_path)
    assert (series.kind, series.format) == (VOLUME, FORMATS[name])
    assert series.series_description == name
    assert series.paths == (str(tmp_path / name),)
    assert (series.volume_size, series.frames) == ("13 x 11 x 7", 7)
    np.testing.assert_array_equal(run(volume_of_series(series)).values, phantom("int16").values)


@pytest.mark.parametrize(
    ("name", "voxels"),
    [("pair.hdr", "pair.img"), ("analyze.hdr", "analyze.img"), ("a.mhd", "a.raw"),
     ("pet.hv", "pet.v")],
)  # fmt: skip
def test_voxels_that_are_named_lead_to_their_header(tmp_path: Path, name: str, voxels: str) -> None:
    write(tmp_path / name)
    (series,) = scanned(tmp_path / voxels)
    assert series.paths == (str(tmp_path / name),)


def test_a_second_scan_lists_the_same(tmp_path: Path) -> None:
    for name in FORMATS:
        write(tmp_path / name)
    first = scanned(tmp_path)
    assert len(first) == len(FORMATS)
    assert scanned(tmp_path) == first


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "a.nhdr"])
def test_volumes_in_an_archive_open(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / name)
    with ZipFile(tmp_path / "study.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"a/{file.name}")
    (series,) = scanned(tmp_path / "study.zip")
    assert series.paths == (str(tmp_path / "study.zip" / "a" / name),)
    np.testing.assert_array_equal(run(volume_of_series(series)).values, phantom("int16").values)
    assert len(run(open_series(series))) == 7


def test_a_header_that_names_a_member_of_an_archive_asks_to_unpack_it(tmp_path: Path) -> None:
    write(tmp_path / "a.nhdr")
    with ZipFile(tmp_path / "study.zip", "w") as archive:
        for name in ("a.nhdr", "a.raw"):
            archive.write(tmp_path / name, name)
    reasons = {
        s.path.rpartition("/")[2]: s.reason for s in run(scan(tmp_path / "study.zip")).skipped
    }
    assert "unpack the archive first" in reasons["a.nhdr"]


def test_moments_are_counted(tmp_path: Path) -> None:
    values = np.zeros((5, 4, 3, 20), np.int16)
    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), tmp_path / "f.nii.gz")
    (series,) = scanned(tmp_path)
    assert (series.moments, series.frames) == (20, 60)
    assert series.volume_size == "5 x 4 x 3"


def test_contrasts_of_one_folder_are_one_case(tmp_path: Path) -> None:
    case = tmp_path / "BraTS-GLI-00001-000"
    case.mkdir()
    for contrast in ("t1n", "t2w", "seg"):
        write(case / "a.nii.gz")
        (case / "a.nii.gz").rename(case / f"{case.name}-{contrast}.nii.gz")
    catalog = run(scan(tmp_path))
    (patient,) = catalog.patients
    (study,) = patient.studies
    assert (patient_words(patient), study.description) == ("Volumes", case.name)
    assert len(study.series) == 3


def test_volumes_and_slices_in_one_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.nii")
    write_series(tmp_path / "ct", phantom())
    assert {series.kind for series in scanned(tmp_path)} == {VOLUME, DICOM}
    parts = run(volume_parts(tmp_path))
    assert sorted(part.format for part in parts) == ["DICOM", "NIfTI"]


@pytest.mark.parametrize(
    ("name", "harm", "reason"),
    [
        ("a.nii", "cut", "cut short"),
        ("a.nii.gz", "garbled", "damaged"),
        ("pair.hdr", "alone", "belongs beside the header"),
        ("a.mha", "cut", "cut short"),
        ("a.mnc", "cut", "damaged"),
        ("pet.hv", "alone", "belongs beside the header"),
    ],
)
def test_a_damaged_one_is_skipped_with_its_reason(
    tmp_path: Path, name: str, harm: str, reason: str
) -> None:
    path = tmp_path / name
    write(path)
    data = bytearray(path.read_bytes())
    if harm == "cut":
        del data[len(data) // 2 :]
    elif harm == "garbled":
        data[10:60] = bytes(50)
    path.write_bytes(data)
    if harm == "alone":
        for other in tmp_path.glob(f"{path.stem}.*"):
            if other != path:
                other.unlink()
    catalog = run(scan(tmp_path))
    assert catalog.patients == ()
    (skipped,) = catalog.skipped
    assert skipped.path == str(path)
    assert reason in skipped.reason


def test_colours_are_refused_in_a_sentence(tmp_path: Path) -> None:
    colour = np.zeros((4, 4, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    nibabel.save(nibabel.Nifti1Image(colour, np.eye(4)), tmp_path / "a.nii")
    (skipped,) = run(scan(tmp_path)).skipped
    assert skipped.reason == "a volume holds grey values, and these are in colour"


def test_a_packed_file_of_something_else_is_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"words"))
    (skipped,) = run(scan(tmp_path)).skipped
    assert "gzip archive" in skipped.reason


def test_a_file_that_became_another_one_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.nii")
    (series,) = scanned(tmp_path)
    (tmp_path / "a.nii").write_bytes(b"words")
    with pytest.raises(UnreadableError, match="holds no volume any more"):
        run(open_series(series))
    (tmp_path / "a.nii").unlink()
    with pytest.raises(UnreadableError, match="no longer there"):
        run(open_series(series))
