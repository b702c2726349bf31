"""What a folder holds is told, copies among it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import pytest

from tests.services.learning import folders
from xray_studio.__main__ import main
from xray_studio.core.job import run
from xray_studio.services.learning.films.survey import survey


def test_copies_of_other_studies_are_found_and_stay_together(tmp_path: Path) -> None:
    for number in range(6):
        folders.film(tmp_path / f"{number}.png", number)
    picture = cv2.imread(str(tmp_path / "3.png"))
    cv2.imwrite(str(tmp_path / "copy.jpg"), cv2.resize(picture, (90, 90)))
    (tmp_path / "bad.png").write_bytes((tmp_path / "1.png").read_bytes()[:80])
    found = run(survey(tmp_path, copies=True))
    (pair,) = found["alike"]
    assert {Path(pair["one"]).name, Path(pair["other"]).name} == {"3.png", "copy.jpg"}
    assert pair["likeness"] > 0.98
    assert sum(fold["test"] for fold in found["folds"]) == 7
    assert [one["path"] for one in found["collections"][0]["skipped"]] == [
        str(tmp_path / "bad.png")
    ]


def test_a_film_that_is_damaged_behind_its_head_is_told(tmp_path: Path) -> None:
    folder = folders.reports(tmp_path / "films")
    whole = (folder / "frontal/2_a.png").read_bytes()
    (folder / "frontal/2_a.png").write_bytes(whole[: len(whole) // 2])
    found = run(survey(folder, copies=True))
    (bad,) = found["unreadable"]
    assert bad["path"].endswith("2_a.png")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folders.nih(tmp_path / "nih")
    words = ["train", "survey", "--data", str(folder), "--quiet"]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"collections", "folds", "alike", "unreadable"}
    assert found["collections"][0]["findings"]["cardiomegaly"] == 1
    assert main(words) == 0
    shown = capsys.readouterr()
    assert "nih (nih): 2 cases of 2 patients" in shown.out
    assert "names a finding that is not known" in shown.err
    shutil.rmtree(folder)
    assert main(words) == 2
