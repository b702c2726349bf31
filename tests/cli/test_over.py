"""Presentation states and segmentations on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import make_object, save
from tests.dicom.over import state_for
from tests.dicom.states.made import make_seg
from tests.dicom.test_clip_greys import item
from xray_studio.__main__ import main

Captured = pytest.CaptureFixture[str]
ROWS, COLUMNS = 20, 30


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """An image, a state and a segmentation of it, and ones of another image."""
    greys = np.arange(ROWS * COLUMNS, dtype=np.uint16).reshape(ROWS, COLUMNS)
    image = make_object(greys, BitsStored=12, HighBit=11, PatientID="P", PatientName="P^P")
    other = make_object(greys, BitsStored=12, HighBit=11, PatientID="P", PatientName="P^P")
    window = item(WindowCenter=300, WindowWidth=200)
    turned = {"SoftcopyVOILUTSequence": [window], "ImageRotation": 90, "PatientID": "P"}
    state = state_for(image, **turned, ImageHorizontalFlip="Y")
    marked = np.zeros((1, ROWS, COLUMNS), np.uint8)
    marked[0, 2:5, 3:9] = 1
    made = {
        "image": image, "state": state, "seg": make_seg([image], marked, PatientID="P"),
        "elsewhere": state_for(other, PatientID="P"),
        "not here": make_seg([other], marked, PatientID="P"),
    }  # fmt: skip
    return {name: save(one, tmp_path / f"{name}.dcm") for name, one in made.items()}


def told(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def facts(capsys: Captured, *arguments: object) -> dict[str, Any]:
    status, out, _ = told(capsys, *arguments, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_picture_is_written_as_a_state_says(
    capsys: Captured, tmp_path: Path, files: dict[str, str]
) -> None:
    plain, shown = tmp_path / "plain.png", tmp_path / "shown.png"
    told(capsys, "render", files["image"], plain, "--window", 300, 200)
    status, _, _ = told(capsys, "render", files["image"], shown, "--state", files["state"])
    assert status == 0
    with Image.open(plain) as one, Image.open(shown) as other:
        assert np.array_equal(np.rot90(np.array(one), -1)[:, ::-1], np.array(other))


def test_segments_are_laid_over(capsys: Captured, tmp_path: Path, files: dict[str, str]) -> None:
    out = tmp_path / "marked.png"
    over = ("--segments", files["seg"], "--opacity", 1)
    assert told(capsys, "render", files["image"], out, *over)[0] == 0
    with Image.open(out) as opened:
        shown = np.array(opened).astype(int)
    coloured = np.ptp(shown, axis=2) > 0
    expected = np.zeros((ROWS, COLUMNS), np.bool_)
    expected[2:5, 3:9] = True
    assert np.array_equal(coloured, expected)


@pytest.mark.parametrize(
    ("option", "name", "sentence"),
    [("--state", "elsewhere", "refers to other images"), ("--segments", "not here", "marks other")],
)
def test_what_is_of_other_images_is_refused(
    capsys: Captured, tmp_path: Path, files: dict[str, str], option: str, name: str, sentence: str
) -> None:
    out = tmp_path / "out.png"
    status, _, said = told(capsys, "render", files["image"], out, option, files[name])
    assert status == 2
    assert sentence in said
    assert not out.exists()


def test_an_export_is_shown_so(capsys: Captured, tmp_path: Path, files: dict[str, str]) -> None:
    out = tmp_path / "out.png"
    status, _, _ = told(
        capsys, "export", files["image"], out, "--state", files["state"],
        "--segments", files["seg"],
    )  # fmt: skip
    assert status == 0
    with Image.open(out) as opened:
        assert opened.size == (ROWS, COLUMNS)
        assert np.ptp(np.array(opened).astype(int), axis=2).any()


def test_both_tell_what_they_are(capsys: Captured, files: dict[str, str]) -> None:
    status, text, _ = told(capsys, "info", files["state"])
    assert status == 0
    assert "by 90 degrees clockwise, then flipped left and right" in text
    document = facts(capsys, "info", files["state"])["document"]
    assert document["facts"]["Window"] == "centre 300, width 200"
    marked = facts(capsys, "info", files["seg"])["segmentation"]
    assert [(one["label"], one["pixels"]) for one in marked["segments"]] == [("Segment A", 18)]


def test_scan_lists_states_as_series(capsys: Captured, files: dict[str, str]) -> None:
    found = facts(capsys, "scan", Path(files["image"]).parent)
    series = [s for p in found["patients"] for t in p["studies"] for s in t["series"]]
    states = [s for s in series if s["modality"] == "PR"]
    assert {(s["kind"], s["title"], s["frames"]) for s in states} == {("document", "TEST", 0)}
    assert not found["skipped"]
