"""`export --recipe`: choices from a file over a folder, every series a file of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.video.probe import needs_ffmpeg, probe
from xray_studio.__main__ import main
from xray_studio.services.export.manifest import read_manifest

Captured = pytest.CaptureFixture[str]


def answer(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err + shown.out
    return status, shown.out, shown.err


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    for name, frames in (("one", 6), ("two", 3)):
        pages = [Image.fromarray(np.full((32, 48), 20 * n, np.uint8)) for n in range(frames)]
        pages[0].save(folder / f"{name}.tiff", save_all=True, append_images=pages[1:])
    return folder


def recipe(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(["recipe = 1", *lines]))
    return path


@needs_ffmpeg
def test_every_series_becomes_a_file(capsys: Captured, tmp_path: Path, clips: Path) -> None:
    mine = recipe(tmp_path, 'format = "webm"', 'quality = "low"', 'size = "24x"')
    out = tmp_path / "out"
    status, told, _ = answer(capsys, "export", "--recipe", mine, clips, out, "--json", "-q")
    assert status == 0
    written = json.loads(told)["written"]
    assert sorted(one["frames"] for one in written) == [3, 6]
    for one in written:
        found = probe(Path(one["file"]))
        assert (found["codec_name"], found["width"], found["height"]) == ("vp9", 24, 16)
        assert read_manifest(Path(one["manifest"])) is not None
    again, _, _ = answer(capsys, "export", "--recipe", mine, clips, out, "-q")
    assert again == 0  # earlier exports are replaced
    assert len(list(out.glob("*.webm"))) == 2


def test_options_that_are_typed_win(capsys: Captured, tmp_path: Path, clips: Path) -> None:
    mine = recipe(tmp_path, 'format = "gif"', 'frames = "2-5"', 'quality = "low"', "voi = 9")
    target = tmp_path / "clip.mkv"
    arguments = ("--recipe", mine, clips / "one.tiff", target, "--frames", "1-2", "--no-voi")
    status, _, err = answer(capsys, "export", *arguments, "-q")
    assert (status, err) == (0, "")
    told = read_manifest(tmp_path / "clip.mkv.json") or {}
    assert (told["frames"]["written"], told["output"]["quality"]) == (2, "low")


def test_one_that_fails_does_not_stop_the_others(
    capsys: Captured, tmp_path: Path, clips: Path
) -> None:
    mine = recipe(tmp_path, 'format = "mp4"', 'frames = "5-6"')
    out = tmp_path / "out"
    status, told, err = answer(capsys, "export", "--recipe", mine, clips, out, "-q")
    assert status == 3
    assert "There are no frames 5-6; the clip has frames 1 to 3." in err
    assert told.count("checked") == len(list(out.glob("*.mp4"))) == 1
    mine = recipe(tmp_path, 'format = "mp4"', 'frames = "50-60"')
    status, _, err = answer(capsys, "export", "--recipe", mine, clips, tmp_path / "none", "-q")
    assert status == 1
    assert "None of the series could be written" in err
    assert list((tmp_path / "none").iterdir()) == []


def test_pictures_of_every_series(capsys: Captured, tmp_path: Path, clips: Path) -> None:
    mine = recipe(tmp_path, 'format = "pictures"', 'stills = "tiff"')
    out = tmp_path / "out"
    assert answer(capsys, "export", "--recipe", mine, clips, out, "-q")[0] == 0
    assert sorted(len(list(p.iterdir())) for p in out.iterdir() if p.is_dir()) == [3, 6]


def test_choices_are_saved(capsys: Captured, tmp_path: Path, clips: Path) -> None:
    mine, target = tmp_path / "new.toml", tmp_path / "clip.gif"
    arguments = (clips / "one.tiff", target, "--save-recipe", mine, "--fps", "20", "--invert")
    assert answer(capsys, "export", *arguments, "-q")[0] == 0
    lines = mine.read_text("utf-8").splitlines()[1:]
    assert lines == ["recipe = 1", 'format = "gif"', 'fps = "20"', "invert = true"]
    assert str(tmp_path) not in mine.read_text("utf-8")
    out = tmp_path / "out"
    assert answer(capsys, "export", "--recipe", mine, clips, out, "-q")[0] == 0
    assert len(list(out.glob("*.gif"))) == 2


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["colour = 1"], "mine.toml, line 2: there is no choice colour"),
        (['quality = "best"'], "--quality best is unknown"),
    ],
)
def test_a_wrong_recipe_is_wrong_usage(
    capsys: Captured, tmp_path: Path, clips: Path, lines: list[str], sentence: str
) -> None:
    mine = recipe(tmp_path, *lines)
    status, _, err = answer(capsys, "export", "--recipe", mine, clips, tmp_path / "out", "-q")
    assert status == 2
    assert sentence in err
    assert not (tmp_path / "out").exists()


def test_real_series_with_a_damaged_one(
    capsys: Captured, tmp_path: Path, shared_data: Path
) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    sources = sorted((shared_data / "dicom").glob("stress_echo_*"))
    for source in sources[:2]:
        shutil.copy(source, folder)
    damaged = folder / "damaged.dcm"
    damaged.write_bytes(sources[2].read_bytes()[:20_000])
    mine = recipe(tmp_path, 'format = "mkv"', 'fps = "real"', 'frames = "1-4"', 'size = "64x"')
    out = tmp_path / "out"
    status, told, err = answer(capsys, "export", "--recipe", mine, folder, out, "--json", "-q")
    assert status == 3, err
    found = json.loads(told)
    assert len(found["written"]) == 2
    names = " ".join(path.name for path in out.iterdir())
    assert all(part not in names for part in ("stress", "echo", "Anon"))
    assert "damaged.dcm" in err
