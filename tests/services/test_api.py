"""`import xray_studio as xs`: scan, open, render and export from Python."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import xray_studio as xs
from tests.dicom.objects import make_object, save
from tests.services.clips import cine
from xray_studio.core.clip import Identity
from xray_studio.core.errors import UnreadableError, UsageError


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    Image.fromarray(np.arange(64 * 48, dtype=np.uint16).reshape(48, 64) * 16).save(path)
    return path


def test_the_public_names_are_there() -> None:
    assert xs.__version__
    assert {"scan", "open", "render", "export", "Clip", "Window"} <= set(xs.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        xs.nothing  # noqa: B018 - asking is the test


def test_open_gives_modality_values(picture: Path) -> None:
    clip = xs.open(picture)
    assert (len(clip), clip[0].dtype, clip[0].shape) == (1, np.float32, (48, 64))
    np.testing.assert_array_equal(clip[0][0, :3], (0.0, 16.0, 32.0))


def test_scan_lists_what_is_there(picture: Path) -> None:
    (picture.parent / "notes.txt").write_text("nothing to see")
    catalog = xs.scan(picture.parent)
    assert [series.paths for series in catalog.all_series()] == [(str(picture),)]
    assert [Path(skipped.path).name for skipped in catalog.skipped] == ["notes.txt"]


def test_render_shows_what_is_asked() -> None:
    clip = cine()
    shown = xs.render(clip, 2, window=(2000.0, 3600.0))
    assert (shown.dtype, shown.shape) == (np.uint8, (48, 64))
    np.testing.assert_array_equal(clip.render(2, window=(2000.0, 3600.0)), shown)
    np.testing.assert_array_equal(clip.render(-6, window=(2000.0, 3600.0)), shown)
    inverted = xs.render(clip, 2, window=(2000.0, 3600.0), invert=True)
    np.testing.assert_array_equal(inverted, 255 - shown)
    full = xs.render(clip, 0, full_range=True)
    assert full[0, 20] == round(255 * 1000 / 4095)


def test_render_refuses_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        xs.render(cine(), 8)
    with pytest.raises(UsageError, match="the file has none"):
        xs.render(cine(), 0, voi=1)
    with pytest.raises(UsageError, match="Choose one of"):
        xs.render(cine(), 0, voi=1, full_range=True)
    with pytest.raises(UsageError, match="width must be at least 1"):
        xs.render(cine(), 0, window=(10.0, 0.0))


def test_stored_windows_come_before_tables() -> None:
    clip = cine(windows=(xs.Window(1000.0, 400.0), xs.Window(2000.0, 3600.0)))
    np.testing.assert_array_equal(
        xs.render(clip, 1, voi=2), xs.render(clip, 1, window=(2000.0, 3600.0))
    )


def test_export_writes_and_checks(tmp_path: Path, picture: Path) -> None:
    result = xs.export(cine(), tmp_path / "clip.mp4", frames=(1, 6), quality="high", rate=20)
    assert (result.checked.frames, result.checked.duration) == (6, pytest.approx(0.3, abs=1e-3))
    assert len(xs.open(tmp_path / "clip.mp4")) == 6
    xs.export(picture, tmp_path / "again.tiff", full_range=True)
    np.testing.assert_array_equal(
        np.asarray(Image.open(tmp_path / "again.tiff")), xs.render(picture, full_range=True)
    )


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        xs.open(tmp_path / "missing.dcm")


def test_a_clip_does_not_tell_whose_it_is() -> None:
    clip = replace(cine(), identity=Identity("Doe^Jane", "1"), paths=("/data/Doe_Jane.dcm",))
    assert "Doe" not in repr(clip)
    assert f"{len(clip)} x {clip.rows} x {clip.columns}" in repr(clip)


def test_a_window_is_a_window_or_two_numbers() -> None:
    clip = cine()
    pair = xs.render(clip, 0, window=(100.0, 50.0))
    np.testing.assert_array_equal(xs.render(clip, 0, window=xs.Window(100.0, 50.0)), pair)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"quality": "best"}, "best is unknown here; choose one of low"),
        ({"loop": "twice"}, "choose one of once"),
        ({"encoder": "fast"}, "no encoder fast; choose one of auto, nvenc"),
        ({"size": "big"}, "big is no size"),
    ],
)
def test_words_that_mean_nothing_are_told(
    tmp_path: Path, choice: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        xs.export(cine(), tmp_path / "clip.mp4", **choice)


def test_frames_are_asked_for_one_by_one() -> None:
    with pytest.raises(TypeError):
        cine()[0:2]


def test_objects_media_and_data_sets(tmp_path: Path) -> None:
    pixels = np.arange(2 * 6 * 8, dtype=np.uint16).reshape(2, 6, 8)
    save(make_object(pixels), tmp_path / "in.dcm")
    xs.export(tmp_path / "in.dcm", tmp_path / "out.dcm", syntax="rle", frames=(1, 1))
    assert np.array_equal(xs.open(tmp_path / "out.dcm").stored(0), pixels[1])
    assert xs.export_media(tmp_path / "in.dcm", tmp_path / "disc").objects == 1
    made = xs.export_dataset([tmp_path / "in.dcm"], tmp_path / "set", xs.DatasetOptions(every=2))
    assert sum(made.samples.values()) == 1
    assert [frame.index for frame in xs.open(tmp_path / "in.dcm").frames()] == [0, 1]


def test_clips_beside_one_another(tmp_path: Path, picture: Path) -> None:
    inverted = xs.Presentation(voi=xs.Window(2000.0, 3600.0), invert=True)
    made = xs.beside(cine(), cine(), captions=["As it is"], presentations=[None, inverted])
    result = xs.export(made, tmp_path / "both.mp4")
    assert (result.checked.frames, result.columns) == (8, 136)
    with pytest.raises(UsageError, match="more captions"):
        xs.beside(cine(), cine(), captions=["a", "b", "c"])
    with pytest.raises(UsageError, match="different patients"):
        xs.beside(cine(), picture)
    assert len(xs.beside(cine(), picture, different_patients=True, ending="hold")) == 8
