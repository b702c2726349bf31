"""Mistakes in the usage are told in the words of the program, not of its library."""

from __future__ import annotations

from pathlib import Path

import pytest

from xray_studio.__main__ import main

Captured = pytest.CaptureFixture[str]


def told(capsys: Captured, *arguments: object) -> tuple[int, str]:
    status = main([str(argument) for argument in arguments])
    return status, capsys.readouterr().err.removeprefix("xray-studio: ").rstrip("\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("export a b.mp4 --quality best", "Invalid value for '--quality': 'best' is not one of"
         " 'low', 'medium', 'high', 'lossless'. See xray-studio export --help."),
        ("export a b.mp4 --speed x", "Invalid value for '--speed': it should be a valid number."
         " See xray-studio export --help."),
        ("export a", "Name what to export and, last, the file to write: SRC... OUT."
         " See xray-studio export --help."),
        ("export", "Name what to export and, last, the file to write: SRC... OUT."
         " See xray-studio export --help."),
        ("render a", "Missing argument 'OUT.png'. See xray-studio render --help."),
        ("scan --nonsense", "No such option: --nonsense. See xray-studio scan --help."),
    ],
)  # fmt: skip
def test_wrong_usage_is_a_sentence(capsys: Captured, arguments: str, sentence: str) -> None:
    assert told(capsys, *arguments.split()) == (2, sentence)


@pytest.mark.parametrize("command", ["scan", "info", "render", "export", "to-video"])
def test_an_empty_argument_names_nothing(capsys: Captured, tmp_path: Path, command: str) -> None:
    out = () if command in {"scan", "info"} else (tmp_path / "out.png",)
    expected = (2, "An argument is empty; name a file or folder.")
    assert told(capsys, command, "", *out) == expected
