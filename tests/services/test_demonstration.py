"""The demonstration study is made once, whole or not at all, and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xray_studio.core.errors import WriteError
from xray_studio.core.job import Progress, run
from xray_studio.services import demonstration as service
from xray_studio.services.demonstration import RECIPES, cache_folder, demonstration

SIZE = 64


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    few = tuple(replace(recipe, frames=min(recipe.frames, 14)) for recipe in RECIPES)
    monkeypatch.setattr(service, "RECIPES", few)


@pytest.fixture
def cache(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(kept))
    return kept


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XRAY_STUDIO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_makes_the_study_in_the_cache_folder(cache: Path) -> None:
    told: list[Progress] = []
    folder = run(demonstration(SIZE), told.append)
    assert folder.parent == cache == cache_folder()
    assert sorted(path.name for path in folder.iterdir()) == [
        "reference.dcm",
        "run-3.dcm",
        "run-4.dcm",
    ]
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert done[-1] == told[-1].total == sum(recipe.frames for recipe in service.RECIPES)


def test_is_kept_and_not_made_again(cache: Path) -> None:
    folder = run(demonstration(SIZE))
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    told: list[Progress] = []
    assert run(demonstration(SIZE), told.append) == folder
    assert told == []
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_study_holds_two_runs_and_a_reference_of_one_patient(cache: Path) -> None:
    from pydicom import dcmread

    folder = run(demonstration(SIZE))
    headers = [dcmread(path, stop_before_pixels=True) for path in sorted(folder.iterdir())]
    assert len({header.StudyInstanceUID for header in headers}) == 1
    assert {str(header.PatientName) for header in headers} == {"Phantom^Coronary"}
    assert sorted(int(header.SeriesNumber) for header in headers) == [3, 4, 5]
    angles = {
        int(h.SeriesNumber): (h.PositionerPrimaryAngle, h.PositionerSecondaryAngle) for h in headers
    }
    assert angles[3] == (-30, -20)
    assert angles[4] == (45, 25)
    assert {(header.StudyDate, header.StudyTime) for header in headers} == {("20261120", "094107")}
    main = next(header for header in headers if header.SeriesNumber == 3)
    assert list(main.MaskSubtractionSequence[0].MaskFrameNumbers) == [2, 3, 4, 5]


def test_version_names_the_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = service._version(SIZE)
    monkeypatch.setattr(service, "REVISION", service.REVISION + 1)
    assert service._version(SIZE) != first
    assert service._version(SIZE) != service._version(2 * SIZE)


@pytest.mark.parametrize("stop_after", [1, 3, 16])
def test_stopped_job_leaves_nothing(empty_cache: Path, stop_after: int) -> None:
    job = demonstration(SIZE)
    for _ in range(stop_after):
        next(job)
    job.close()
    assert list(empty_cache.iterdir()) == []


def test_other_program_may_be_faster(empty_cache: Path) -> None:
    """Two at once: the second finds the folder in place when it is done and uses it."""
    slow, fast = demonstration(SIZE), demonstration(SIZE)
    next(slow)
    folder = run(fast)
    before = {path: path.stat().st_ino for path in folder.iterdir()}
    assert run(slow) == folder
    assert {path: path.stat().st_ino for path in folder.iterdir()} == before
    assert list(empty_cache.iterdir()) == [folder]


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
