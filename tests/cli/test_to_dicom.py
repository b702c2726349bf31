"""`to-dicom`: what is asked for is done or refused with the reason; identity is never guessed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydicom import dcmread

import xray_studio as xs
from tests.cli.test_contract import Captured, answer
from tests.services.test_to_dicom import shots
from tests.ui.studies import write_cine

WHO = ("--patient-id", "P-1", "--patient-name", "Mustermann^Erika")


def test_identity_is_asked_for(capsys: Captured, hard_clips: Path, tmp_path: Path) -> None:
    status, out, err = answer(capsys, "to-dicom", hard_clips / "plain.mp4", tmp_path / "out.dcm")
    assert (status, out) == (2, "")
    assert "Whose video is it?" in err
    assert list(tmp_path.iterdir()) == []


def test_one_video(capsys: Captured, hard_clips: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.dcm"
    words = ("--sop-class", "endoscopic", "--region", "colon", "--birth-date", "1964-08-12")
    status, out, _ = answer(
        capsys, "to-dicom", hard_clips / "plain.mp4", target, *WHO, *words, "--json", "-q"
    )
    told, made = json.loads(out), dcmread(target)
    assert (status, told["way"], told["modality"]) == (0, "kept", "ES")
    assert told["transfer_syntax"] == made.file_meta.TransferSyntaxUID
    assert told["files"] == [str(target)]
    assert "The stream is kept bit for bit." in told["doing"]
    assert made.PatientBirthDate == "19640812"
    assert made.AnatomicRegionSequence[0].CodeValue == "71854001"
    assert "Mustermann" not in out


def test_the_plan_is_told_and_nothing_written(
    capsys: Captured, hard_clips: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.dcm"
    status, out, _ = answer(
        capsys, "to-dicom", hard_clips / "rotated.mp4", target, *WHO, "--plan", "-q"
    )
    assert status == 0
    assert "does: The pictures are turned by 270 degrees." in out
    assert "since: The container turns the pictures" in out
    assert not target.exists()


def test_never_fails_with_the_reason(capsys: Captured, hard_clips: Path, tmp_path: Path) -> None:
    words = (*WHO, "--transcode", "never")
    status, _, err = answer(
        capsys, "to-dicom", hard_clips / "ten_bit.mp4", tmp_path / "out.dcm", *words
    )
    assert status == 1
    assert "High 10" in err


def test_like_another_object(capsys: Captured, hard_clips: Path, tmp_path: Path) -> None:
    about = {"PatientName": "Doe^Jane", "PatientID": "PAT-1", "StudyInstanceUID": "1.2.3"}
    write_cine(tmp_path / "run.dcm", 1, "LCA", about)
    words = ("--like", tmp_path / "run.dcm", "--modality", "XC")
    status, _, err = answer(
        capsys, "to-dicom", hard_clips / "plain.mp4", tmp_path / "out.dcm", *words
    )
    made = dcmread(tmp_path / "out.dcm")
    assert (status, made.StudyInstanceUID, made.PatientID) == (0, "1.2.3", "PAT-1")
    assert "Doe" not in err
    other = ("--like", tmp_path / "run.dcm", "--patient-id", "PAT-2")
    status, _, err = answer(
        capsys, "to-dicom", hard_clips / "plain.mp4", tmp_path / "two.dcm", *other
    )
    assert status == 2
    assert "another one" in err


def test_a_folder_in_part(capsys: Captured, hard_clips: Path, tmp_path: Path) -> None:
    names = ("plain.mp4", "text.mp4", "plain.mkv")
    sources = [hard_clips / name for name in names]
    status, out, err = answer(
        capsys, "to-dicom", *sources, tmp_path / "out", *WHO, "-j", "2", "--json"
    )
    told = json.loads(out)
    assert status == 3
    assert [Path(one["source"]).name for one in told["written"]] == ["plain.mp4", "plain.mkv"]
    assert [Path(one["path"]).name for one in told["failed"]] == ["text.mp4"]
    assert "not a video" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--syntax", "h264-9"), "no transfer syntax that videos"),
        (("--region", "elbow room"), "no region"),
        (("--acquired", "yesterday"), "no date and time"),
        (("--birth-date", "12.8.64"), "no birth date"),
        (("--birth-date", "2999-01-31"), "lies in the future; give the right one"),
        (("--modality", "endoscopy"), "DICOM has no modality endoscopy; write ES for that."),
        (("--modality", "ESX"), "such as ES for endoscopy, US for ultrasound"),
        (("--sop-class", "endoscopic", "--modality", "XC"), "has the modality ES"),
    ],
)
def test_what_is_meant_is_understood_or_asked(
    capsys: Captured, hard_clips: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    status, _, err = answer(
        capsys, "to-dicom", hard_clips / "plain.mp4", tmp_path / "out.dcm", *WHO, *words
    )
    assert status == 2
    assert told in err


def test_a_video_with_the_name_of_a_picture_keeps_its_rate(
    capsys: Captured, hard_clips: Path, tmp_path: Path
) -> None:
    video = tmp_path / "clip.jpg"
    video.write_bytes((hard_clips / "plain.mp4").read_bytes())
    assert answer(capsys, "to-dicom", video, tmp_path / "named.dcm", *WHO, "-q")[0] == 0
    plain = (hard_clips / "plain.mp4", tmp_path / "plain.dcm", *WHO, "-q")
    assert answer(capsys, "to-dicom", *plain)[0] == 0
    named, right = (dcmread(tmp_path / name) for name in ("named.dcm", "plain.dcm"))
    assert (named.FrameTime, named.NumberOfFrames) == (right.FrameTime, right.NumberOfFrames)


def test_videos_in_a_folder_are_found_by_what_they_hold(
    capsys: Captured, hard_clips: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "recordings"
    shots(folder)
    (folder / "clip.jpg").write_bytes((hard_clips / "plain.mp4").read_bytes())
    (folder / "clip").write_bytes((hard_clips / "plain.mkv").read_bytes())
    status, out, _ = answer(capsys, "to-dicom", folder, tmp_path / "out", *WHO, "--json", "-q")
    told = json.loads(out)
    assert (status, told["failed"]) == (0, [])
    assert [Path(one["source"]).name for one in told["written"]] == ["clip", "clip.jpg"]
    status, _, err = answer(capsys, "to-dicom", folder, tmp_path / "out.dcm", *WHO, "-q")
    assert (status, "recordings holds pictures and videos" in err) == (2, True)


@pytest.mark.parametrize(
    ("names", "told"),
    [((), "recordings holds no video and no pictures"), (("a", "b"), "recordings holds 2 videos")],
)
def test_a_folder_that_is_no_video(
    capsys: Captured, hard_clips: Path, tmp_path: Path, names: tuple[str, ...], told: str
) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    for name in names:
        (folder / f"{name}.mp4").write_bytes((hard_clips / "plain.mp4").read_bytes())
    status, _, err = answer(capsys, "to-dicom", folder, tmp_path / "out.dcm", *WHO, "-q")
    assert (status, told in err) == (2, True)


def test_the_only_video_of_a_folder(capsys: Captured, hard_clips: Path, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    (folder / "a.mp4").write_bytes((hard_clips / "plain.mp4").read_bytes())
    target = tmp_path / "out.dcm"
    assert answer(capsys, "to-dicom", folder, target, *WHO, "--modality", "es", "-q")[0] == 0
    assert dcmread(target).Modality == "ES"


def test_a_folder_of_pictures(capsys: Captured, tmp_path: Path) -> None:
    shots(tmp_path / "shots")
    words = (tmp_path / "shots", tmp_path / "out.dcm", *WHO)
    assert answer(capsys, "to-dicom", *words, "--fps", "12.5", "-q")[0] == 0
    assert dcmread(tmp_path / "out.dcm").NumberOfFrames == 5
    status, _, err = answer(capsys, "to-dicom", *words, "--overwrite")
    assert status == 2
    assert "--fps" in err


def test_what_a_killed_run_left_goes_with_the_next(
    hard_clips: Path, tmp_path: Path, capsys: Captured
) -> None:
    left: list[Path] = []
    words = ["to-dicom", hard_clips / "ten_bit.mp4", tmp_path / "one.dcm", *WHO, "-q"]
    command = [sys.executable, "-m", "xray_studio", *map(str, words)]
    with subprocess.Popen(command) as killed:
        while killed.poll() is None and not left:
            left = list(tmp_path.glob(".xray-studio-*"))
            time.sleep(0.002)
        killed.kill()
    assert left
    words[2] = tmp_path / "two.dcm"
    assert answer(capsys, *words)[0] == 0
    assert not list(tmp_path.glob(".xray-studio-*"))


def test_from_python(hard_clips: Path, tmp_path: Path) -> None:
    written = xs.to_dicom(
        hard_clips / "plain.mp4", tmp_path / "out.dcm", patient_id="1", patient_name="A^B",
        sop_class="microscopic",
    )  # fmt: skip
    assert written.frames == len(xs.open(tmp_path / "out.dcm")) == 12
    assert written.plan.what.modality == "GM"


class Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "status"), [("n\n", 130), ("y\n", 0)])
def test_in_a_terminal_it_is_confirmed(
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    hard_clips: Path,
    tmp_path: Path,
    typed: str,
    status: int,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    words = ("to-dicom", hard_clips / "plain.mp4", tmp_path / "out.dcm", *WHO, "-q")
    found, _, err = answer(capsys, *words)
    assert found == status
    assert "does: The stream is kept bit for bit." in err
    assert "patient: Mustermann^Erika, P-1" in err
    assert (tmp_path / "out.dcm").exists() == (status == 0)
