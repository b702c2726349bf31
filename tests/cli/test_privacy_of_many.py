"""The privacy gate of exports that hold several series: reports, refusals one by one, the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import planted
from tests.cli.test_contract import Captured, answer
from tests.dicom.objects import save
from tests.planted import BORN, MARK
from xray_studio.services.privacy.log import log_file


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of two runs; the second one says that text is part of its pictures."""
    folder = tmp_path / "study"
    folder.mkdir()
    for number in (1, 2):
        dataset = planted.cine(number, MARK, BORN)
        dataset.BurnedInAnnotation = "YES" if number == 2 else "NO"
        save(dataset, folder / f"{number}.dcm")
    return folder


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text('recipe = 1\nformat = "png"\nframes = "1"\ndeidentify = true\n', "utf-8")
    return path


@pytest.mark.parametrize("way", ["--media", "--dataset", "--recipe"])
def test_a_report_writes_nothing(
    capsys: Captured, tmp_path: Path, study: Path, recipe: Path, way: str
) -> None:
    words = [way, recipe] if way == "--recipe" else [way]
    target = tmp_path / f"for {MARK}"
    status, out, _ = answer(capsys, "export", study, target, *words, "--privacy", "report")
    told = json.loads(out)
    assert (status, told["identifying"], target.exists()) == (0, True, False)
    assert "tells Patient Name of a patient" in told["findings"][0]["sentence"]
    assert MARK not in out
    if way != "--media":
        assert len(told["series"]) == 2
        assert [one["findings"][0]["place"] for one in told["series"] if one["findings"]]


def test_one_refusal_stops_no_other(
    capsys: Captured, tmp_path: Path, study: Path, recipe: Path
) -> None:
    status, out, err = answer(capsys, "export", study, tmp_path / "out", "--recipe", recipe,
                              "--json")  # fmt: skip
    told = json.loads(out)
    assert (status, len(told["written"]), len(told["failed"])) == (3, 1, 1)
    assert "none was found; look at them" in err
    assert planted.leaks(iter(planted.files_below(tmp_path / "out")), MARK, BORN) == []


def test_a_data_set_leaves_out_what_is_refused(
    capsys: Captured, tmp_path: Path, study: Path
) -> None:
    words = ("--dataset", "--deidentify", "--split", "100/0/0", "--json")
    status, out, _ = answer(capsys, "export", study, tmp_path / "set", *words)
    told = json.loads(out)
    assert (status, told["samples"]["train"], len(told["failed"])) == (3, 5, 1)
    manifest = json.loads((tmp_path / "set.json").read_text("utf-8"))
    assert manifest["privacy"]["deidentified"]
    assert planted.leaks(iter(planted.files_below(tmp_path / "set")), MARK, BORN) == []


@pytest.mark.parametrize("way", ["--dataset", "--recipe"])
def test_a_folder_may_not_tell_either(
    capsys: Captured, tmp_path: Path, study: Path, recipe: Path, way: str
) -> None:
    words = ["--recipe", recipe] if way == "--recipe" else [way, "--deidentify"]
    status, _, err = answer(capsys, "export", study, tmp_path / MARK, *words)
    assert status in {1, 2}
    assert "The name of the folder would tell a patient" in err
    assert planted.files_below(tmp_path / MARK) == []


def test_media_say_in_manifest_and_log_what_they_tell(
    capsys: Captured, tmp_path: Path, study: Path, recipe: Path
) -> None:
    assert answer(capsys, "export", study, tmp_path / "disc", "--media")[0] == 0
    manifest = json.loads((tmp_path / "disc.json").read_text("utf-8"))
    assert manifest["privacy"]["told"] == ["tags"]
    names = [file["name"] for file in manifest["files"]]
    assert not any(MARK in name for name in names)
    assert json.loads(log_file().read_text("ascii").splitlines()[-1])["output"] == "media"
    words = ("export", study, tmp_path / "other", "--media", "--recipe", recipe)
    assert answer(capsys, *words)[0] == 2
