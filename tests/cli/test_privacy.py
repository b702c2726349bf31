"""`export --deidentify`, `--mask` and `--privacy report`, on files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.cli.test_contract import Captured, answer
from tests.ui.studies import write_cine

ABOUT = {"PatientName": "Doe^Jane", "PatientID": "PAT-4711", "AccessionNumber": "ACC-99"}


@pytest.fixture
def cine(tmp_path: Path) -> Path:
    path = tmp_path / "source" / "cine.dcm"
    path.parent.mkdir()
    write_cine(path, 1, "LCA", ABOUT | {"StudyInstanceUID": "1.2.3"})
    return path


def privacy_of(target: Path) -> dict[str, Any]:
    told = json.loads(target.with_name(f"{target.name}.json").read_text("utf-8"))
    found: dict[str, Any] = told["privacy"]
    return found


def test_a_report_is_printed_and_nothing_written(
    capsys: Captured, cine: Path, tmp_path: Path
) -> None:
    target = tmp_path / "acc99 Jane.mp4"
    status, out, _ = answer(capsys, "export", cine, target, "--privacy", "report")
    told = json.loads(out)
    assert (status, told["identifying"], target.exists()) == (0, True, False)
    assert told["findings"][0]["place"] == "file name"
    assert "Patient Name and Accession Number" in told["findings"][0]["sentence"]
    assert "Doe" not in out
    assert "Jane" not in out


def test_masks_are_black(capsys: Captured, cine: Path, tmp_path: Path) -> None:
    plain, masked = tmp_path / "plain.png", tmp_path / "masked.png"
    assert answer(capsys, "export", cine, plain, "--frames", "2")[0] == 0
    options = ("--mask", "0,0,10,4", "--mask", "50,40,99,99")
    assert answer(capsys, "export", cine, masked, "--frames", "2", *options)[0] == 0
    wanted = np.array(Image.open(plain))
    wanted[:4, :10] = wanted[40:, 50:] = 0
    np.testing.assert_array_equal(np.asarray(Image.open(masked)), wanted)
    assert [r["origin"] for r in privacy_of(masked)["regions"]] == ["drawn", "drawn"]


@pytest.mark.parametrize("mask", ["1,2,3", "a,b,c,d", "1,2,0,4", "-1,2,3,4", "1,2,3,4,5"])
def test_a_mask_that_is_none(capsys: Captured, cine: Path, tmp_path: Path, mask: str) -> None:
    status, _, err = answer(capsys, "export", cine, tmp_path / "a.png", f"--mask={mask}")
    assert status == 2
    assert err.count("\n") == 1


def test_without_identity(capsys: Captured, cine: Path, tmp_path: Path) -> None:
    status, _, err = answer(capsys, "export", cine, tmp_path / "jane.mp4", "--deidentify")
    assert (status, "choose another name" in err) == (2, True)
    target = tmp_path / "run-1.mp4"
    assert answer(capsys, "export", cine, target, "--deidentify")[0] == 0
    assert privacy_of(target)["deidentified"]
    everything = target.read_bytes() + target.with_name("run-1.mp4.json").read_bytes()
    assert not any(value.encode() in everything for value in ("Doe", "Jane", "4711", "1961"))


def test_a_recipe_holds_masks(capsys: Captured, cine: Path, tmp_path: Path) -> None:
    recipe, target = tmp_path / "masks.toml", tmp_path / "a.mp4"
    options = ("--mask", "0,0,10,4", "--deidentify", "--save-recipe", recipe)
    assert answer(capsys, "export", cine, target, *options)[0] == 0
    again = tmp_path / "b.mp4"
    assert answer(capsys, "export", cine, again, "--recipe", recipe)[0] == 0
    assert privacy_of(again) == privacy_of(target)


def test_samples_of_a_data_set_are_masked(capsys: Captured, cine: Path, tmp_path: Path) -> None:
    options = ("--dataset", "--mask", "0,0,10,4", "--split", "100/0/0")
    assert answer(capsys, "export", cine, tmp_path / "set", *options)[0] == 0
    pictures = [np.asarray(Image.open(path)) for path in (tmp_path / "set").rglob("*.png")]
    assert len(pictures) == 12
    assert not any(picture[:4, :10].any() for picture in pictures)
    assert "0,0,10,4" in (tmp_path / "set" / "table.csv").read_text("utf-8")


def test_media_and_documents_are_refused_without_identity(
    capsys: Captured, cine: Path, tmp_path: Path
) -> None:
    for target in ("media", "report.pdf", "copy.dcm"):
        extra = ("--media",) if target == "media" else ()
        given = ("export", cine, tmp_path / target, "--deidentify", *extra)
        assert answer(capsys, *given)[0] == 2
    assert not (tmp_path / "media").exists()
