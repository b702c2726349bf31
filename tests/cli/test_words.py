"""Mistakes in the usage are told in the words of the program, not of its library."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("command", ["scan", "info", "render", "export", "to-video"])
def test_an_empty_argument_names_nothing(capsys: Captured, tmp_path: Path, command: str) -> None:
    out = () if command in {"scan", "info"} else (tmp_path / "out.png",)
    expected = (2, "An argument is empty; name a file or folder.")
    assert told(capsys, command, "", *out) == expected
