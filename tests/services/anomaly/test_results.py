"""What detectors find, in forms that other programs open: of a film and of a loop."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

from tests.dicom.write.test_dx_ct_seg import STUDY
from tests.dicom.write.test_xa import RUN
from tests.services.learning.conftest import asked_at_once
from xray_studio.__main__ import main
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.dicom.write.dx import Radiograph, write_dx
from xray_studio.dicom.write.xa import XaRun, write_xa
from xray_studio.imaging.chest.radiograph import take
from xray_studio.imaging.phantom.angiogram import make_angiogram
from xray_studio.services.anomaly.files import Asking, detect_files
from xray_studio.services.anomaly.results.forms import SUFFIXES, Form, forms_of
from xray_studio.services.learning.inference.engine import Engine

ACQUIRED = datetime(2026, 11, 18, 11, 5, 12, tzinfo=UTC)
LEAST, THRESHOLD = 20, 0.5
FILM, LOOP = "film", "loop"


@dataclass(frozen=True)
class Results:
    """A source with what was written about it, and what was told."""

    source: Path
    folder: Path
    answer: dict[str, Any]

    def path(self, suffix: str) -> Path:
        """Return a file about it."""
        return self.folder / f"{self.source.stem}.anomalies{suffix}"

    @property
    def nifti(self) -> Any:
        """The volume as nibabel opens it."""
        return nibabel.load(self.path(".mask.nii.gz"))

    @property
    def volume(self) -> np.ndarray:
        """What is marked, (frames, rows, columns)."""
        voxels = np.asarray(self.nifti.dataobj)
        return voxels.transpose(2, 1, 0).astype(bool)


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    """Engines ask in this process, which has its libraries loaded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "asked", asked_at_once)
        yield


def _film(path: Path) -> None:
    pixels = take("PA", 1, 512).now
    film = Radiograph(pixels, 1, "Chest", ACQUIRED, "PA", 0.7, 1800.0, 1620.0, (2048.0, 4096.0))
    write_dx(path, STUDY, film)


def _loop(path: Path) -> None:
    frames = make_angiogram(5, 24, 128, frame_time=250.0).frames
    run_of = XaRun(frames, 3, "LCA", ACQUIRED, RUN.geometry, RUN.window, frame_time=250.0)
    write_xa(path, STUDY, run_of)


@pytest.fixture(scope="module", params=[FILM, LOOP])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """All forms of a film made from physics, and of a loop with contrast that arrives."""
    folder = tmp_path_factory.mktemp(request.param)
    source, out = folder / f"{request.param}.dcm", folder / "out"
    out.mkdir()
    (_film if request.param == FILM else _loop)(source)
    asked = Asking("", out, THRESHOLD, LEAST, forms=tuple(Form))
    found = run(detect_files([str(source)], asked))
    assert not found.failed
    return Results(source, out, found.answers[str(source)])


def test_all_files_are_there_and_for_their_owner_alone(results: Results) -> None:
    wanted = {f"{results.source.stem}{end}" for each in SUFFIXES.values() for end in each}
    made = list(results.folder.iterdir())
    assert {path.name for path in made} == wanted
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}


def test_the_mask_is_what_the_regions_tell(results: Results) -> None:
    volume, regions = results.volume, results.answer["regions"]
    assert regions
    assert volume.shape[0] == len(results.answer["frames"])
    for number, frame in enumerate(volume):
        own = [one for one in regions if one["frame"] == number + 1]
        assert frame.sum() == sum(one["area"] for one in own)
        for one in own:
            assert frame[tuple(one["peak"])]


def test_pictures_are_of_the_frame_with_the_highest_score(results: Results) -> None:
    best = int(np.load(results.path(".npz"))["scores"].argmax())
    mask = np.asarray(Image.open(results.path(".mask.png")))
    assert np.array_equal(mask, results.volume[best].astype(np.uint8) * 255)
    overlay = np.asarray(Image.open(results.path(".png")))
    assert overlay.shape[2] == 3
    assert overlay.shape[0] % mask.shape[0] == 0
    assert (np.ptp(overlay.astype(int), axis=2) > 60).any(), "colours of the map and the badge"


def test_the_volume_says_what_it_is(results: Results) -> None:
    image = results.nifti
    assert image.get_data_dtype() == np.uint8
    told = json.loads(image.header.extensions[0].get_content())["facts"]
    assert told["detector"] == results.answer["detector"]
    assert "not for diagnosis" in told["badge"]


def test_tables_have_a_row_for_each_region_and_frame(results: Results) -> None:
    with results.path(".regions.csv").open(encoding="utf-8", newline="") as file:
        regions = list(csv.DictReader(file))
    assert len(regions) == len(results.answer["regions"])
    row, one = regions[0], results.answer["regions"][0]
    assert [int(row[key]) for key in ("column", "row", "width", "height")] == one["box"]
    with results.path(".frames.csv").open(encoding="utf-8", newline="") as file:
        frames = list(csv.DictReader(file))
    told = results.answer["frames"]
    assert [float(row["score"]) for row in frames] == [one["score"] for one in told]
    assert [int(row["marked_pixels"]) for row in frames] == list(results.volume.sum(axis=(1, 2)))
    best = [int(row["frame"]) for row in frames if row["stands_out"] == "1"]
    assert best == results.answer["peaks"]


def test_pictures_of_every_frame_are_numbered(tmp_path: Path) -> None:
    source, out = tmp_path / "loop.dcm", tmp_path / "out"
    out.mkdir()
    _loop(source)
    asked = [
        "anomalies",
        str(source),
        "--out",
        str(out),
        "--formats",
        "mask",
        "--every-frame",
        "-q",
    ]
    assert main(asked) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"loop.anomalies.mask.{n:04d}.png" for n in range(1, 25)]
    assert main(asked) == 1, "nothing is lost unasked"
    assert main([*asked, "--overwrite"]) == 0


def test_names_of_formats() -> None:
    assert forms_of("csv, mask,csv") == (Form.CSV, Form.MASK)
    assert forms_of("all") == tuple(Form)
    for wrong in ("", "gif", "mask,pdf"):
        with pytest.raises(UsageError, match="choose from json"):
            forms_of(wrong)
