"""What files made of volumes tell of the patient stands in the privacy log."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pydicom
import pytest

from tests.services.volume.series_objects import write_series
from tests.volume.phantom import phantom
from xray_studio.cli.main import main
from xray_studio.core.job import run
from xray_studio.core.volume.planes import oblique
from xray_studio.core.volume.volume import Volume
from xray_studio.services.privacy.log import log_file
from xray_studio.services.volume.convert import ConvertOptions, convert
from xray_studio.services.volume.cutting import Cut, write_cut
from xray_studio.services.volume.open import open_volume
from xray_studio.services.volume.radiograph import RadiographOrder, radiograph


@pytest.fixture
def series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Volume:
    monkeypatch.setenv("XRAY_STUDIO_LOG", str(tmp_path / "log"))
    write_series(tmp_path / "s", phantom())
    return run(open_volume(tmp_path / "s"))


def last() -> dict[str, Any]:
    return json.loads(log_file().read_text("utf-8").splitlines()[-1])


def test_what_is_written_is_noted_with_where_it_names_the_patient(
    tmp_path: Path, series: Volume
) -> None:
    plain = tmp_path / "a.nii.gz"
    assert run(convert(series, plain)).notes == ()
    told = last()
    assert (told["output"], told["told"]) == (".nii.gz", [])
    assert told["file_sha256"] == hashlib.sha256(plain.read_bytes()).hexdigest()
    made = run(convert(series, tmp_path / "b.nrrd", ConvertOptions(identity=True)))
    assert "as --identity asks for" in made.notes[-1]
    assert last()["told"] == ["tags"]
    made = run(convert(series, tmp_path / "slices"))
    assert "name the patient" in made.notes[-1]
    assert (last()["output"], last()["told"]) == ("folder", ["tags"])
    made = run(convert(series, tmp_path / "Object_Test.nii"))
    assert "tells Patient Name" in made.notes[-1]
    assert last()["told"] == ["file name"]
    text = log_file().read_text("utf-8")
    assert "Object" not in text
    assert len(text.splitlines()) == 4


def test_planes_and_radiographs_are_noted_and_derived(tmp_path: Path, series: Volume) -> None:
    plane = oblique(series.geometry, series.geometry.centre, (0.3, 0.2, 1.0))
    made = run(write_cut(series, Cut(plane, count=3, step=2.0), tmp_path / "planes"))
    assert any("lowest value" in warning for warning in made.warnings)
    assert last()["told"] == ["tags"]
    first = pydicom.dcmread(min((tmp_path / "planes").iterdir()))
    source = pydicom.dcmread(tmp_path / "s" / "000.dcm")
    assert first.ImageType[:2] == ["DERIVED", "SECONDARY"]
    assert first.StudyInstanceUID == source.StudyInstanceUID
    assert first.SeriesInstanceUID != source.SeriesInstanceUID
    assert first.FrameOfReferenceUID == source.FrameOfReferenceUID
    assert first.PatientName == source.PatientName
    run(write_cut(series, Cut(plane), tmp_path / "plane.dcm"))
    assert pydicom.dcmread(tmp_path / "plane.dcm").ImageType[:2] == ["DERIVED", "SECONDARY"]
    run(write_cut(series, Cut(plane), tmp_path / "plane.png"))
    assert (last()["output"], last()["told"]) == (".png", [])
    run(radiograph(series, RadiographOrder(tmp_path / "drr.dcm", size=64)))
    assert last()["told"] == ["tags"]
    assert pydicom.dcmread(tmp_path / "drr.dcm").ImageType[:2] == ["DERIVED", "SECONDARY"]


def test_surfaces_fusions_and_curves_are_noted(tmp_path: Path, series: Volume) -> None:
    source, values = str(tmp_path / "s"), series.values
    asked = ["volume", "surface", source, str(tmp_path / "a.stl"), "--keep", "1"]
    assert main([*asked, "--level", str(float(values.mean())), "-q"]) == 0
    assert (last()["output"], last()["told"]) == (".stl", [])
    assert main(["volume", "fuse", source, source, str(tmp_path / "a.png"), "-q"]) == 0
    assert (last()["output"], last()["told"]) == (".png", [])
    ends = series.geometry.points([(2, 2, 1), (9, 8, 5)])
    (tmp_path / "points.json").write_text(json.dumps(ends.tolist()), "utf-8")
    curve = ["volume", "curve", source, str(tmp_path / "a.dcm"), "-q", "--pixel", "0.05"]
    curve += ["--points", str(tmp_path / "points.json"), "--width", "15"]
    assert main(curve) == 0
    assert last()["output"] == ".dcm"
    assert pydicom.dcmread(tmp_path / "a.dcm").ImageType[:2] == ["DERIVED", "SECONDARY"]


def test_the_command_line_says_so(
    tmp_path: Path, series: Volume, capsys: pytest.CaptureFixture[str]
) -> None:
    source = str(tmp_path / "s")
    assert main(["volume", "reslice", source, str(tmp_path / "r"), "--plane", "coronal"]) == 0
    assert "name the patient" in capsys.readouterr().err
