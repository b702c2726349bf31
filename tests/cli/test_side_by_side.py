"""`export --side-by-side`: the original beside what steps made of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.services.test_batch import write_runs
from xray_studio import open as open_clip
from xray_studio.__main__ import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def run_file(tmp_path: Path) -> str:
    return str(write_runs(tmp_path / "runs", 1) / "0.dcm")


def test_the_original_stands_beside_the_denoised(run_file: str, tmp_path: Path) -> None:
    """Each half is what an export of it alone shows, in the same window."""
    both = ("--side-by-side", "original,denoised")
    step = ("--step", "gaussian:sigma=3", "--window", "2000", "3000")
    for name, more in (("both", (*step, *both)), ("plain", step[2:]), ("made", step)):
        assert main(["export", run_file, str(tmp_path / name), *more, "-q"]) == 0
    told = json.loads((tmp_path / "both.json").read_text("utf-8"))
    assert told["source"]["comparison"]
    whole = open_clip(tmp_path / "both")[1].astype(float)
    plain, made = (open_clip(tmp_path / name)[1].astype(float) for name in ("plain", "made"))
    grey = whole if whole.ndim == 2 else whole.mean(axis=-1)
    for one in (plain, made):
        assert _holds(grey, one if one.ndim == 2 else one.mean(axis=-1))
    assert not np.array_equal(plain, made)


def _holds(whole: np.ndarray, part: np.ndarray) -> bool:
    """Tell whether a picture stands somewhere in a larger one."""
    rows, columns = part.shape
    places = (
        whole[y : y + rows, x : x + columns]
        for y in range(whole.shape[0] - rows + 1)
        for x in range(whole.shape[1] - columns + 1)
    )
    return any(np.abs(found - part).max() < 1.0 for found in places)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--side-by-side", "original,heatmap"), "no view heatmap"),
        (("--side-by-side", "original,denoised"), "No --step makes the view denoised"),
        (("--side-by-side", "original,enhanced", "--step", "median"), "the view enhanced"),
        (("--side-by-side", "original"), "two views or more"),
        (("--side-by-side", "original,original", "--beside", "RUN"), "do not go together"),
    ],
)
def test_what_cannot_be_is_told(
    words: tuple[str, ...], told: str, run_file: str, tmp_path: Path, capsys: Captured
) -> None:
    asked = [run_file if word == "RUN" else word for word in words]
    assert main(["export", run_file, str(tmp_path / "o.mp4"), *asked, "-q"]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "o.mp4").exists()
