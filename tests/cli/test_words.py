"""Mistakes in the usage are told in the words of the program, not of its library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xray_studio.__main__ import main

Captured = pytest.CaptureFixture[str]


def told(capsys: Captured, *arguments: object) -> tuple[int, str]:
    status = main([str(argument) for argument in arguments])
    return status, capsys.readouterr().err.removeprefix("xray-studio: ").rstrip("\n")


FORGOTTEN = "Name what to export and, last, the file to write: SRC... OUT."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            "export a b.mp4 --loop best",
            "Invalid value for '--loop': 'best' is not one of 'once', 'ping-pong'.",
        ),
        ("export a b.mp4 --speed x", "Invalid value for '--speed': it should be a valid number."),
        ("export a", FORGOTTEN),
        ("export", FORGOTTEN),
        ("render a", "Missing argument 'OUT.png'."),
        ("scan --nonsense", "No such option: --nonsense."),
    ],
)
def test_wrong_usage_is_a_sentence(capsys: Captured, arguments: str, sentence: str) -> None:
    command = arguments.split(maxsplit=1)[0]
    whole = f"{sentence} See xray-studio {command} --help."
    assert told(capsys, *arguments.split()) == (2, whole)


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ("train view --nonsense", "train view"),
        ("train nonsense", "train"),
        ("evaluate report", "evaluate report"),
        ("report sign", "report sign"),
        ("report film.dcm --nonsense", "report draft"),
        ("--nonsense", ""),
    ],
)
def test_the_help_that_is_named_is_that_of_the_command(
    capsys: Captured, arguments: str, command: str
) -> None:
    status, said = told(capsys, *arguments.split())
    assert status == 2
    assert said.endswith(f" See {' '.join(f'xray-studio {command} --help'.split())}.")


@pytest.mark.parametrize("command", ["scan", "info", "render", "export", "to-video"])
def test_an_empty_argument_names_nothing(capsys: Captured, tmp_path: Path, command: str) -> None:
    out = () if command in {"scan", "info"} else (tmp_path / "out.png",)
    expected = (2, "An argument is empty; name a file or folder.")
    assert told(capsys, command, "", *out) == expected


def test_an_empty_option_is_named(capsys: Captured) -> None:
    """Nobody is sent to look for a file where a name is missing."""
    expected = (2, "--name is empty; give it a value, or leave it out.")
    assert told(capsys, "report", "sign", "report.json", "--name", "") == expected


def test_to_video_takes_one_file(capsys: Captured, tmp_path: Path) -> None:
    assert main(["to-video", "--help"]) == 0
    usage = capsys.readouterr().out
    assert "{FILE} {OUT}" in usage
    assert "several files" not in usage
    folder = (2, f"{tmp_path} is a folder; export takes folders, to-video one file.")
    assert told(capsys, "to-video", tmp_path, tmp_path / "out.mp4") == folder
    assert told(capsys, "to-video", "a", "b", tmp_path / "out.mp4")[0] == 2


def test_scan_says_what_its_status_counts(capsys: Captured, tmp_path: Path) -> None:
    assert main(["scan", "--help"]) == 0
    assert "The exit status is 3 where nothing opens below one" in " ".join(
        capsys.readouterr().out.split()
    )
    (tmp_path / "notes.txt").write_text("nothing to see")
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "a.png")
    (tmp_path / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    assert told(capsys, "scan", tmp_path, "-q") == (0, "")
    assert told(capsys, "scan", tmp_path, tmp_path / "notes.txt", "-q")[0] == 3
