"""`xray-studio volume segment` and `volume measure`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.services.segmenting.patients import series, values
from xray_studio.cli.main import main


@pytest.fixture
def ct(tmp_path: Path) -> Path:
    series(tmp_path, "oblique")
    return tmp_path / "ct"


def test_every_format_from_one_call(ct: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ct.parent / "marks"
    asked = ["volume", "segment", str(ct), str(out), "--threshold", "600,", "--threshold", "-50,90",
             "--kind", "bone", "--formats", "seg,rtstruct,nifti,nrrd,stl",
             "--json", "-q"]  # fmt: skip
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    names = [Path(file["target"]).name for file in told["files"]]
    assert names == [
        "marks.seg.dcm", "marks.rtstruct.dcm", "marks.nii.gz", "marks.seg.nrrd",
        "marks-1-bone.stl", "marks-2-segment-2.stl",
    ]  # fmt: skip
    bone, other = told["segments"]
    own = values()[values() >= 600]
    assert (bone["name"], bone["type"], bone["made"]) == ("Bone", "Bone", "threshold")
    assert bone["voxels"] == own.size
    assert bone["millilitres"] == pytest.approx(own.size * 0.8 * 1.3 * 2.5 / 1000, rel=1e-6)
    assert (bone["mean"], bone["lowest"], bone["highest"], bone["unit"]) == (
        pytest.approx(own.mean()), own.min(), own.max(), "HU",
    )  # fmt: skip
    assert sum(area["mm2"] for area in other["areas"]) == pytest.approx(
        other["voxels"] * 0.8 * 1.3, rel=1e-6
    )
    for name in names[:4]:
        assert main(["volume", "measure", str(ct), str(out.with_name(name)), "--json", "-q"]) == 0
        again = json.loads(capsys.readouterr().out)["segments"]
        assert [one["voxels"] for one in again] == [bone["voxels"], other["voxels"]]
        assert again[0]["areas"] == bone["areas"]


def test_a_region_grows_from_a_point_and_is_cleaned(
    ct: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ct.parent / "region.dcm"
    from xray_studio.core.job import run
    from xray_studio.services.volume.open import open_volume

    grid = run(open_volume(ct)).geometry
    point = ",".join(f"{x:.3f}" for x in grid.points([(10, 12, 8)])[0])
    asked = ["volume", "segment", str(ct), str(out), "--grow", point, "--tolerance", "100",
             "--largest", "--fill-holes", "--name", "Middle", "-q"]  # fmt: skip
    assert main(asked) == 0
    shown = capsys.readouterr().out
    assert "1  Middle" in shown
    assert "region.dcm: seg" in shown
    found = pydicom.dcmread(out)
    assert found.SegmentSequence[0].SegmentAlgorithmType == "SEMIAUTOMATIC"
    assert found.SegmentSequence[0].SegmentAlgorithmName == "region growing"
    middle = values()[8, 12, 10]
    assert found.pixel_array.sum() == (np.abs(values() - middle) <= 100).sum()


def test_a_part_of_the_volume(ct: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ct.parent / "a.nii.gz"
    asked = ["volume", "segment", str(ct), str(out), "--threshold", "0,", "--clip", "rows:0-50",
             "--json", "-q"]  # fmt: skip
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["segments"][0]["voxels"] == 17 * 15 * 26
    other = ct.parent / "b.rtstruct.dcm"
    assert main(["volume", "segment", str(ct), str(other), "--labels", str(out), "-q"]) == 0
    assert pydicom.dcmread(other).Modality == "RTSTRUCT"


def test_a_brain_like_mask_is_named_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.volume.test_brain_like import _head
    from xray_studio.core.job import run
    from xray_studio.services.volume.convert import convert

    run(convert(_head()[0], tmp_path / "head.nii.gz"))
    asked = ["volume", "segment", str(tmp_path / "head.nii.gz"), str(tmp_path / "a.nii.gz"),
             "--brain-like", "--json", "-q"]  # fmt: skip
    assert main(asked) == 0
    (found,) = json.loads(capsys.readouterr().out)["segments"]
    assert (found["name"], found["made"]) == ("Brain-like", "brain-like-mask")
    asked = ["volume", "filter", str(tmp_path / "head.nii.gz"), str(tmp_path / "b.nii.gz"),
             "--filter", "brain-like-mask:cut=4", "--json", "-q"]  # fmt: skip
    assert main(asked) == 0
    capsys.readouterr()
    assert main(["volume", "measure", str(tmp_path / "head.nii.gz"), str(tmp_path / "b.nii.gz"),
                 "--json", "-q"]) == 0  # fmt: skip
    assert json.loads(capsys.readouterr().out)["segments"] == [found]


def test_nothing_is_written_where_one_file_would_be_lost(
    ct: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = ct.parent / "a.nii.gz"
    kept.write_bytes(b"mine")
    asked = ["volume", "segment", str(ct), str(ct.parent / "a"), "--threshold", "600,",
             "--formats", "seg,nifti", "-q"]  # fmt: skip
    assert main(asked) == 1
    assert "would be lost" in capsys.readouterr().err
    assert kept.read_bytes() == b"mine"
    assert not (ct.parent / "a.seg.dcm").exists()
    assert main([*asked, "--overwrite"]) == 0
    assert (ct.parent / "a.seg.dcm").exists()


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["a.txt", "--threshold", "1,2"], "does not tell a format"),
        (["a.dcm"], "Say what to mark"),
        (["a.dcm", "--threshold", "250"], "250 is one value"),
        (["a.dcm", "--threshold", "x,2"], "x,2 is no range"),
        (["a.dcm", "--threshold", "9,2"], "The lower value of a range comes first"),
        (["a.dcm", "--grow", "1,2"], "1,2 is no point"),
        (["a.dcm", "--threshold", "9000,"], "finds no voxel"),
        (["a.dcm", "--threshold", "0,", "--smooth", "-1"], "is 0 or more"),
        (["a.dcm", "--grow", "1,2,3", "--tolerance", "-1"], "tolerance and the reach"),
        (["a.dcm", "--grow", "1,2,nan"], "three numbers, in mm"),
        (["a.dcm", "--grow", "1e300,0,0"], "seed lies outside the volume"),
        (["a.dcm", "--threshold", "1,", "--kind", "ghost"], "There is no kind 'ghost'"),
        (["a.dcm", "--threshold", "1,", "--name", "a", "--name", "b"], "more names or kinds"),
        (["a", "--threshold", "1,", "--formats", "seg,obj"], "obj is no format"),
    ],
)
def test_what_is_wrong_is_said(
    ct: Path, capsys: pytest.CaptureFixture[str], asked: list[str], reason: str
) -> None:
    before = sorted(ct.parent.iterdir())
    assert main(["volume", "segment", str(ct), str(ct.parent / asked[0]), *asked[1:], "-q"]) == 2
    assert reason in capsys.readouterr().err
    assert sorted(ct.parent.iterdir()) == before
