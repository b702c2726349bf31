"""`export --beside`: clips side by side, from files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.test_contract import Captured, answer
from tests.ui.studies import write_cine
from xray_studio.core.comparison import GAP
from xray_studio.imaging.mosaic import strip_height

STRIP = strip_height(48)
DOE = {"PatientName": "Doe^Jane", "PatientID": "1", "StudyInstanceUID": "1.2.3"}
ROE = {"PatientName": "Roe^Richard", "PatientID": "2", "StudyInstanceUID": "1.2.4"}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Two clips of one patient, of 12 and 6 frames, and one of another."""
    folder = tmp_path / "source"
    folder.mkdir()
    paths = tuple(folder / name for name in ("a.dcm", "b=2.dcm", "c.dcm"))
    write_cine(paths[0], 1, "LCA", DOE)
    write_cine(paths[1], 2, "RCA", DOE, frames=6)
    write_cine(paths[2], 3, "Other", ROE)
    return paths  # type: ignore[return-value]


def test_two_clips_become_one_file(
    capsys: Captured, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, _ = files
    target = tmp_path / "both.mp4"
    beside = ("--beside", f"{b}=After", "--caption", "Before", "--ending", "hold", "--json")
    status, out, err = answer(capsys, "export", a, target, *beside, "-q")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert (told["frames"], told["rows"]) == (12, 48 + STRIP + (48 + STRIP) % 2)
    made = json.loads((tmp_path / "both.mp4.json").read_text("utf-8"))
    assert len(made["source"]["comparison"]["clips"]) == 2


def test_options_apply_to_every_clip(
    capsys: Captured, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, _ = files
    plain, both = tmp_path / "a.png", tmp_path / "both.png"
    options = ("--frames", "3", "--window", "1000", "900", "--invert")
    assert answer(capsys, "export", a, plain, *options)[0] == 0
    assert answer(capsys, "export", a, both, *options, "--beside", b, "--beside", a)[0] == 0
    one, together = (np.asarray(Image.open(path)) for path in (plain, both))
    assert together.shape == (48 + STRIP, 3 * 64 + 2 * GAP)
    np.testing.assert_array_equal(together[STRIP:, :64], one)
    np.testing.assert_array_equal(together[STRIP:, -64:], one)


def test_the_original_beside_what_was_made_of_it(
    capsys: Captured, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a = files[0]
    plain, both = tmp_path / "a.png", tmp_path / "both.png"
    made = ("--frames", "3", "--window", "1000", "900", "--invert")
    assert answer(capsys, "export", a, plain, "--frames", "3")[0] == 0
    assert answer(capsys, "export", a, both, *made, "--beside", a, "--as-stored", "1")[0] == 0
    one, together = (np.asarray(Image.open(path)) for path in (plain, both))
    np.testing.assert_array_equal(together[STRIP:, :64], one)
    assert (together[STRIP:, -64:] != one).any()
    status, _, err = answer(
        capsys, "export", a, tmp_path / "x.png", "--beside", a, "--as-stored", "3"
    )
    assert (status, "from 1 to 2" in err) == (2, True)


def test_a_recipe_keeps_how_clips_stand_together(
    capsys: Captured, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, _ = files
    recipe, one, again = tmp_path / "r.toml", tmp_path / "one.png", tmp_path / "again.png"
    how = ("--arrange", "grid", "--ending", "stop", "--as-stored", "2", "--invert", "--frames", "3")
    given = ("--beside", b, "-q")
    assert answer(capsys, "export", a, one, *how, *given, "--save-recipe", recipe)[0] == 0
    assert 'arrange = "grid"' in recipe.read_text("utf-8")
    assert answer(capsys, "export", a, again, "--recipe", recipe, *given)[0] == 0
    told = [
        json.loads(path.with_name(f"{path.name}.json").read_text("utf-8")) for path in (one, again)
    ]
    assert [found["source"]["comparison"]["ending"] for found in told] == ["stop", "stop"]
    np.testing.assert_array_equal(*(np.asarray(Image.open(path)) for path in (one, again)))


def test_different_patients(
    capsys: Captured, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, _, c = files
    target = tmp_path / "x.mp4"
    status, _, err = answer(capsys, "export", a, target, "--beside", c, "-q")
    assert (status, "--different-patients" in err) == (2, True)
    teach = ("--beside", c, "--different-patients", "-q")
    assert answer(capsys, "export", a, target, *teach, "--overlay", "all")[0] == 2
    assert answer(capsys, "export", a, target, *teach, "--overlay", "anonymous")[0] == 0
    assert not any(
        word in (tmp_path / "x.mp4.json").read_text("utf-8") for word in ("Doe", "Roe", "1.2.3")
    )


def test_what_does_not_fit_is_said(
    capsys: Captured, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, _ = files
    for options in (("--fps", "10"), ("--frames", "5-40")):
        given = ("export", a, tmp_path / "x.mp4", "--beside", b, *options)
        assert answer(capsys, *given)[0] == 2
    assert answer(capsys, "export", a, tmp_path / "x.npz", "--beside", b)[0] == 2
    assert answer(capsys, "export", a, tmp_path / "x.mp4", "--beside", tmp_path / "no.dcm")[0] != 0
    assert list(tmp_path.glob("x*")) == []
