"""Values, objects, media and data sets from the command line: exit status and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.cli.test_contract import answer, facts
from tests.dicom.objects import make_object, save

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    pixels = np.arange(5 * 6 * 8, dtype=np.uint16).reshape(5, 6, 8)
    folder = tmp_path / "study"
    folder.mkdir()
    save(make_object(pixels, FrameTime=40, FrameIncrementPointer=0x00181063), folder / "loop.dcm")
    return folder / "loop.dcm"


def test_values(capsys: Captured, loop: Path, tmp_path: Path) -> None:
    told = facts(capsys, "export", loop, tmp_path / "a.npz", "--frames", "2-4")
    assert (told["frames"], told["rate"], told["columns"]) == (3, 25.0, 8)
    with np.load(tmp_path / "a.npz") as archive:
        assert archive["times"].tolist() == pytest.approx([0.04, 0.08, 0.12])
    status, _, err = answer(capsys, "export", loop, tmp_path / "b.nii.gz", "--fps", "10")
    assert (status, (tmp_path / "b.nii.gz").exists()) == (2, False)
    assert "cannot have a rate" in err


def test_objects(capsys: Captured, loop: Path, tmp_path: Path) -> None:
    told = facts(capsys, "export", loop, tmp_path / "a.dcm", "--syntax", "rle", "--frames", "2-3")
    assert told["frames"] == 2
    assert "It is a new object, derived from its source." in told["notes"]
    made = pydicom.dcmread(tmp_path / "a.dcm")
    assert (made.NumberOfFrames, made.file_meta.TransferSyntaxUID) == (2, "1.2.840.10008.1.2.5")
    facts(capsys, "export", loop, tmp_path / "s.dcm", "--shown", "--window", "100", "50")
    assert pydicom.dcmread(tmp_path / "s.dcm").BitsStored == 8
    status, _, err = answer(capsys, "export", loop, tmp_path / "b.dcm", "--syntax", "jpeg")
    assert status == 2
    assert "choose one of explicit, implicit" in err
    status, _, err = answer(capsys, "export", loop, loop, "--overwrite")
    assert status == 2
    assert "originals are never changed" in err


def test_media(capsys: Captured, loop: Path, tmp_path: Path) -> None:
    told = facts(capsys, "export", loop.parent, tmp_path / "disc", "--media")
    assert (told["objects"], told["application_profile"]) == (1, "STD-GEN-CD")
    (loop.parent / "broken.dcm").write_bytes(loop.read_bytes()[:200])
    status, out, err = answer(capsys, "export", loop.parent, tmp_path / "part", "--media", "--json")
    assert status == 3
    assert [Path(one["path"]).name for one in json.loads(out)["failed"]] == ["broken.dcm"]
    assert "broken.dcm" in err


def test_data_sets(capsys: Captured, loop: Path, tmp_path: Path) -> None:
    told = facts(capsys, "export", loop.parent, tmp_path / "set", "--dataset", "--size", "4x4",
                 "--split", "1", "--every", "2", "--samples", "npz")  # fmt: skip
    assert told["samples"] == {"train": 3}
    status, _, err = answer(capsys, "export", loop, tmp_path / "x", "--dataset", "--split", "a/b")
    assert status == 2
    assert "write for example --split 80/10/10" in err


def test_a_recipe_makes_the_same_data_set(capsys: Captured, loop: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "set.toml"
    facts(capsys, "export", loop, tmp_path / "one", "--dataset", "--every", "2", "--seed", "5",
          "--normalise", "z-score", "--deidentify", "--save-recipe", recipe)  # fmt: skip
    assert 'normalise = "z-score"' in recipe.read_text("utf-8")
    told = facts(capsys, "export", loop, tmp_path / "two", "--recipe", recipe)
    assert told["samples"] == {"train": 3}
    tables = [(tmp_path / name / "table.csv").read_bytes() for name in ("one", "two")]
    assert tables[0] == tables[1]
