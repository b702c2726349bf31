"""Damaged, huge and odd files of volumes are explained."""

from __future__ import annotations

import gzip
import os
import struct
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK

from tests.volume.phantom import affine, phantom
from xray_studio.core.errors import StudioError, UnreadableError, UsageError
from xray_studio.core.job import run
from xray_studio.core.place import to_ras
from xray_studio.core.volume.planes import View, view
from xray_studio.services.volume.cutting import Cut, cut
from xray_studio.services.volume.open import open_volume


def nifti(path: Path, values: np.ndarray) -> Path:
    nibabel.save(nibabel.Nifti1Image(values.T, to_ras(affine())), path)
    return path


def damaged(tmp_path: Path, how: str) -> Path:
    """Return a file that is damaged in one way."""
    path = tmp_path / "a.nii"
    nifti(path, phantom().values)
    data = bytearray(path.read_bytes())
    if how == "size":  # 32,767 voxels along each of three sides
        data[42:48] = struct.pack("<3h", 32_767, 32_767, 32_767)
    elif how == "type":
        data[70:72] = struct.pack("<h", 999)
    elif how == "seven":
        data[40:56] = struct.pack("<8h", 7, 2, 2, 2, 2, 2, 2, 2)
    elif how == "zero":
        data[42:44] = struct.pack("<h", 0)
    elif how == "no place":
        data[280:328] = struct.pack("<12f", *[float("nan")] * 12)
    elif how == "cut":
        data = data[:-100]
    elif how == "half a header":
        data = data[:200]
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("how", "words"),
    [("size", "cut short: of 70362.3 GB"), ("type", "type of voxels"), ("seven", "7 dimensions"),
     ("zero", "sizes that no volume has"), ("no place", "zero or no number"),
     ("cut", "% are there")],
)  # fmt: skip
def test_damaged_headers_are_explained(tmp_path: Path, how: str, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        run(open_volume(damaged(tmp_path, how)))


def test_damaged_gzip_files_are_explained(tmp_path: Path) -> None:
    path = nifti(
        tmp_path / "a.nii.gz", np.random.default_rng(0).integers(0, 99, (40, 50, 60), np.int16)
    )
    data = path.read_bytes()
    for broken in (data[: len(data) // 2], data[:5000] + b"\0\xff" * 500 + data[6000:]):
        path.write_bytes(broken)
        with pytest.raises(UnreadableError, match="damaged or cut short"):
            run(open_volume(path))
    path.write_bytes(gzip.compress(damaged(tmp_path, "cut").read_bytes()))
    with pytest.raises(UnreadableError, match="% are there"):
        run(open_volume(path))


def test_more_than_memory_is_refused_with_its_size(tmp_path: Path) -> None:
    path = damaged(tmp_path, "size")
    packed = tmp_path / "b.nii.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(UsageError, match=r"takes 70362.3 GB of memory and"):
        run(open_volume(packed))
    (tmp_path / "a.nrrd").write_bytes(
        b"NRRD0004\ntype: short\ndimension: 3\nsizes: 60000 60000 60000\nencoding: raw\n"
        b"endian: little\n\n" + bytes(100)
    )
    with pytest.raises(UnreadableError, match=r"of 432000.0 GB of voxels 0 % are there"):
        run(open_volume(tmp_path / "a.nrrd"))


def test_a_volume_larger_than_memory_is_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.nii"
    nifti(path, np.zeros((4, 8, 8), np.int16))
    data = bytearray(path.read_bytes()[:352])
    data[42:48] = struct.pack("<3h", 4096, 4096, 3000)
    path.write_bytes(data)
    os.truncate(path, 352 + 2 * 4096 * 4096 * 3000)  # 100 GB that take no room on the disk
    found = run(open_volume(path))
    assert found.values.shape == (3000, 4096, 4096)
    assert int(found.values[2999, 4095, 4095]) == 0


def test_no_numbers_are_counted_and_moments_asked_for(tmp_path: Path) -> None:
    values = phantom("float32").values.copy()
    values[2, 3, 4:6] = np.nan
    values[0, 0, 0] = np.inf
    found = run(open_volume(nifti(tmp_path / "a.nii", values)))
    assert "3 voxels hold no finite number (NaN)." in found.warnings
    moments = np.stack([phantom().values] * 3)
    several = run(open_volume(nifti(tmp_path / "b.nii", moments)))
    with pytest.raises(UsageError, match="one moment and this one has 3"):
        run(cut(several, Cut(view(several.geometry, View.AXIAL))))


def test_what_libraries_read_is_explained_where_it_is_cut_short(tmp_path: Path) -> None:
    image = SimpleITK.GetImageFromArray(phantom().values)
    for name in ("a.nrrd", "a.mha", "a.mnc"):
        SimpleITK.WriteImage(image, str(tmp_path / name))
        data = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(data[: len(data) * 2 // 3])
        with pytest.raises(UnreadableError, match=r"damaged|cut short"):
            run(open_volume(tmp_path / name))
