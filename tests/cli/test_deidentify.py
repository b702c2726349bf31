"""`deidentify`: what it prints, its exit statuses, and recipes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_contract import Captured, answer
from tests.dicom.objects import make_object, save
from tests.ui.studies import write_cine

ABOUT = {"PatientName": "Doe^Jane", "PatientID": "PAT-4711", "AccessionNumber": "ACC-99"}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    write_cine(folder / "cine.dcm", 1, "LCA", ABOUT | {"StudyInstanceUID": "1.2.3"})
    return folder


def test_json_tells_what_was_changed_and_no_value(
    capsys: Captured, study: Path, tmp_path: Path
) -> None:
    status, out, _ = answer(capsys, "deidentify", study, tmp_path / "out", "--json")
    told = json.loads(out)
    assert status == 0
    assert told.keys() == {"folder", "report", "written", "failed", "skipped", "notes"}
    changes = {one["attribute"]: one["action"] for one in told["written"][0]["changes"]}
    assert changes["PatientID"] == "D"
    assert changes["AccessionNumber"] == "Z"
    assert "Doe" not in out
    assert "4711" not in out


def test_out_can_be_named(capsys: Captured, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, said, err = answer(capsys, "deidentify", study, "--out", out)
    assert status == 0
    assert "1 object de-identified" in said
    assert "faces can be rebuilt" in err
    assert len(list(out.rglob("*.dcm"))) == 1


def test_one_of_two_fails(capsys: Captured, study: Path, tmp_path: Path) -> None:
    save(make_object(np.zeros((8, 8), np.uint8), Modality="US"), study / "echo.dcm")
    status, _, err = answer(capsys, "deidentify", study, tmp_path / "out")
    assert status == 3
    assert "--pixels-seen" in err
    status, _, err = answer(capsys, "deidentify", study / "echo.dcm", tmp_path / "other")
    assert status == 2
    assert "--pixels" in err


def test_recipes(capsys: Captured, study: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    typed = ("--option", "retain-uids", "--mask", "1,2,3,4", "--save-recipe", recipe)
    assert answer(capsys, "deidentify", study, tmp_path / "a", *typed)[0] == 0
    _, out, _ = answer(capsys, "deidentify", study, tmp_path / "b", "--recipe", recipe, "--json")
    written = json.loads(out)["written"][0]
    assert written["masks"] == ["1,2,3,4"]
    report = json.loads((tmp_path / "b.json").read_text("utf-8"))
    assert report["profile"]["options"] == ["retain-uids"]
    recipe.write_text("deidentify = 1\noptions = 7\n")
    status, _, err = answer(capsys, "deidentify", study, tmp_path / "c", "--recipe", recipe)
    assert (status, "not known" in err) == (2, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("--option", "retain-all"), "no such option"),
        (("--option", "retain-full-dates", "--option", "retain-modified-dates"), "kept or moved"),
        (("--mask", "1,2"), "cannot be understood"),
    ],
)
def test_wrong_usage(
    capsys: Captured, study: Path, tmp_path: Path, typed: tuple[str, ...], words: str
) -> None:
    status, _, err = answer(capsys, "deidentify", study, tmp_path / "out", *typed)
    assert (status, words in err) == (2, True)
    assert not (tmp_path / "out").exists()
    status, _, err = answer(capsys, "deidentify", study)
    assert (status, "SRC... OUT" in err) == (2, True)
