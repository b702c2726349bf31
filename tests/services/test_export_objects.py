"""A processed series becomes a folder of objects, each derived from one of the source."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.dicom.objects import make_object, save
from tests.dicom.write.validator import errors_of
from xray_studio import open as open_clip
from xray_studio.__main__ import main
from xray_studio.core.errors import UsageError
from xray_studio.core.job import run
from xray_studio.services.batch.run import BatchOptions, batch
from xray_studio.services.export.exporters import OBJECTS
from xray_studio.services.export.options import ExportOptions
from xray_studio.services.export.run import export
from xray_studio.services.open import scan
from xray_studio.services.processing.steps import pipeline_of
from xray_studio.services.recipe import Recipe

CT = "1.2.840.10008.5.1.4.1.1.2"
STEP = "gaussian:sigma=1.2"


@pytest.fixture
def slices(tmp_path: Path) -> Path:
    """Slices of one series, each with a rescale of its own."""
    folder = tmp_path / "slices"
    folder.mkdir()
    for number in range(4):
        noise = np.random.default_rng(number).normal(0, 25, (40, 56))
        values = (np.indices((40, 56)).sum(0) * 12 - 300 + 40 * number + noise).astype(np.int16)
        made = make_object(
            values, SOPClassUID=CT, Modality="CT", SeriesNumber=7, InstanceNumber=number + 1,
            StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.3.7", RescaleType="HU",
            RescaleSlope=1 + number % 2, RescaleIntercept=-100 * number,
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0], ImagePositionPatient=[0, 0, 5 * number],
        )  # fmt: skip
        save(made, folder / f"{number}.dcm")
    return folder


def check(source: Path, made: Path, step: str = STEP) -> None:
    """Compare objects with the processed series, and each with the one that it is made of."""
    wanted, found = open_clip(source).process(step), open_clip(made)
    objects = [pydicom.dcmread(path) for path in sorted(made.iterdir())]
    sources = [pydicom.dcmread(path) for path in open_clip(source).paths]
    assert len(found) == len(wanted) == len(objects)
    assert len({new.SeriesInstanceUID for new in objects}) == 1
    assert len({new.SOPInstanceUID for new in objects}) == len(objects)
    for place, (old, new) in enumerate(zip(sources, objects, strict=True)):
        half = abs(float(new.get("RescaleSlope", 1))) / 2
        assert np.abs(found[place].astype(float) - wanted[place]).max() <= half
        assert new.SourceImageSequence[0].ReferencedSOPInstanceUID == old.SOPInstanceUID
        assert new.ImagePositionPatient == old.ImagePositionPatient
        assert (new.InstanceNumber, new.StudyInstanceUID) == (
            old.InstanceNumber,
            old.StudyInstanceUID,
        )
    assert errors_of(next(made.iterdir())) <= errors_of(Path(open_clip(source).paths[0]))


def test_a_series_becomes_objects(tmp_path: Path, slices: Path) -> None:
    out = tmp_path / "out"
    before = {path: path.read_bytes() for path in slices.iterdir()}
    assert main(["process", str(slices), str(out), "--step", STEP, "-q"]) == 0
    check(slices, out)
    assert {path: path.read_bytes() for path in slices.iterdir()} == before
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert len(told["files"]) == told["frames"]["written"] == 4
    assert main(["process", str(slices), str(out), "--step", "median", "-q"]) == 0  # its own
    check(slices, out, "median")


def test_a_batch_makes_objects_of_series(tmp_path: Path, slices: Path) -> None:
    """Single objects become single ones, series a folder each."""
    alone = pydicom.dcmread(slices / "0.dcm")
    alone.SeriesInstanceUID, alone.SeriesNumber = "1.2.3.8", 8
    alone.SOPInstanceUID = "1.2.3.8.1"
    alone.save_as(slices / "alone.dcm")
    recipe = Recipe(format="dcm", step=pipeline_of([STEP]))
    made = run(batch(run(scan(slices)), tmp_path / "out", recipe, BatchOptions(2)))
    assert [outcome.reason for outcome in made.outcomes] == ["", ""]
    assert [outcome.target for outcome in made.outcomes] == ["ct-7", "ct-8.dcm"]
    assert [len(outcome.files) for outcome in made.outcomes] == [4, 1]
    again = run(batch(run(scan(slices)), tmp_path / "out", recipe, BatchOptions(2, resume=True)))
    assert again.kept == {1, 2}
    (slices / "alone.dcm").unlink()
    check(slices, tmp_path / "out" / "ct-7")


def test_a_real_series(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "dicomdir" / "98892003" / "MR700"
    assert main(["process", str(source), str(tmp_path / "out"), "--step", "nlm", "-q"]) == 0
    check(source, tmp_path / "out", "nlm")


def test_what_cannot_be_is_told(
    tmp_path: Path, slices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("of somebody else")
    source = str(slices)
    for out, more, told in (
        ("out.dcm", (), "name a folder"),
        ("out", ("--frames", "1-2"), "holds all frames"),
        ("file", (), "is a file"),
        ("slices", (), "never changed"),
    ):
        words = ["process", source, str(tmp_path / out), "--step", STEP, *more, "-q"]
        assert main(words) in {1, 2}
        assert told in capsys.readouterr().err
    clip = open_clip(slices)
    with pytest.raises(UsageError, match="Only processed values"):
        run(export(clip, tmp_path / "out", ExportOptions(stills=OBJECTS)))
    hidden = Recipe(format="dcm", step=pipeline_of([STEP]), deidentify=True)
    made = run(batch(run(scan(slices)), tmp_path / "batch", hidden, BatchOptions(1)))
    assert "keep the name and number" in made.outcomes[0].reason
    assert {path.name for path in tmp_path.iterdir()} == {"slices", "file", "batch"}


def test_stopped_anywhere_nothing_stays(tmp_path: Path, slices: Path) -> None:
    clip = open_clip(slices).process(STEP)
    for done in (0, 2, 3):
        job = export(clip, tmp_path / "out", ExportOptions(stills=OBJECTS))
        told = next(job)
        while (told.message, told.done) != ("Writing frames", done):
            told = next(job)
        job.close()
        assert {path.name for path in tmp_path.iterdir()} == {"slices"}
