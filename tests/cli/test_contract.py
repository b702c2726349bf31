"""What every command promises: exit statuses, one JSON object, progress apart, no tracebacks."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from xray_studio.__main__ import COMMANDS, main
from xray_studio.cli import common, demo
from xray_studio.cli import main as command_line
from xray_studio.core.job import Job, Progress

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    Image.fromarray(np.arange(64 * 48, dtype=np.uint16).reshape(48, 64) * 16).save(path)
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.tiff"
    pages = [Image.fromarray(np.full((32, 48), 20 * n, np.uint8)) for n in range(6)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


def answer(capsys: Captured, *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err + shown.out
    return status, shown.out, shown.err


def facts(capsys: Captured, *arguments: object) -> dict[str, Any]:
    status, out, _ = answer(capsys, *arguments, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(capsys: Captured, command: str) -> None:
    status, out, err = answer(capsys, command, "--help")
    assert (status, err) == (0, "")
    assert f"Example: xray-studio {command}" in out


def test_help_and_version(capsys: Captured) -> None:
    status, out, _ = answer(capsys, "--help")
    assert status == 0
    assert all(command in out for command in COMMANDS)
    assert answer(capsys, "--version")[1].startswith("X-Ray Studio 0.")


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan",), ("info",), ("info", "a", "b"), ("render", "a"), ("export", "a"),
        ("scan", "--nonsense", "a"), ("--nonsense",),
        ("render", "{picture}", "{out}.png", "--frame", "x"),
        ("render", "{picture}", "{out}.png", "--frame", "2"),
        ("render", "{picture}", "{out}.png", "--frame", "0"),
        ("render", "{picture}", "{out}.ogv"),
        ("render", "{picture}", "{out}.png", "--voi", "1"),
        ("render", "{picture}", "{out}.png", "--no-voi", "--window", "1", "2"),
        ("render", "{picture}", "{out}.png", "--window", "1", "0"),
        ("render", "{picture}", "{out}.png", "--window", "nan", "5"),
        ("render", "{picture}", "{picture}"),
        ("export", "{clip}", "{out}.ogv"), ("export", "{clip}", "{out}.png"),
        ("export", "{clip}", "{clip}"),
        ("export", "{clip}", "{out}.mp4", "--frames", "2-9"),
        ("export", "{clip}", "{out}.mp4", "--frames", "0-3"),
        ("export", "{clip}", "{out}.mp4", "--frames", "some"),
        ("export", "{clip}", "{out}.mp4", "--fps", "fast"),
        ("export", "{clip}", "{out}.mp4", "--fps", "0"),
        ("export", "{clip}", "{out}.mp4", "--fps", "1/0"),
        ("export", "{clip}", "{out}.mp4", "--fps", "real"),
        ("export", "{clip}", "{out}.mp4", "--fps", "1e400"),
        ("export", "{clip}", "{out}.mp4", "--fps", "1e999999999"),
        ("export", "{clip}", "{out}.mp4", "--fps", "1/1e400"),
        ("export", "{clip}", "{out}.mp4", "--fps", "nan"),
        ("export", "{clip}", "{out}.mp4", "--fps", "1001"),
        ("export", "{clip}", "{out}.mp4", "--speed", "0"),
        ("export", "{clip}", "{out}.mp4", "--speed", "0.0001", "--fps", "real"),
        ("export", "{clip}", "{out}.mp4", "--speed", "nan"),
        ("export", "{clip}", "{out}.mp4", "--speed", "1e400"),
        ("export", "{clip}", "{out}.mp4", "--frames", f"1-{'9' * 5000}"),
        ("export", "{clip}", "{out}.mp4", "--size", f"{'9' * 5000}x10"),
        ("export", "{clip}", "{out}.mp4", "--size", "12"),
        ("export", "{clip}", "{out}.mp4", "--size", "0x0"),
        ("export", "{clip}", "{out}.mp4", "--loop", "spiral"),
        ("export", "{clip}", "{out}.mp4", "--quality", "best"),
        ("export", "{clip}", "{out}.avi", "--quality", "lossless"),
        ("export", "{clip}", "{out}.mp4", "--colormap", "hot"),
    ],
)  # fmt: skip
def test_wrong_usage_is_two(
    capsys: Captured, tmp_path: Path, picture: Path, clip: Path, arguments: tuple[str, ...]
) -> None:
    before = sorted(tmp_path.iterdir())
    words = [a.format(picture=picture, clip=clip, out=tmp_path / "out") for a in arguments]
    status, out, err = answer(capsys, *words, "--quiet")
    assert (status, out) == (2, ""), err
    assert err.startswith("xray-studio: ")
    assert err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", ["scan", "info", "render", "export"])
def test_what_is_not_there_is_one(capsys: Captured, tmp_path: Path, command: str) -> None:
    out = () if command in {"scan", "info"} else (tmp_path / "out.png",)
    status, _, err = answer(capsys, command, tmp_path / "missing.dcm", *out, "--quiet")
    assert status == 1
    assert err.startswith("xray-studio: ")
    assert err.count("\n") == 1


def test_a_folder_that_is_not_there_cannot_be_written_to(
    capsys: Captured, tmp_path: Path, picture: Path
) -> None:
    status, _, err = answer(capsys, "render", picture, tmp_path / "no" / "out.png", "-q")
    assert status == 1
    assert "does not exist; create it" in err


def test_scan_of_some_that_open_is_three(capsys: Captured, tmp_path: Path, picture: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing to see")
    status, out, err = answer(capsys, "scan", picture, tmp_path / "notes.txt", "--json", "-q")
    assert status == 3
    found = json.loads(out)
    assert len(found["patients"]) == 1
    assert [Path(skipped["path"]).name for skipped in found["skipped"]] == ["notes.txt"]
    assert "notes.txt: not a picture or DICOM file." in err
    assert answer(capsys, "scan", tmp_path, "-q")[0] == 0


def test_scan_lists_as_text(capsys: Captured, picture: Path) -> None:
    status, out, _ = answer(capsys, "scan", picture.parent, "-q")
    assert status == 0
    assert "1 frame in 1 file" in out


def test_info_of_a_still_and_a_clip(capsys: Captured, picture: Path, clip: Path) -> None:
    found = facts(capsys, "info", picture)
    assert (found["rows"], found["columns"], found["frames"]) == (48, 64, 1)
    assert (found["bits_stored"], found["frame_rate"], found["duration"]) == (16, None, None)
    found = facts(capsys, "info", clip)
    assert (found["frames"], found["frame_rate"], found["duration"]) == (6, 10.0, 0.6)
    assert (found["frame_rate_source"], found["windows"], found["tags"]) == ("default", [], [])
    status, out, _ = answer(capsys, "info", clip)
    assert status == 0
    assert "48 x 32, 8 bit" in out


def test_render_writes_one_frame(capsys: Captured, tmp_path: Path, clip: Path) -> None:
    target = tmp_path / "frame.png"
    found = facts(capsys, "render", clip, target, "--frame", 3, "--no-voi")
    assert (found["rows"], found["columns"], found["frame"]) == (32, 48, 3)
    assert (np.asarray(Image.open(target)) == 40).all()
    status, _, err = answer(capsys, "render", clip, target, "-q")
    assert (status, "exists and would be lost" in err) == (1, True)
    facts(capsys, "render", clip, target, "--frame", 3, "--no-voi", "--invert", "--overwrite")
    assert (np.asarray(Image.open(target)) == 215).all()
    facts(capsys, "render", clip, target, "--frame", 6, "--window", 100, 41, "--overwrite")
    assert (np.asarray(Image.open(target)) == 131).all()
    status, out, _ = answer(capsys, "render", clip, target, "-q", "--overwrite")
    assert (status, out) == (0, "")


def test_export_writes_and_tells(capsys: Captured, tmp_path: Path, clip: Path) -> None:
    target = tmp_path / "clip.mp4"
    found = facts(
        capsys, "export", clip, target, "--frames", "2-5", "--fps", "30000/1001", "--size", "96x96",
        "--loop", "ping-pong", "--quality", "high", "--overlay", "anonymous", "--speed", "2",
    )  # fmt: skip
    assert (found["frames"], found["columns"], found["rows"]) == (6, 96, 96)
    assert found["rate"] == pytest.approx(60000 / 1001)
    manifest = json.loads(Path(found["manifest"]).read_text("utf-8"))
    assert manifest["frames"]["exact_rate"] == "60000/1001"
    status, out, err = answer(capsys, "export", clip, tmp_path / "frames", "--stills", "jpg")
    assert status == 0
    assert "6 frames" in out
    assert "Writing frames 6 of 6" in err
    assert len(list((tmp_path / "frames").glob("*.jpg"))) == 6
    assert answer(capsys, "to-video", clip, tmp_path / "v.mkv", "-q")[::2] == (0, "")


def test_several_files_are_one_sequence_and_failed_ones_are_listed(
    capsys: Captured, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(4):
        Image.fromarray(np.full((16, 16), 60 * number, np.uint8)).save(folder / f"{number}.png")
    damaged = folder / "2.png"
    found = facts(capsys, "export", *sorted(folder.iterdir()), tmp_path / "all.mp4")
    assert (found["frames"], found["failed"]) == (4, [])
    damaged.write_bytes(damaged.read_bytes()[:40])
    status, out, err = answer(capsys, "export", folder, tmp_path / "part.mp4", "--json", "-q")
    assert status == 3
    assert json.loads(out)["frames"] == 3
    assert "2.png: " in err


def test_a_forgotten_target_loses_no_picture(capsys: Captured, tmp_path: Path) -> None:
    for number in range(3):
        Image.fromarray(np.full((16, 16), 60 * number, np.uint8)).save(tmp_path / f"{number}.png")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    status, _, err = answer(capsys, "export", *sorted(before), "--frames", "1", "-q")
    assert (status, "2.png exists and would be lost" in err) == (1, True)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    arguments = ("--frames", "1", "--overwrite", "-q")
    assert answer(capsys, "export", *sorted(before), *arguments)[0] == 0


def test_an_unexpected_error_is_a_sentence_and_debug_shows_it(
    capsys: Captured, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Job[object]:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("xray_studio.services.open.scan", broken)
    status, _, err = answer(capsys, "scan", picture)
    assert status == 1
    assert err == (
        "xray-studio: An unexpected error (ZeroDivisionError); --debug shows where it arose.\n"
    )
    for arguments in (["--debug", "scan", str(picture)], ["scan", str(picture), "--debug"]):
        assert main(arguments) == 1
        shown = capsys.readouterr().err
        assert "in broken\nZeroDivisionError\n" in shown
        assert "a mistake of ours" not in shown  # what a library says can quote a file


def test_an_interrupt_leaves_nothing(
    capsys: Captured, tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xray_studio.services.export.pictures import Pictures

    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(Pictures, "made", interrupted)
    status, out, err = answer(capsys, "export", clip, tmp_path / "out.mp4", "-q")
    assert (status, out) == (130, "")
    assert err == "xray-studio: Stopped; nothing was half-written.\n"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_of_the_system_leave_nothing(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    pages = [Image.fromarray(np.full((512, 512), n, np.uint8)) for n in range(200)]
    pages[0].save(tmp_path / "long.tiff", save_all=True, append_images=pages[1:])
    command = [sys.executable, "-m", "xray_studio", "export", str(tmp_path / "long.tiff")]
    process = subprocess.Popen(
        [*command, str(out / "long.mp4"), "--quality", "high"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    lines = []
    while "Writing frames" not in (line := process.stderr.readline()):
        lines.append(line)
        assert line, lines
    process.send_signal(getattr(signal, name))
    rest = process.stderr.read()
    process.stderr.close()
    assert (process.wait(240), list(out.iterdir())) == (130, [])
    assert "Stopped; nothing was half-written." in rest
    assert "Traceback" not in rest


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_that_leaves_is_no_error(picture: Path) -> None:
    command = [sys.executable, "-m", "xray_studio", "scan", str(picture), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(240) == 0
    assert "Traceback" not in told
    assert "BrokenPipe" not in told


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes that are no text")
def test_names_that_are_no_text_are_told(capsys: Captured, tmp_path: Path, picture: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff.png")
    Path(odd).write_bytes(picture.read_bytes())
    status, out, _ = answer(capsys, "info", odd, "-q")
    assert status == 0
    assert "odd\\udcff.png" in out
    assert facts(capsys, "info", odd)["file"] == odd
    assert facts(capsys, "scan", tmp_path)["skipped"] == []


def test_doctor_tells_what_is_there(capsys: Captured) -> None:
    found = facts(capsys, "doctor")
    assert {"program", "system", "packages", "decoders", "display", "fonts", "gpu", "models",
            "problems"} <= found.keys()  # fmt: skip
    status, out, _ = answer(capsys, "doctor", "-q")
    assert status == 0
    assert "RLE Lossless: decodes" in out


def test_demo_without_a_window_writes_files(
    capsys: Captured, tmp_path: Path, small_demonstration: Path
) -> None:
    found = facts(capsys, "demo", "--headless", "--out", tmp_path / "demo")
    assert all(Path(path).is_file() for paths in found.values() for path in paths)
    assert len(found["objects"]) > 90
    assert {Path(path).parent.name for path in found["objects"]} >= {"angiography", "ct"}
    assert len(found["pictures"]) > 10
    assert len(found["clips"]) >= 7
    status, out, _ = answer(capsys, "demo", "--headless", "--out", tmp_path / "demo")
    assert status == 0
    assert "DICOM objects:" in out


def test_demo_opens_the_window_on_the_study(
    capsys: Captured, small_demonstration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[list[str]] = []
    monkeypatch.setenv("DISPLAY", ":99")

    def window(paths: list[str]) -> int:
        opened.append(paths)
        return 0

    assert command_line.main(["demo", "-q"], window) == 0
    assert [Path(path).parent for (path,) in opened] == [small_demonstration]
    demo.use_window(None)


def test_paths_open_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[str]] = []
    monkeypatch.setattr("xray_studio.__main__._window", lambda paths: opened.append(paths) or 0)
    assert main(["./scan", "folder"]) == 0
    assert main([]) == 0
    assert opened == [["./scan", "folder"], []]


def test_progress_is_told_at_quarters(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    from xray_studio.cli.common import run_job

    def job() -> Job[str]:
        for number in range(101):
            yield Progress(number, 100, "Counting")
        return "done"

    monkeypatch.setattr(common, "_MOMENT", math.inf)  # on a busy machine it could take longer
    assert run_job(job(), quiet=False) == "done"
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["Counting", *(f"Counting {n} of 100" for n in (25, 50, 75, 100))]
    run_job(job(), quiet=True)
    assert capsys.readouterr().err == ""


def test_progress_in_a_terminal(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    from xray_studio.cli.common import run_job

    def job() -> Job[None]:
        for number in range(4):
            yield Progress(number + 1, 4, "Counting")
            time.sleep(0.01)

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run_job(job(), quiet=False)
    shown = capsys.readouterr()
    assert shown.out == ""
