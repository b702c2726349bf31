"""What is exported of volumes of research formats lies where it lay, judged by nibabel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from tests.volume.research_files import write
from xray_studio.core.clip import Clip
from xray_studio.core.job import run
from xray_studio.core.orientation import Orientation
from xray_studio.core.place import to_ras
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.services.open import open_paths, scan
from xray_studio.services.volume.open import open_volume


def canonical(values: Any, affine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return voxels with their numbers growing to the right, front and head, and where they lie."""
    found: Any = nibabel.as_closest_canonical(nibabel.Nifti1Image(values, affine))
    return np.asarray(found.dataobj), found.affine


@pytest.mark.parametrize("name", ["a.nii.gz", "pair.hdr", "a.nrrd", "z.mhd", "a.mnc"])
def test_values_keep_their_place(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    clip, volume = run(open_paths(tmp_path / name)), run(open_volume(tmp_path / name))
    run(export(clip, tmp_path / "out.nii.gz", ExportOptions()))
    made: Any = nibabel.load(tmp_path / "out.nii.gz")
    found, where = canonical(np.asarray(made.dataobj), made.affine)
    wanted, there = canonical(volume.values.T, to_ras(volume.geometry.affine))
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_allclose(where, there, atol=1e-3)


def test_planes_that_are_askew_have_no_letters_and_no_millimetres(tmp_path: Path) -> None:
    sheared = np.array([[-1, -0.3, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    data = np.arange(60, dtype=np.int16).reshape(5, 4, 3)
    image = nibabel.Nifti1Image(data, sheared)
    nibabel.save(image, tmp_path / "a.nii")
    clip = run(open_paths(tmp_path / "a.nii"))
    assert clip.orientation == Orientation()
    assert clip.acquisition.pixel_spacing is None
    assert "not square" in clip.acquisition.warnings[0]


def letters(clip: Clip) -> str:
    assert isinstance(clip.orientation, Orientation)
    return clip.orientation.right[0] + clip.orientation.bottom[0]


def test_real_volumes_are_listed_and_shown(shared_data: Path) -> None:
    catalog = run(scan(shared_data / "volumes"))
    assert catalog.skipped == ()
    for series in catalog.all_series():
        clip = run(open_paths(series.paths[0]))
        assert letters(clip) == "LP"
        assert clip.render(clip.planes // 2).max() > 100
        if series.format == "MINC 2":  # which nibabel reads only with more libraries
            continue
        judge: Any = nibabel.load(series.paths[0])
        planes = np.stack(list(clip))[: clip.planes]
        first = np.asarray(judge.dataobj)
        minc = series.format == "MINC 1"
        first = first if minc else first.reshape(*first.shape[:3], -1)[..., 0]
        wanted, _ = canonical(first, judge.affine)
        np.testing.assert_allclose(planes.T[::-1, ::-1], wanted, rtol=1e-5)
