"""The demonstration is made once, whole or not at all, and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from xray_studio.core.errors import WriteError
from xray_studio.core.job import Progress, run
from xray_studio.services.demonstration import angiography, demonstration, folder
from xray_studio.services.places import cache_folder

SIZE = 64
ANGIOGRAPHY = {f"angiography/run-{number}.dcm" for number in range(3, 10)}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    few = tuple(replace(recipe, frames=min(recipe.frames, 14)) for recipe in angiography.RECIPES)
    monkeypatch.setattr(angiography, "RECIPES", few)


@pytest.fixture
def cache(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(kept))
    return kept


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def files(made: Path) -> list[Path]:
    return sorted(path for path in made.rglob("*") if path.is_file())


def headers(made: Path) -> dict[int, Dataset]:
    read = [dcmread(path, stop_before_pixels=True) for path in files(made / "angiography")]
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


def test_version_names_the_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder._version(SIZE)
    monkeypatch.setattr(folder, "REVISION", folder.REVISION + 1)
    assert folder._version(SIZE) != first
    assert folder._version(SIZE) != folder._version(2 * SIZE)


@pytest.mark.parametrize("stop_after", [1, 3, 16])
def test_stopped_job_leaves_nothing(empty_cache: Path, stop_after: int) -> None:
    job = demonstration(SIZE)
    for _ in range(stop_after):
        next(job)
    job.close()
    assert list(empty_cache.iterdir()) == []


def test_failing_part_ends_all_and_leaves_nothing(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(angiography, "write_xa", fail)
    with pytest.raises(WriteError, match="cannot be written"):
        run(demonstration(SIZE))
    assert list(empty_cache.iterdir()) == []


def test_other_program_may_be_faster(empty_cache: Path) -> None:
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
