"""Standard streams that are closed or full, text that a terminal would act on, and signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import make_object, save
from xray_studio.__main__ import main

Captured = pytest.CaptureFixture[str]
PROGRAM = [sys.executable, "-m", "xray_studio"]
FULL = "The answer cannot be written: the disk is full; free some space"

posix = pytest.mark.skipif(os.name == "nt", reason="streams and signals of POSIX")
full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is full")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    Image.fromarray(np.arange(64 * 48, dtype=np.uint16).reshape(48, 64) * 16).save(path)
    return path


def shell(redirection: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", f'"$@" {redirection}', "sh", *PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


@posix
@pytest.mark.parametrize("redirection", ["2>&-", "<&- 2>&-", "2>/dev/full"])
def test_an_answer_needs_no_standard_error(picture: Path, redirection: str) -> None:
    if "full" in redirection and not Path("/dev/full").exists():
        pytest.skip("a device that is full")
    done = shell(redirection, "info", picture)
    assert (done.returncode, done.stderr) == (0, "")
    assert "64 x 48" in done.stdout
    assert shell(redirection, "info", picture.with_name("gone.png")).returncode == 1


@posix
def test_nothing_is_told_where_standard_output_is_closed(picture: Path, tmp_path: Path) -> None:
    done = shell(">&-", "info", picture, "-q")
    assert (done.returncode, done.stderr) == (0, "")
    target = tmp_path / "out.png"
    done = shell("<&- >&- 2>&-", "render", picture, target)
    assert done.returncode == 0
    with Image.open(target) as written:
        assert written.size == (64, 48)


@full_device
@pytest.mark.parametrize(
    "arguments",
    [("info", "{picture}", "-q"), ("scan", "{picture}", "--json", "-q"), ("export", "--help"),
     ("doctor", "--json", "-q"), ("--version",)],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_told(picture: Path, arguments: tuple[str, ...]) -> None:
    done = shell(">/dev/full", *(word.format(picture=picture) for word in arguments))
    assert done.returncode == 1
    assert done.stderr.startswith(f"xray-studio: {FULL}")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="names of POSIX")
def test_control_characters_never_reach_the_terminal(capsys: Captured, tmp_path: Path) -> None:
    red = "\x1b[31mred\n\x07"
    pixels = np.arange(32 * 24, dtype=np.uint16).reshape(24, 32)
    path = tmp_path / f"{red}.dcm"
    save(make_object(pixels, SeriesDescription=f"a{red}b", PatientName=f"x{red}^y"), path)
    broken = tmp_path / f"{red}.txt"
    broken.write_text("no picture")
    for arguments in (("info", path), ("scan", tmp_path), ("info", broken), ("scan", broken, path)):
        main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        told = shown.out + shown.err
        assert told.isascii()
        assert all(line.isprintable() for line in told.splitlines()), arguments
        assert "\nred" not in told
    main(["info", str(path), "-q"])
    assert r"\x1b[31mred\n\x07.dcm" in capsys.readouterr().out


@posix
@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", ["typer", "xray_studio.cli.main", "xray_studio.services.open"])
def test_a_signal_while_it_starts_ends_in_order(
    picture: Path, number: signal.Signals, module: str
) -> None:
    code = (
        "import os, sys\n"
        "class Signalling:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), {int(number)}); eval('0')\n"
        f"sys.meta_path.insert(0, Signalling()); sys.argv[1:] = ['info', {str(picture)!r}]\n"
        "from xray_studio.__main__ import main\n"
        "sys.exit(main())\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.startswith("xray-studio: Stopped; nothing was ")
    assert done.stderr.count("\n") == 1


@posix
@pytest.mark.usefixtures("heard_signals")
def test_a_signal_that_meets_a_callback_is_not_lost(picture: Path) -> None:
    code = (
        "import os, sys, time\n"
        "class Odd:\n"
        "    def __del__(self):\n"
        f"        os.kill(os.getpid(), {int(signal.SIGINT)}); eval('0')\n"
        "class Signalling:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'xray_studio.services.open':\n"
        "            Odd()\n"
        "            for _ in range(2000): time.sleep(0.01)\n"
        f"sys.meta_path.insert(0, Signalling()); sys.argv[1:] = ['info', {str(picture)!r}]\n"
        "from xray_studio.__main__ import main\n"
        "sys.exit(main())\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "xray-studio: Stopped; nothing was half-written.\n"


@posix
@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_when_all_is_done_changes_nothing(picture: Path, number: signal.Signals) -> None:
    code = (
        "import atexit, os, sys\n"
        f"atexit.register(lambda: os.kill(os.getpid(), {int(number)}))\n"
        f"sys.argv[1:] = ['info', {str(picture)!r}, '-q']\n"
        "from xray_studio.__main__ import main\n"
        "sys.exit(main())\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stderr) == (0, "")
    assert "64 x 48" in done.stdout
