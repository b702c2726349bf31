"""Measurements on the command line: from table to state and back, and into pictures."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import XA, make_object, picture, save
from xray_studio.__main__ import main
from xray_studio.core.job import run
from xray_studio.core.measure.mark import Kind, Mark, spot_of
from xray_studio.core.measure.marks import Marks
from xray_studio.core.workers import process
from xray_studio.dicom.clip import open_clip
from xray_studio.services.mark_values import write_table

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in this process what worker processes would do."""
    monkeypatch.setattr(process, "_inside", True)


@pytest.fixture
def run_of_four(tmp_path: Path) -> str:
    frames = np.stack([picture(0, 200, (240, 400)).astype(np.uint8) + n for n in range(4)])
    return save(make_object(frames, SOPClassUID=XA), tmp_path / "run.dcm")


@pytest.fixture
def measured(run_of_four: str, tmp_path: Path) -> Path:
    """A table of a length, a named region on all frames and a text that looks like a formula."""
    clip = open_clip([run_of_four])
    here, first = spot_of(clip, 2), spot_of(clip, 0)
    assert here is not None
    assert first is not None
    marks = Marks((
        Mark(1, Kind.LENGTH, ((10.5, 20.25), (50.0, 20.25)), here, "Width"),
        Mark(2, Kind.ELLIPSE, ((30.0, 30.0), (50.0, 45.0)), first, "Heart", everywhere=True),
        Mark(3, Kind.TEXT, ((12.0, 50.0),), here, "=look"),
    ), last=3)  # fmt: skip
    return run(write_table(clip, marks, tmp_path / "marks.csv"))


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: (row["kind"], int(row["frame"])))


def test_a_table_becomes_a_state_and_a_table_again(
    capsys: Captured, run_of_four: str, measured: Path, tmp_path: Path
) -> None:
    state, again = tmp_path / "state.dcm", tmp_path / "again.csv"
    window = ("--window", "90", "120")
    assert main(["marks", run_of_four, str(measured), str(state), *window]) == 0
    assert main(["validate", str(state), "--errors-only"]) == 0
    capsys.readouterr()
    assert main(["marks", run_of_four, str(state), str(again), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (len(told["marks"]), told["left_out"], told["file"]) == (6, 0, str(again))
    assert lines(again) == lines(measured)
    assert main(["marks", run_of_four, str(state), str(measured)]) == 1  # it is there already
    assert main(["marks", run_of_four, str(state)]) == 0
    assert "Heart, frame 4: mean" in capsys.readouterr().out


def test_annotations_are_drawn_into_pictures(
    capsys: Captured, run_of_four: str, measured: Path, tmp_path: Path
) -> None:
    """They look as the state made of them does, and only on their frames."""
    state, folder = tmp_path / "state.dcm", tmp_path / "frames"
    main(["marks", run_of_four, str(measured), str(state), "--window", "90", "120"])
    shown = ("--window", "90", "120", "--frame", "3")
    for name, how in (
        ("plain", shown),
        ("drawn", (*shown, "--annotations", str(measured))),
        ("state", ("--state", str(state), "--frame", "3")),
    ):
        assert main(["render", run_of_four, str(tmp_path / f"{name}.png"), *how]) == 0
    plain, drawn, by_state = (
        np.array(Image.open(tmp_path / f"{name}.png").convert("RGB")).astype(int)
        for name in ("plain", "drawn", "state")
    )
    assert (plain != drawn).any(axis=-1).sum() > 50
    assert np.abs(drawn - by_state).max() <= 1
    options = ("--annotations", str(measured), "--window", "90", "120")
    assert main(["export", run_of_four, str(folder), *options]) == 0
    frames = [np.array(Image.open(one).convert("RGB")) for one in sorted(folder.glob("*.png"))]
    assert np.array_equal(frames[2], drawn)
    assert (frames[0] != frames[2]).any(axis=-1)[18:23].any()  # the length is on the third alone
    capsys.readouterr()
    values = ["export", run_of_four, str(tmp_path / "v.npz"), "--annotations", str(measured)]
    assert main(values) == 2
    assert "drawn into pictures" in capsys.readouterr().err


def test_files_that_hold_no_marks_of_these_pictures_are_refused(
    capsys: Captured, run_of_four: str, measured: Path, tmp_path: Path
) -> None:
    other = save(make_object(picture(0, 200, (240, 400)).astype(np.uint8)), tmp_path / "other.dcm")
    assert main(["marks", other, str(measured)]) == 2
    assert "No measurement of this file" in capsys.readouterr().err
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    assert main(["marks", run_of_four, str(tmp_path / "odd.csv")]) == 1
    assert "no table of measurements" in capsys.readouterr().err
    assert main(["marks", run_of_four, str(measured), str(tmp_path / "out.pdf")]) == 2
