"""The demonstration is made once, whole or not at all, and kept."""

from __future__ import annotations

import re
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread

from tests.dicom.write.validator import complaints
from tests.services.demonstrations import SIZE, few_frames
from xray_studio.core.errors import WriteError
from xray_studio.core.job import Progress, run
from xray_studio.services import api
from xray_studio.services.demonstration import (
    angiography,
    demonstration,
    folder,
    parts,
    truth,
)
from xray_studio.services.places import cache_folder

ANGIOGRAPHY = {f"angiography/run-{number}.dcm" for number in range(3, 10)}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    few_frames(monkeypatch)


@pytest.fixture
def cache(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(kept))
    return kept


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave two small runs of the demonstration."""

    def two() -> list[parts.Part]:
        chosen = [recipe for recipe in angiography.RECIPES if recipe.number in {3, 5}]
        return [parts.Part(1.0, partial(angiography.write_run, recipe)) for recipe in chosen]

    monkeypatch.setattr(parts, "parts", two)


def files(made: Path) -> list[Path]:
    return sorted(path for path in made.rglob("*") if path.is_file())


def headers(made: Path) -> dict[int, Dataset]:
    paths = sorted((made / "angiography").glob("run-*.dcm"))
    read = [dcmread(path, stop_before_pixels=True) for path in paths]
    return {int(header.SeriesNumber): header for header in read}


def test_makes_the_study_in_the_cache_folder(cache: Path) -> None:
    told: list[Progress] = []
    made = run(demonstration(SIZE), told.append)
    assert made.parent == cache == cache_folder()
    assert {path.relative_to(made).as_posix() for path in files(made)} >= ANGIOGRAPHY
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert done[-1] == told[-1].total


def test_is_kept_and_not_made_again(cache: Path) -> None:
    made = run(demonstration(SIZE))
    before = {path: path.stat().st_mtime_ns for path in files(made)}
    told: list[Progress] = []
    assert run(demonstration(SIZE), told.append) == made
    assert told == []
    assert {path: path.stat().st_mtime_ns for path in files(made)} == before


def test_everything_is_of_one_patient_and_valid_identifiers_are_unique(cache: Path) -> None:
    read = [dcmread(path, stop_before_pixels=True) for path in files(run(demonstration(SIZE)))]
    assert {(str(h.PatientName), h.PatientID) for h in read} == {("Phantom^Coronary", "DEMO-0001")}
    assert len({h.SOPInstanceUID for h in read}) == len(read)


def test_the_angiography_holds_runs_of_one_study(cache: Path) -> None:
    runs = headers(run(demonstration(SIZE)))
    assert len({header.StudyInstanceUID for header in runs.values()}) == 1
    assert {(h.StudyDate, h.StudyTime) for h in runs.values()} == {("20261120", "094107")}
    angles = {n: (h.PositionerPrimaryAngle, h.PositionerSecondaryAngle) for n, h in runs.items()}
    assert angles[3] == (-30, -20)
    assert angles[4] == (45, 25)
    assert list(runs[3].MaskSubtractionSequence[0].MaskFrameNumbers) == [2, 3, 4, 5]
    assert (runs[8].Rows, runs[3].Rows) == (2 * SIZE, SIZE)


def test_biplane_runs_are_one_acquisition_and_name_one_another(cache: Path) -> None:
    runs = headers(run(demonstration(SIZE)))
    for one, other, plane in ((runs[6], runs[7], "A"), (runs[7], runs[6], "B")):
        assert one.ImageType[2] == f"BIPLANE {plane}"
        assert one.ReferencedImageSequence[0].ReferencedSOPInstanceUID == other.SOPInstanceUID
        assert one.FrameOfReferenceUID == other.FrameOfReferenceUID
        assert (one.AcquisitionNumber, one.AcquisitionTime) == (6, other.AcquisitionTime)


def test_fluoroscopy_is_told_from_acquisitions(cache: Path) -> None:
    runs = headers(run(demonstration(SIZE)))
    assert {number: header.RadiationSetting for number, header in runs.items()} == {
        **dict.fromkeys(range(3, 9), "GR"),
        9: "SC",
    }
    assert "ContrastBolusAgent" not in runs[9]
    assert float(runs[9].FrameTime) == pytest.approx(133.333)


EVERYTHING = ANGIOGRAPHY | {
    "angiography/notes.dcm",
    "angiography/key-images.dcm",
    "angiography/dose.dcm",
    "angiography/report.dcm",
    "angiography/letter.dcm",
    "ecg/resting.dcm",
    "echo/a4c.dcm",
    "radiographs/pa.dcm",
    "radiographs/lateral.dcm",
    "radiographs/pa-nodule.dcm",
    "radiographs/lateral-nodule.dcm",
    "radiographs-prior/pa.dcm",
    "radiographs-prior/lateral.dcm",
    "ct/nodule.dcm",
    *(f"ct/{number:04}.dcm" for number in range(1, 81)),
}


def test_holds_every_object_and_nothing_else(cache: Path) -> None:
    made = run(demonstration(SIZE))
    assert {path.relative_to(made).as_posix() for path in files(made)} == EVERYTHING


def test_every_object_is_valid(cache: Path) -> None:
    made = run(demonstration(SIZE))
    slices = {made / "ct" / f"{number:04}.dcm" for number in range(2, 81)}
    said = {path.name: complaints(path) for path in files(made) if path not in slices}
    assert {
        name: lines for name, lines in said.items() if any("Error" in one for one in lines)
    } == {}
    known = re.compile("Frame of Reference UID|Position Reference|Standard Extended SOP Class")
    unknown = [line for lines in said.values() for line in lines if not known.search(line)]
    assert unknown == []


@pytest.mark.parametrize("name", ["pa", "lateral", "ct"])
def test_masks_lie_on_images_of_the_study(cache: Path, name: str) -> None:
    made = run(demonstration(SIZE))
    images = {dcmread(path).SOPInstanceUID: dcmread(path) for path in files(made)
              if path.parent == truth.mask_file(made, name).parent}  # fmt: skip
    masks = truth.nodule(made, name)
    assert masks
    for uid, mask in masks.items():
        assert mask.shape == (images[uid].Rows, images[uid].Columns)
        assert mask.any()


def test_nodule_of_the_slices_is_soft_tissue_in_lung(cache: Path) -> None:
    made = run(demonstration(SIZE))
    masks = truth.nodule(made, "ct")
    images = (dcmread(path) for path in files(made / "ct"))
    values = [
        image.pixel_array[masks[image.SOPInstanceUID]] + float(image.RescaleIntercept)
        for image in images
        if image.SOPInstanceUID in masks
    ]
    assert 0.0 < np.median(np.concatenate(values)) < 80.0


def test_burnt_in_text_is_in_the_loop_and_names_the_patient(cache: Path) -> None:
    made = run(demonstration(SIZE))
    clip = api.open(made / "echo" / "a4c.dcm")
    frame = clip[0].max(axis=-1)
    for word in truth.burnt_in():
        left, top, right, bottom = word.box
        assert frame[top:bottom, left:right].max() > 120
    assert "PHANTOM, CORONARY" in [word.text for word in truth.burnt_in() if word.identity]


def test_notes_point_at_the_narrowing(cache: Path) -> None:
    made = run(demonstration(SIZE))
    (annotation,) = dcmread(made / "angiography" / "notes.dcm").GraphicAnnotationSequence
    ring = np.reshape(annotation.GraphicObjectSequence[1].GraphicData, (4, 2))
    assert ring.mean(axis=0) - 0.5 == pytest.approx(np.array(truth.narrowing(SIZE)), abs=0.01)


def test_dose_report_speaks_of_every_run(cache: Path) -> None:
    made = run(demonstration(SIZE))
    report = dcmread(made / "angiography" / "dose.dcm")
    text = str(report)
    for header in headers(made).values():
        assert str(header.IrradiationEventUID) in text
        assert str(header.SOPInstanceUID) in text


def test_same_bytes_every_time(
    cache: Path, demonstration_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = run(demonstration(SIZE))
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(demonstration_cache))
    other = run(demonstration(SIZE))
    digests = [
        {path.relative_to(made).as_posix(): sha256(path.read_bytes()).hexdigest()
         for path in files(made)}
        for made in (one, other)
    ]  # fmt: skip
    assert digests[0] == digests[1]


def test_version_names_the_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder._version(SIZE)
    monkeypatch.setattr(folder, "REVISION", folder.REVISION + 1)
    assert folder._version(SIZE) != first
    assert folder._version(SIZE) != folder._version(2 * SIZE)


@pytest.mark.parametrize("stop_after", [1, 3, 12])
def test_stopped_job_leaves_nothing(empty_cache: Path, short: None, stop_after: int) -> None:
    job = demonstration(SIZE)
    for _ in range(stop_after):
        next(job)
    job.close()
    assert list(empty_cache.iterdir()) == []


def test_failing_part_ends_all_and_leaves_nothing(
    empty_cache: Path, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(angiography, "write_xa", fail)
    with pytest.raises(WriteError, match="cannot be written"):
        run(demonstration(SIZE))
    assert list(empty_cache.iterdir()) == []


def test_other_program_may_be_faster(empty_cache: Path, short: None) -> None:
    """Two at once: the second finds the folder in place when it is done and uses it."""
    slow, fast = demonstration(SIZE), demonstration(SIZE)
    next(slow)
    made = run(fast)
    before = {path: path.stat().st_ino for path in files(made)}
    assert run(slow) == made
    assert {path: path.stat().st_ino for path in files(made)} == before
    assert list(empty_cache.iterdir()) == [made]


def test_place_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(WriteError, match="cannot be written"):
        run(demonstration(SIZE))


def test_cache_folder_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XRAY_STUDIO_CACHE", raising=False)
    assert "xray-studio" in str(cache_folder())
