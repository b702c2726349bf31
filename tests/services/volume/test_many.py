"""Many volumes at once."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import nibabel
import numpy as np
import pytest

from tests.services.volume.series_objects import write_series
from tests.volume.phantom import affine, phantom
from xray_studio.cli.main import main
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.core.locks import FileLock
from xray_studio.core.place import to_ras
from xray_studio.services.batch.run import LOCK
from xray_studio.services.open import scan
from xray_studio.services.volume.many import ManyOptions, ManyResult, many_volumes
from xray_studio.services.volume.many_tasks import VolumeWork
from xray_studio.services.volume.open import open_volume


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases of NIfTI, one damaged, and a series of DICOM."""
    root = tmp_path_factory.mktemp("cases")
    values = phantom().values
    for n, name in enumerate(("one/t1", "one/t2", "two/t1")):
        path = root / f"{name}.nii.gz"
        path.parent.mkdir(exist_ok=True)
        nibabel.save(nibabel.Nifti1Image((values + n).T, to_ras(affine())), path)
    data = (root / "two/t1.nii.gz").read_bytes()
    (root / "two/t2.nii.gz").write_bytes(data[: len(data) // 2])
    write_series(root / "ct", phantom())
    return root


def worked(cases: Path, out: Path, work: VolumeWork | None = None, **how: bool) -> ManyResult:
    catalog = run(scan([str(cases)]))
    options = ManyOptions(2, **how)
    return run(many_volumes(catalog, [str(cases)], out, work or VolumeWork(".nrrd"), options))


def test_every_volume_is_a_row_and_a_failure_ends_nothing(cases: Path, tmp_path: Path) -> None:
    made = worked(cases, tmp_path / "out")
    good = sorted(one.target for one in made.outcomes if not one.failed)
    assert good[:3] == ["one/t1.nrrd", "one/t2.nrrd", "two/t1.nrrd"]
    assert good[3].startswith("volume-")
    (failed,) = made.failed
    assert made.sources[failed.number - 1].endswith("t2.nii.gz")
    assert "damaged or cut short" in failed.reason
    found = run(open_volume(tmp_path / "out" / "one" / "t2.nrrd"))
    np.testing.assert_array_equal(found.values, phantom().values + 1)
    rows = list(csv.DictReader(made.table.read_text("utf-8").splitlines()))
    assert [row["state"] for row in rows].count("finished") == 4
    assert "Object" not in made.table.read_text()


def test_it_goes_on_with_what_is_left(cases: Path, tmp_path: Path) -> None:
    first = worked(cases, tmp_path / "out")
    (tmp_path / "out" / "one" / "t1.nrrd").unlink()
    again = worked(cases, tmp_path / "out", resume=True)
    assert {one.target for one in again.outcomes if one.number in again.kept} == {
        one.target for one in first.outcomes if not one.failed and one.target != "one/t1.nrrd"
    }
    assert (tmp_path / "out" / "one" / "t1.nrrd").is_file()
    other = worked(cases, tmp_path / "out", VolumeWork(".nrrd", ("median",)), resume=True)
    assert not other.kept


def test_files_of_others_stay(cases: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "one" / "t1.nrrd"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    made = worked(cases, tmp_path / "out")
    assert any("A file of others" in one.reason for one in made.failed)
    assert theirs.read_text() == "mine"
    assert len(worked(cases, tmp_path / "out", overwrite=True).failed) == 1


def test_filters_and_slices(cases: Path, tmp_path: Path) -> None:
    made = worked(cases / "ct", tmp_path / "out", VolumeWork("", ("median",)))
    (one,) = made.outcomes
    assert not one.failed
    assert len(one.files) == 7
    assert one.files[0].name == "volume-001/1.dcm"
    again = worked(cases / "ct", tmp_path / "out", VolumeWork("", ("median",)))
    assert not again.failed


def test_what_cannot_be_done_with_any_is_refused(cases: Path, tmp_path: Path) -> None:
    for work in (VolumeWork(".xyz"), VolumeWork(filters=("blur",))):
        with pytest.raises(UsageError):
            worked(cases, tmp_path / "out", work)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no volumes"):
        worked(tmp_path / "empty", tmp_path / "out")
    (tmp_path / "busy").mkdir()
    lock = FileLock(tmp_path / "busy" / LOCK)
    assert lock.take()
    with pytest.raises(WriteError, match="Another batch"):
        worked(cases, tmp_path / "busy")
    lock.release()
    copy = tmp_path / "copy"
    shutil.copytree(cases / "one", copy)
    with pytest.raises(UsageError, match="sources themselves"):
        worked(copy, copy, VolumeWork(".nii.gz"))


def test_stopping_leaves_nothing_half_written(cases: Path, tmp_path: Path) -> None:
    catalog = run(scan([str(cases)]))
    job = many_volumes(catalog, [str(cases)], tmp_path / "out", VolumeWork(), ManyOptions(1))
    for progress in job:
        if progress.partial and any(row.state == "running" for row in progress.partial):
            break
    job.close()
    names = [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert all(name.startswith(".xray-studio-batch") or name.endswith(".nii.gz") for name in names)


def test_the_command_line(cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["volume", "batch", str(cases), "--out", str(tmp_path / "out"), "--filter", "median"]
    assert main([*asked, "-j", "2", "--to", "mha", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert len(told["written"]) == 4
    assert "damaged or cut short" in told["failed"][0]["reason"]
    assert Path(told["table"]).is_file()
    assert main([*asked, "--to", "mha", "--resume"]) == 3
    assert "4 of 5 volumes written" in capsys.readouterr().out
