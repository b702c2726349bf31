"""The command line starts quickly: nothing heavy is imported before a command needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from xray_studio.__main__ import main

HEAVY = (
    "PySide6", "torch", "numpy", "pydicom", "av", "cv2", "PIL", "imagecodecs", "rich",
    "platformdirs",
)  # fmt: skip


def test_the_command_line_starts_without_heavy_libraries() -> None:
    code = (
        "import sys; from xray_studio.__main__ import main; main(['--help']);"
        f"sys.exit(' '.join(name for name in {HEAVY} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


class Interrupting:
    """Stands for Ctrl+C while the command line is still being imported."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "xray_studio.cli.main":
            raise KeyboardInterrupt


def test_an_interrupt_while_it_starts_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "xray_studio.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == "xray-studio: Stopped; nothing was begun.\n"


@pytest.mark.parametrize("screen", [False, True])
def test_a_word_that_is_neither_command_nor_file_is_told_in_a_line(
    screen: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("xray_studio.services.doctor.has_display", lambda: screen)
    assert main(["nonsense", "--x"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("xray-studio: There is no such command, file or folder")


def test_without_a_screen_a_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("xray_studio.services.doctor.has_display", lambda: False)
    assert main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("xray-studio: There is no display")
