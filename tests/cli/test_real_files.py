"""Every command on every real and every damaged file."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.video.probe import needs_ffmpeg, probe
from xray_studio.__main__ import main

Captured = pytest.CaptureFixture[str]

SERIES_KEYS = {"series_uid", "modality", "description", "instances", "frames", "files"}
INFO_KEYS = {
    "rows", "columns", "frames", "bits_stored", "photometric", "transfer_syntax", "frame_rate",
    "frame_rate_source", "duration", "windows",
}  # fmt: skip
SECONDS = 120.0  # of processor time: a hang is longer, also on a slow machine


def answer(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    start = time.process_time()
    status = main([str(argument) for argument in arguments])
    assert time.process_time() - start < SECONDS, arguments
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err, arguments
    return status, shown.out, shown.err


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "LICENSE")


def test_scan_gives_the_agreed_shape(capsys: Captured, shared_data: Path) -> None:
    status, out, _ = answer(capsys, "scan", shared_data / "dicom", "--json", "-q")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    studies = [study for patient in found["patients"] for study in patient["studies"]]
    assert all({"patient_id", "patient_name", "studies"} <= p.keys() for p in found["patients"])
    assert all({"study_uid", "date", "description", "series"} <= study.keys() for study in studies)
    series = [series for study in studies for series in study["series"]]
    assert all(one.keys() >= SERIES_KEYS for one in series)
    assert sum(one["instances"] for one in series) == sum(len(one["files"]) for one in series)
    assert all(Path(path).is_file() for one in series for path in one["files"])
    assert all({"path", "reason"} == skipped.keys() for skipped in found["skipped"])
    listed = sum(len(one["files"]) for one in series) + len(found["skipped"])
    assert listed == len(files(shared_data / "dicom"))


def test_info_and_render_on_every_real_file(
    capsys: Captured, shared_data: Path, tmp_path: Path
) -> None:
    for path in files(shared_data / "dicom"):
        status, out, err = answer(capsys, "info", path, "--json", "-q")
        assert (status, err) == (0, ""), path.name
        found = json.loads(out)
        assert found.keys() >= INFO_KEYS
        assert (found["frame_rate"] is None) == (found["frames"] == 1)
        assert found["tags"], path.name
        target = tmp_path / "frame.png"
        last = found["frames"]
        arguments = ("--frame", last, "--overwrite", "-q")
        assert answer(capsys, "render", path, target, *arguments)[:2] == (0, "")
        shown = np.asarray(Image.open(target))
        assert shown.shape[:2] == (found["rows"], found["columns"]), path.name


@needs_ffmpeg
def test_export_on_every_real_file(capsys: Captured, shared_data: Path, tmp_path: Path) -> None:
    for path in [*files(shared_data / "dicom"), *files(shared_data / "video")]:
        target = tmp_path / "clip.mp4"
        status, out, err = answer(capsys, "export", path, target, "--json", "-q", "--frames", "1")
        assert (status, err) == (0, ""), path.name
        assert json.loads(out)["frames"] == 1
        assert probe(target)["nb_read_frames"] == "1"


@needs_ffmpeg
def test_the_real_angiogram_exports_whole(
    capsys: Captured, shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "dicom" / "dbdicom__0002.DCM"
    target = tmp_path / "angiogram.mp4"
    status, out, _ = answer(capsys, "export", source, target, "--overlay", "all", "--json", "-q")
    assert status == 0
    assert json.loads(out)["frames"] == 96
    found = probe(target)
    assert (found["nb_read_frames"], found["pix_fmt"]) == ("96", "yuv420p")
    assert found["whole"] == pytest.approx(96 * 0.033, abs=0.002)


def test_linked_loops_become_one_sequence(
    capsys: Captured, shared_data: Path, tmp_path: Path
) -> None:
    sources = sorted((shared_data / "dicom").glob("stress_echo*.dcm"))
    frames = 0
    for source in sources:
        frames += json.loads(answer(capsys, "info", source, "--json", "-q")[1])["frames"]
    target = tmp_path / "echo.mp4"
    status, out, _ = answer(capsys, "export", *sources, target, "--json", "-q")
    assert (status, json.loads(out)["frames"]) == (0, frames)


@pytest.mark.parametrize("command", ["scan", "info", "render", "export"])
def test_every_damaged_file_gives_an_answer(
    capsys: Captured, shared_data: Path, tmp_path: Path, command: str
) -> None:
    for path in files(shared_data / "malformed"):
        target = tmp_path / f"{path.stem}.png"
        out = () if command in {"scan", "info"} else (target,)
        extra = ("--frames", "1") if command == "export" else ()
        status, printed, err = answer(capsys, command, path, *out, *extra, "--json", "-q")
        assert status in {0, 1, 3}, path.name
        assert (err == "") == (status == 0), path.name
        assert ("cut short" in err) or status != 3, path.name
        if status != 1 or command == "scan":
            json.loads(printed)
        if status == 1:
            assert err.startswith("xray-studio: ")
            assert err.count("\n") == 1
            assert not target.exists()
    left = {path.suffix for path in tmp_path.iterdir()}
    assert left <= {".png", ".json"}


def test_truncations_of_the_real_angiogram(
    capsys: Captured, shared_data: Path, tmp_path: Path
) -> None:
    data = (shared_data / "dicom" / "dbdicom__0002.DCM").read_bytes()
    path = tmp_path / "cut.dcm"
    for kept in (0, 1, 131, 132, 300, 1000, 1500, 2000, 50_000, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:kept])
        for command in ("scan", "info"):
            status, _, err = answer(capsys, command, path, "-q")
            assert status in {0, 1}, kept
            assert (err == "") == (status == 0), kept
        status, _, err = answer(capsys, "export", path, tmp_path / "cut.mp4", "-q")
        # Without its last byte the file lacks no pixel; any other part is never said to be whole.
        assert status in ({0} if kept == len(data) - 1 else {1, 3}), kept
        assert (tmp_path / "cut.mp4").exists() == (status != 1)
        for made in tmp_path.glob("cut.mp4*"):
            made.unlink()


def test_media_with_a_directory(capsys: Captured, shared_data: Path) -> None:
    for path in sorted((shared_data / "dicomdir").rglob("DICOMDIR*")):
        if path.is_file():
            status, out, _ = answer(capsys, "scan", path, "--json", "-q")
            assert status in {0, 1, 3}, path
            json.loads(out)


def test_names_that_say_nothing(capsys: Captured, shared_data: Path, tmp_path: Path) -> None:
    shutil.copyfile(shared_data / "dicom" / "dbdicom__0020.DCM", tmp_path / "no suffix, ü €")
    (tmp_path / "text.dcm").write_text("not DICOM")
    assert answer(capsys, "info", tmp_path / "no suffix, ü €", "-q")[0] == 0
    status, _, err = answer(capsys, "info", tmp_path / "text.dcm", "-q")
    assert status == 1
    assert "not a picture or DICOM file" in err
