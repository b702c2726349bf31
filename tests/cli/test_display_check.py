"""`doctor` checks a display."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.displays import perfect, srgb
from xray_studio.cli.main import main
from xray_studio.core.display_check import LEVELS, Measured, respond
from xray_studio.core.display_table import written


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main(["doctor", *map(str, words), "--quiet"])
    out = capsys.readouterr()
    return status, out.out, out.err


def table(folder: Path, measured: Measured) -> Path:
    path = folder / "measured.csv"
    rows = zip(LEVELS, measured.luminances, strict=True)
    path.write_text("".join(f"{level},{value}\n" for level, value in rows))
    return path


def test_a_good_display_passes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = table(tmp_path, perfect())
    status, out, _ = run(capsys, "--display-check", path)
    assert status == 0
    assert "Primary class: passed.\nSecondary class: passed.\n" in out
    assert "Largest deviation 0.0 %, luminance ratio 500\n" in out
    _, out, _ = run(capsys, "--display-check", path, "--json")
    told = json.loads(out)
    assert told["passes"] == "primary"
    assert [row["level"] for row in told["levels"]] == list(LEVELS)
    assert max(abs(step["deviation_percent"]) for step in told["steps"]) < 0.01


def test_another_display_is_told_why_not(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = table(tmp_path, srgb())
    status, out, _ = run(capsys, "--display-check", path)
    assert status == 0
    assert "Primary class: not passed, the contrast from level" in out
    _, out, _ = run(capsys, "--display-check", path, "--ambient", "0.5", "--json")
    told = json.loads(out)
    assert told["passes"] is None
    assert told["ambient"] == 0.5
    assert told["luminance_ratio"] == pytest.approx(250.5 / 0.8)


def test_what_was_saved_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "saved.csv"
    path.write_text(written(respond(perfect(ambient=0.3))), "utf-8")
    _, out, _ = run(capsys, "--display-check", path)
    assert out.startswith("Ambient light 0.3 cd/m², added to each luminance\n")


def test_patterns_are_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    status, out, _ = run(capsys, "--patterns", folder, "--size", "640x480")
    assert (status, out) == (0, f"24 patterns of 640 x 480 pixels in {folder}\n")
    assert len(list(folder.glob("*.png"))) == 24
    status, out, _ = run(capsys, "--patterns", tmp_path / "more", "--size", "480x480", "--json")
    assert len(json.loads(out)["files"]) == 24


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--patterns", "{new}", "--size", "12"), 2),
        (("--patterns", "{new}", "--size", "10x10"), 2),
        (("--patterns", "{new}", "--display-check", "{table}"), 2),
        (("--patterns", "{full}", "--size", "480x480"), 1),
        (("--size", "640x480"), 2),
        (("--ambient", "1"), 2),
        (("--display-check", "{table}", "--ambient", "-1"), 2),
        (("--display-check", "{table}", "--ambient", "nan"), 2),
        (("--display-check", "{new}"), 1),
    ],
)
def test_mistakes_are_told_in_a_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], status: int
) -> None:
    path = table(tmp_path, perfect())
    names = {"new": tmp_path / "new", "table": path, "full": tmp_path}
    found, out, err = run(capsys, *(word.format(**names) for word in words))
    assert (found, out) == (status, "")
    assert err.startswith("xray-studio: ")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [path]
