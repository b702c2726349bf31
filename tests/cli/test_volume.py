"""`xray-studio volume`."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel
import numpy as np
import pytest

import xray_studio as xs
from tests.services.volume.series_objects import write_series
from tests.volume.phantom import phantom
from xray_studio.cli.main import main
from xray_studio.imaging.save import load


def test_info_tells_size_place_and_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = phantom()
    write_series(tmp_path / "s", made, skip=(3,))
    assert main(["volume", "info", str(tmp_path / "s"), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["columns"], facts["rows"], facts["planes"]) == (13, 11, 7)
    assert facts["missing"] == [4]
    assert facts["unit"] == "HU"
    np.testing.assert_allclose(facts["spacing"], (0.8, 1.3, 2.5), atol=1e-6)
    np.testing.assert_allclose(facts["origin"], made.geometry.origin, atol=1e-6)
    assert "Test^Object" not in json.dumps(facts)
    assert main(["volume", "info", str(tmp_path / "s")]) == 0
    assert "1 of 7 slices is missing (4)" in capsys.readouterr().out


def test_a_raw_file_by_its_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    phantom("float32").values.tofile(tmp_path / "a.bin")
    form = ["--raw", "13x11x7:float32:little:RPH", "--spacing", "1", "2", "3"]
    assert main(["volume", "info", str(tmp_path / "a.bin"), *form, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["grows_to"], facts["spacing"]) == ("RPH", [1.0, 2.0, 3.0])
    assert main(["volume", "info", str(tmp_path / "a.bin"), "--raw", "13x11x7:int7"]) == 2
    assert "int7 is no part of a raw form" in capsys.readouterr().err


def test_convert_keeps_values_and_tells_gaps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = phantom()
    write_series(tmp_path / "s", made, skip=(3,))
    target = tmp_path / "a.nii.gz"
    assert main(["volume", "convert", str(tmp_path / "s"), str(target), "--json", "-q"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["files"]) == ("NIfTI", 1)
    assert "missing (4)" in told["notes"][0]
    values = np.asarray(nibabel.load(target).dataobj).T
    np.testing.assert_array_equal(np.delete(values, 3, 0), np.delete(made.values, 3, 0))
    assert main(["volume", "convert", str(target), str(target), "--overwrite"]) == 2
    assert "originals are never changed" in capsys.readouterr().err


def test_a_rendering_and_a_movie_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_series(tmp_path / "s", phantom())
    source, still, movie = (str(tmp_path / name) for name in ("s", "still.png", "turn.mp4"))
    look = ["--preset", "soft", "--size", "64x48", "--clip", "rows:0-80"]
    assert main(["volume", "render", source, still, *look, "--angles", "30", "20"]) == 0
    assert load(Path(still)).shape == (48, 64, 3)
    assert main(["volume", "render", source, movie, *look, "--turn", "6", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pictures"], told["rows"], told["columns"]) == (6, 48, 64)
    assert "Test^Object" not in Path(f"{movie}.json").read_text("utf-8")
    assert main(["volume", "render", source, still, "--clip", "rows:80-20"]) == 2
    assert main(["volume", "render", source, still, "--clip", "left:0-20"]) == 2
    assert "planes, rows or columns" in capsys.readouterr().err


def test_a_surface_and_what_it_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = np.zeros((12, 12, 12), np.int16)
    values[3:9, 3:9, 3:9] = 100
    values.tofile(tmp_path / "cube.raw")
    form = ["--raw", "12x12x12:int16", "--spacing", "1", "1", "2"]
    asked = ["volume", "surface", str(tmp_path / "cube.raw"), str(tmp_path / "cube.ply")]
    asked += ["--level", "50", "--smooth", "0", "--keep", "1", *form]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["closed"] is True
    assert told["volume_mm3"] == pytest.approx(6 * 6 * 12, rel=0.1)
    assert main(asked) != 0
    assert "is there already" in capsys.readouterr().err
    assert main([*asked[:3], str(tmp_path / "cube.step"), "--level", "50", *form]) != 0
    assert ".stl" in capsys.readouterr().err


def test_filters_in_order_and_bias_correction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_series(tmp_path / "s", phantom())
    source = str(tmp_path / "s")
    asked = ["volume", "filter", source, str(tmp_path / "a.nii.gz"), "--json"]
    assert main([*asked, "--filter", "median", "--filter", "resample:spacing=2"]) == 0
    assert json.loads(capsys.readouterr().out)["filters"][1].startswith("resample:spacing=2")
    made = xs.open_volume(tmp_path / "a.nii.gz")
    assert made.geometry.spacing == pytest.approx((2.0,) * 3)
    assert main(asked) == 2
    assert main([*asked, "--filter", "match"]) == 2
    assert "needs a reference" in capsys.readouterr().err
    even = tmp_path / "even.nii.gz"
    assert main(["volume", "bias-correct", source, str(even), "--iterations", "2"]) == 0
    assert even.stat().st_size > 0


def test_a_volume_is_laid_onto_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("fixed", "moving"):
        write_series(tmp_path / name, phantom())
    pair = [str(tmp_path / name) for name in ("fixed", "moving")]
    assert main(["volume", "register", *pair, str(tmp_path / "on.nii.gz"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"] > 0.0
    assert len(told["matrix"]) == 4
    over = ["volume", "fuse", pair[0], str(tmp_path / "on.nii.gz"), str(tmp_path / "over.png")]
    assert main([*over, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["match"] == "same grid"
    assert main(["volume", "steady", pair[0], str(tmp_path / "still.nii.gz")]) == 2
    assert "one moment" in capsys.readouterr().err


def test_reslice_and_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_series(tmp_path / "s", phantom(turned=False))
    source, out = str(tmp_path / "s"), tmp_path / "a.nrrd"
    asked = ["volume", "reslice", source, str(out), "--plane", "sagittal", "--json", "-q"]
    assert main(asked) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["columns"], facts["rows"], facts["planes"]) == (11, 7, 1)
    assert out.is_file()
    picture = tmp_path / "a.png"
    oblique = ["--normal", "0.3", "1", "0.2", "--turn", "20", "--thickness", "5", "--how", "mean"]
    assert main(["volume", "project", source, str(picture), *oblique]) == 0
    assert picture.is_file()
    assert main(["volume", "reslice", source, str(picture), "--normal", "0", "0", "0"]) == 2
    assert "not all zero" in capsys.readouterr().err
    assert main(["volume", "project", source, str(picture), "--thickness", "0"]) == 2


def test_one_volume_over_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ct", "pet"):
        write_series(tmp_path / name, phantom(turned=False), FrameOfReferenceUID="1.2.3")
    pair = [str(tmp_path / name) for name in ("ct", "pet")]
    picture, capture = tmp_path / "a.png", tmp_path / "a.dcm"
    asked = ["volume", "fuse", *pair, str(picture), "--plane", "coronal", "--opacity", "0.4"]
    assert main([*asked, "--colour-map", "pet", "--over-window", "100", "400", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["above"] == {"modality": "CT", "unit": "HU", "center": 100.0, "width": 400.0,
                             "colour_map": "pet", "opacity": 0.4, "fading": False}  # fmt: skip
    assert (told["match"], told["badges"]) == ("same frame of reference", ["FUSED"])
    assert load(picture).shape == (told["rows"], told["columns"], 3)
    assert main(["volume", "fuse", *pair, str(capture), "--count", "3", "--blend", "wipe"]) == 0
    assert capture.is_file()
    write_series(tmp_path / "other", phantom(turned=False), FrameOfReferenceUID="1.2.4")
    pair[1] = str(tmp_path / "other")
    assert main(["volume", "fuse", *pair, str(tmp_path / "b.png")]) == 2
    assert "register them first" in capsys.readouterr().err
    assert main(["volume", "fuse", *pair, str(tmp_path / "b.png"), "--force", "--json"]) == 0
    assert "NOT REGISTERED" in json.loads(capsys.readouterr().out)["badges"]


def test_a_curve_through_a_volume(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = phantom(turned=False)
    write_series(tmp_path / "s", made)
    ends = made.geometry.points([(1, 1, 1), (6, 6, 3), (11, 9, 5)])
    np.savetxt(tmp_path / "points.txt", ends)
    picture, movie = str(tmp_path / "a.png"), str(tmp_path / "a.mp4")
    asked = ["volume", "curve", str(tmp_path / "s"), picture, "--points"]
    asked += [str(tmp_path / "points.txt"), "--width", "10", "--pixel", "0.05", "--json"]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["length_mm"] == pytest.approx(np.linalg.norm(np.diff(ends, axis=0), axis=1).sum(),
                                              rel=0.05)  # fmt: skip
    assert load(Path(picture)).shape[:2] == (told["rows"], told["columns"]) == (201, 333)
    asked[3] = movie
    assert main([*asked, "--around", "4", "--thickness", "2"]) == 0
    assert main([*asked, "--bending", "stretched"]) == 2
    assert "--down" in capsys.readouterr().err
