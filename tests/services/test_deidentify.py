"""De-identifying sets of files: pixels, keys, references between objects, what is left behind."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from imagecodecs import jpeg8_decode, jpeg8_encode
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

import xray_studio as xs
from tests.dicom.objects import make_object, picture, save, save_frames
from xray_studio.core.errors import UsageError, WriteError
from xray_studio.core.job import Cancelled, Job, run
from xray_studio.dicom.file import syntaxes
from xray_studio.services.deidentify import single
from xray_studio.services.deidentify.choices import Choices
from xray_studio.services.deidentify.job import deidentify
from xray_studio.services.deidentify.request import DeidentifyRequest

CT = "1.2.840.10008.5.1.4.1.1.2"
CT_ABOUT = {"SOPClassUID": CT, "Modality": "CT", "PatientName": "MRK^Doe", "PatientID": "MRK4711"}
STATE, KEYS = "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.88.59"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "MRK Doe"
    folder.mkdir()
    for number in range(2):
        pixels = picture(0, 4000, (24, 32), seed=number).astype(np.uint16)
        about = CT_ABOUT | {"StudyInstanceUID": "1.2.3", "SOPInstanceUID": f"1.2.3.{number}"}
        save(make_object(pixels, **about), folder / f"MRK{number}.dcm")
    (folder / "notes.txt").write_text("MRK")
    return folder


def fingerprint(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def objects(folder: Path) -> list[Dataset]:
    return [dcmread(path) for path in sorted(folder.rglob("*.dcm"))]


def test_nothing_of_the_patient_is_left(source: Path, tmp_path: Path) -> None:
    before = fingerprint(source)
    result = xs.deidentify(source, tmp_path / "out")
    assert (len(result.done), len(result.failed), len(result.skipped)) == (2, 0, 1)
    assert fingerprint(source) == before
    for path in [*result.folder.rglob("*"), result.report]:
        assert "MRK" not in path.name
        assert not path.is_file() or b"MRK" not in path.read_bytes()
    first, second = objects(result.folder)
    assert first.PatientID == second.PatientID == first.PatientName
    assert first.StudyInstanceUID == second.StudyInstanceUID
    told = json.loads(result.report.read_text("utf-8"))
    assert told["output"]["complete"]
    assert told["files"][0]["changes"][0].keys() == {"attribute", "action", "count"}
    assert any("key is used up" in note for note in told["notes"])


def test_a_key_joins_runs(source: Path, tmp_path: Path) -> None:
    key = tmp_path / "study.key"
    results = [xs.deidentify(source, tmp_path / name, key=key) for name in ("a", "b")]
    assert key.stat().st_mode & 0o777 == 0o600
    names = [[done.name for done in result.done] for result in results]
    assert names[0] == names[1]
    other = xs.deidentify(source, tmp_path / "c")
    assert not {done.name for done in other.done} & set(names[0])
    key.chmod(0o644)
    with pytest.raises(UsageError, match="Others can read"):
        xs.deidentify(source, tmp_path / "d", key=key)
    key.chmod(0o600)
    key.write_text("secret")
    with pytest.raises(UsageError, match="no key"):
        xs.deidentify(source, tmp_path / "d", key=key)


def test_references_lead_to_the_images_of_the_set(source: Path, tmp_path: Path) -> None:
    for name, made in (("state", _state()), ("keys", _keys()), ("marks", _segmentation())):
        save(made, source / f"{name}.dcm")
    result = xs.deidentify(source, tmp_path / "out", options=["clean-structured-content"])
    found = {one.Modality: one for one in objects(result.folder)}
    images = {one.SOPInstanceUID for one in objects(result.folder) if one.Modality == "CT"}
    series = found["PR"].ReferencedSeriesSequence[0]
    assert series.ReferencedImageSequence[0].ReferencedSOPInstanceUID in images
    content = found["KO"].ContentSequence[0].ReferencedSOPSequence[0]
    assert content.ReferencedSOPInstanceUID in images
    group = found["SEG"].PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0]
    assert group.SourceImageSequence[0].ReferencedSOPInstanceUID in images


def _pointer() -> Sequence:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CT, "1.2.3.1"
    return Sequence([item])


def _state() -> Dataset:
    series = Dataset()
    series.SeriesInstanceUID, series.ReferencedImageSequence = "1.2.3.9", _pointer()
    return make_object(None, **CT_ABOUT | {"SOPClassUID": STATE, "Modality": "PR"},
                       ReferencedSeriesSequence=Sequence([series]))  # fmt: skip


def _keys() -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "IMAGE"
    item.ReferencedSOPSequence = _pointer()
    return make_object(None, **CT_ABOUT | {"SOPClassUID": KEYS, "Modality": "KO"},
                       ValueType="CONTAINER", ContentSequence=Sequence([item]))  # fmt: skip


def _segmentation() -> Dataset:
    derivation, group = Dataset(), Dataset()
    derivation.SourceImageSequence = _pointer()
    group.DerivationImageSequence = Sequence([derivation])
    about = CT_ABOUT | {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.66.4", "Modality": "SEG"}
    return make_object(
        np.eye(16, dtype=np.uint8), **about, PerFrameFunctionalGroupsSequence=Sequence([group])
    )


def test_masks_change_nothing_else(tmp_path: Path) -> None:
    frames = np.stack([picture(0, 255, (40, 60), seed=n).astype(np.uint8) for n in range(6)])
    colour = np.stack([frames, frames[:, ::-1], frames[:, :, ::-1]], axis=-1)
    path = save(make_object(colour, NumberOfFrames=6), tmp_path / "colour.dcm")
    result = xs.deidentify(path, tmp_path / "out", masks=[(5, 10, 20, 8)])
    (made,) = objects(result.folder)
    wanted = colour.copy()
    wanted[:, 10:18, 5:25] = 0
    np.testing.assert_array_equal(made.pixel_array, wanted)
    assert made.PhotometricInterpretation == "RGB"
    assert made.DerivationCodeSequence[0].CodeValue == "113047"


def test_what_was_lossy_loses_nothing_more(tmp_path: Path) -> None:
    pixels = picture(0, 255, (48, 64)).astype(np.uint8)
    packed = bytes(jpeg8_encode(pixels, level=90))
    dataset = make_object(pixels)
    path = save_frames(dataset, tmp_path / "lossy.dcm", [packed], syntaxes.JPEG_BASELINE)
    result = xs.deidentify(path, tmp_path / "out", masks=[(0, 0, 16, 8)])
    (made,) = objects(result.folder)
    wanted = jpeg8_decode(packed).copy()
    wanted[:8, :16] = 0
    np.testing.assert_array_equal(made.pixel_array, wanted)
    assert made.file_meta.TransferSyntaxUID == syntaxes.EXPLICIT_LITTLE
    assert made.LossyImageCompression == "01"


def test_ultrasound_is_black_outside_of_its_regions(tmp_path: Path) -> None:
    region = Dataset()
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 8, 6
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 39, 29
    pixels = picture(1, 255, (36, 48)).astype(np.uint8)
    dataset = make_object(pixels, Modality="US", SequenceOfUltrasoundRegions=Sequence([region]))
    path = save(dataset, tmp_path / "us.dcm")
    (made,) = objects(xs.deidentify(path, tmp_path / "out", us_regions=True).folder)
    wanted = np.zeros_like(pixels)
    wanted[6:30, 8:40] = pixels[6:30, 8:40]
    np.testing.assert_array_equal(made.pixel_array, wanted)


def test_unsure_is_refused_with_what_helps(tmp_path: Path) -> None:
    path = save(make_object(np.zeros((16, 16), np.uint8), Modality="US"), tmp_path / "us.dcm")
    with pytest.raises(UsageError, match=r"--pixels.*--mask.*--pixels-seen"):
        xs.deidentify(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "out.json").exists()
    assert len(xs.deidentify(path, tmp_path / "out", pixels_seen=True).done) == 1


def test_resume_keeps_and_strangers_stay(source: Path, tmp_path: Path) -> None:
    key, out = tmp_path / "k", tmp_path / "out"
    first = xs.deidentify(source, out, key=key)
    kept = out / first.done[0].name
    changed = kept.stat().st_mtime_ns
    again = xs.deidentify(source, out, key=key, resume=True)
    assert all(done.kept for done in again.done)
    assert kept.stat().st_mtime_ns == changed
    kept.write_bytes(b"somebody's own")
    part = xs.deidentify(source, out, key=key, resume=True)
    assert (len(part.done), len(part.failed)) == (1, 1)
    assert kept.read_bytes() == b"somebody's own"
    whole = xs.deidentify(source, out, key=key, overwrite=True)
    assert len(whole.done) == 2
    with pytest.raises(UsageError, match="other choices"):
        xs.deidentify(source, out, key=key, options=["retain-uids"])


def test_originals_are_out_of_reach(source: Path, tmp_path: Path) -> None:
    for folder in (source, source / "inside", tmp_path):
        with pytest.raises(UsageError, match="originals"):
            xs.deidentify(source, folder)
    with pytest.raises(WriteError, match="does not exist"):
        xs.deidentify(source, tmp_path / "no" / "folder")


def test_a_damaged_file_ends_nothing(source: Path, tmp_path: Path) -> None:
    whole = (source / "MRK0.dcm").read_bytes()
    (source / "cut.dcm").write_bytes(whole[:900])
    (source / "twice.dcm").write_bytes(whole)
    result = xs.deidentify(source, tmp_path / "out")
    assert len(result.done) == 2
    assert sorted(Path(path).name for path, _ in result.failed) == ["cut.dcm", "twice.dcm"]


def test_an_error_that_nobody_foresaw_ends_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planned(path: str, *rest: Any) -> Job[Any]:
        if path.endswith("MRK0.dcm"):
            raise ZeroDivisionError("MRK Doe")
        found = yield from plan(path, *rest)
        return found

    plan = single.planned
    monkeypatch.setattr(single, "planned", planned)
    result = xs.deidentify(source, tmp_path / "out")
    assert len(result.done) == 1
    (reason,) = [reason for _, reason in result.failed]
    assert reason == "an unexpected error (ZeroDivisionError)"


def test_a_run_that_was_killed_before_it_could_report_goes_on(source: Path, tmp_path: Path) -> None:
    key, out = tmp_path / "k", tmp_path / "out"
    wanted = fingerprint(xs.deidentify(source, out, key=key).folder)
    report = tmp_path / "out.json"
    told = json.loads(report.read_text("utf-8"))
    told["files"].pop()
    report.write_text(json.dumps(told), "utf-8")
    assert len(xs.deidentify(source, out, key=key).failed) == 1  # without being asked to go on
    report.write_text(json.dumps(told), "utf-8")
    again = xs.deidentify(source, out, key=key, resume=True)
    assert [done.kept for done in again.done] == [True, False]
    assert fingerprint(out).keys() == wanted.keys()


def test_stopped_it_leaves_whole_objects(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    job = deidentify(DeidentifyRequest((str(source),), out, Choices()))
    for _ in job:
        if list(out.rglob("*.dcm")):
            break
    job.close()
    assert not [path for path in out.rglob("*") if path.name.startswith(".xray")]
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert not told["output"]["complete"]
    for made in objects(out):
        assert made.pixel_array.shape == (24, 32)


def test_real_objects_stay_valid(shared_data: Path, tmp_path: Path) -> None:
    """Every real object goes through or says why not; dciodvfy finds nothing new in any."""
    result = xs.deidentify(shared_data / "dicom", tmp_path / "out", pixels_seen=True)
    assert len(result.done) == 28
    assert min(reason for _, reason in result.failed).startswith("the object does not say")
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy is not installed")
    for done in result.done:
        new = _errors(result.folder / done.name) - _errors(Path(done.source))
        assert not new, (Path(done.source).name, new)


def _errors(path: Path) -> Counter[str]:
    """Return the errors that dciodvfy tells of, without values."""
    ran = subprocess.run(["dciodvfy", path], capture_output=True, check=False)
    lines = (ran.stdout + ran.stderr).decode("utf-8", "replace").splitlines()
    return Counter(line.split("<")[0] for line in lines if line.startswith("Error"))


def test_stopping_is_no_failure(source: Path, tmp_path: Path) -> None:
    import threading

    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        run(deidentify(DeidentifyRequest((str(source),), tmp_path / "out")), None, stop)


def test_media_go_through_but_for_their_directories(shared_data: Path, tmp_path: Path) -> None:
    """Objects of the media, some of them without pixel data, are written; a DICOMDIR never is."""
    result = xs.deidentify(shared_data / "dicomdir", tmp_path / "out", pixels_seen=True)
    assert len(result.done) == 81
    assert {reason.split()[1] for _, reason in result.failed} <= {"DICOMDIR", "same"}
