"""A part is never passed off as the whole: what is missing is told, and the status is 3."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.dicom.objects import make_object, save
from xray_studio.__main__ import main
from xray_studio.core.job import run
from xray_studio.core.learning.input_spec import InputSpec
from xray_studio.services.learning.films.reading import squash_films


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """A cine of 6 frames of which three and a half are there."""
    frames = np.arange(6 * 40 * 30, dtype=np.uint16).reshape(6, 40, 30)
    path = Path(save(make_object(frames, BitsStored=16, HighBit=15), tmp_path / "cut.dcm"))
    path.write_bytes(path.read_bytes()[: -(2 * frames[0].nbytes + frames[0].nbytes // 2)])
    return path


def test_an_export_of_a_cut_file_is_done_in_part(
    cut: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = cut.with_suffix(".mp4")
    assert main(["export", str(cut), str(out), "--json"]) == 3
    shown = capsys.readouterr()
    (missing,) = json.loads(shown.out)["missing"]
    assert "cut short" in missing
    assert missing in shown.err
    source = json.loads(Path(f"{out}.json").read_text())["source"]
    assert source["missing"] == [missing]


def test_many_series_tell_what_each_has_lost(
    cut: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('recipe = 1\nformat = "mp4"\n')
    for options in (["--json"], []):
        folder = tmp_path / f"out{len(options)}"
        assert main(["export", str(cut), str(folder), "--recipe", str(recipe), *options]) == 3
        shown = capsys.readouterr()
        assert shown.err.count("cut short") == 1
        if options:
            (one,) = json.loads(shown.out)["written"]
            assert "cut short" in one["missing"][0]
    assert main(["export", str(cut), str(tmp_path / "set"), "--dataset"]) == 3
    assert "cut short" in capsys.readouterr().err


def test_a_picture_of_a_cut_file_says_so(cut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(cut), str(cut.with_suffix(".png")), "--frame", "4"]) == 3
    assert "cut short" in capsys.readouterr().err


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A film, and before it by name a copy whose last rows are missing."""
    folder = tmp_path / "films"
    folder.mkdir()
    film = np.arange(80 * 80, dtype=np.uint16).reshape(80, 80)
    path = Path(save(make_object(film, Modality="DX"), folder / "whole.dcm"))
    (folder / "cut.dcm").write_bytes(path.read_bytes()[:-4000])
    return folder


def test_a_copy_that_is_cut_short_is_named_and_left_out(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(films), "--json"]) == 0
    (skipped,) = json.loads(capsys.readouterr().out)["skipped"]
    assert Path(skipped["path"]).name == "cut.dcm"
    assert skipped["reason"].endswith(
        "another one holds the same picture whole; whole.dcm is taken"
    )
    assert main(["scan", str(films)]) == 0
    assert "another one holds the same picture whole; whole.dcm is taken" in capsys.readouterr().out
    named = [str(films / "cut.dcm"), str(films / "whole.dcm")]
    out = tmp_path / "out"
    for words in (
        ["report", *named, "--engine", "structured", "--format", "json", "-q"],
        ["analyze", str(films), "--engine", "structured", "--out", str(out), "-q"],
        ["features", str(films), "--out", str(tmp_path / "f.npz"), "-q"],
    ):
        assert main(words) == 3
        shown = capsys.readouterr()
        assert f"{films / 'cut.dcm'}" in shown.err
        assert "whole.dcm is taken" in shown.err
        if words[0] == "report":
            assert len(json.loads(shown.out)["films"]) == 1
    assert (out / "whole.html").is_file()


def test_a_film_that_is_cut_short_is_named_by_all_that_look_at_films(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (films / "whole.dcm").unlink()
    cut = str(films / "cut.dcm")
    (tmp_path / "out").mkdir()
    for status, words in (
        (3, ["report", cut, "--engine", "structured"]),
        (1, ["report", cut]),
        (3, ["analyze", cut, "--out", str(tmp_path / "pages")]),
        (3, ["findings", cut]),
        (3, ["lungs", cut, "--out", str(tmp_path / "out")]),
        (3, ["anomalies", cut]),
    ):
        assert main([*words, "-q"]) == status, words
        shown = capsys.readouterr()
        assert "inverted" not in shown.out + shown.err
        assert ("cut short" if status == 3 else "A part of this film is missing") in shown.err
    assert main(["features", cut, "--out", str(tmp_path / "f.npz"), "-q"]) == 2
    assert "cut short" in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir()), "no lungs are marked in a part of a film"


def test_nothing_is_learned_from_a_film_that_is_cut_short(films: Path) -> None:
    paths = [str(films / "cut.dcm"), str(films / "whole.dcm")]
    spec = InputSpec(rows=32, columns=32)
    learned = np.zeros((2, 32, 32), np.uint8)
    failed = run(squash_films(paths, spec, learned))
    assert list(failed) == [0]
    assert "cut short" in failed[0]
    assert (learned[0].max(), learned[1].max() > 0) == (0, True)


def test_the_size_told_is_that_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = np.zeros((3, 21, 35), np.uint16)
    path = save(make_object(odd), tmp_path / "odd.dcm")
    assert main(["export", str(path), str(tmp_path / "odd.mp4"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["columns"], told["missing"]) == (22, 36, [])
