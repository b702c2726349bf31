"""Thumbnails: the middle frame, small, framed in black, from one file of a series."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.dicom.objects import make_object, picture, save
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import run
from xray_studio.core.study import Instance, Series
from xray_studio.services.thumbnails import letterboxed, thumbnail


def series_of(*paths: str) -> Series:
    return Series("1.2", instances=tuple(Instance(path) for path in paths))


def test_the_middle_frame_of_the_middle_object(tmp_path: Path) -> None:
    dark = np.zeros((12, 16), np.uint8)
    bright = dark + 200
    stack = np.stack([dark, bright, dark])
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(b"never opened")
    middle = save(make_object(stack), tmp_path / "middle.dcm")
    found = run(thumbnail(series_of(str(broken), middle, str(broken)), 32))
    assert found.shape == (32, 32)
    assert found[16, 16] == 200
    assert not found[:3].any()


def test_colours_stay_colours(tmp_path: Path) -> None:
    rgb = picture(0, 255, (20, 10, 3)).astype(np.uint8)
    found = run(thumbnail(series_of(save(make_object(rgb), tmp_path / "a.dcm")), 40))
    assert found.shape == (40, 40, 3)
    assert not found[:, :9].any()
    assert found[:, 20].any()


def test_frames_keep_their_own_rescale(tmp_path: Path) -> None:
    paths = []
    for slope in (1, 8, 1):
        dataset = make_object(
            picture(0, 500, (16, 16)).astype(np.uint16),
            RescaleSlope=slope,
            RescaleIntercept=0,
            WindowCenter=2000,
            WindowWidth=4000,
        )
        paths.append(save(dataset, tmp_path / f"{len(paths)}.dcm"))
    found = run(thumbnail(series_of(*paths), 16))
    assert found.max() == 255


def test_pixels_that_are_not_square_are_shown_in_proportion() -> None:
    image = np.full((10, 10), 9, np.uint8)
    assert (letterboxed(image, 40, 2.0) > 0).sum(axis=1).max() == 20
    assert (letterboxed(image, 40, 0.5) > 0).sum(axis=0).max() == 20
    wide = np.full((1, 1000), 9, np.uint8)
    assert letterboxed(wide, 40, 1.0).shape == (40, 40)


def test_a_damaged_series_raises_its_reason(tmp_path: Path) -> None:
    (tmp_path / "x.dcm").write_bytes(b"nothing")
    with pytest.raises(UnreadableError):
        run(thumbnail(series_of(str(tmp_path / "x.dcm"))))


def test_a_job_can_be_stopped_at_every_yield(tmp_path: Path) -> None:
    path = save(make_object(picture(0, 255).astype(np.uint8)), tmp_path / "a.dcm")
    job = thumbnail(series_of(path))
    steps = sum(1 for _ in job)
    for stop in range(1, steps):
        job = thumbnail(series_of(path))
        for _ in range(stop):
            next(job)
        job.close()


def test_real_series_give_pictures(shared_data: Path) -> None:
    for path in sorted((shared_data / "dicom").iterdir()):
        found = run(thumbnail(replace(series_of(str(path)), modality="OT"), 128))
        assert found.shape[:2] == (128, 128)
        assert found.any(), path.name
