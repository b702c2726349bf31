"""Build, start, open the demonstration, export: what a user of the built program does first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.build.program import Program

pytestmark = pytest.mark.build


def _study(folder: Path) -> Path:
    return next(folder.rglob("run-3.dcm"))


def test_it_starts_and_describes_its_surroundings(program: Program) -> None:
    facts = program.facts("doctor")
    assert [name for name, version in facts["packages"].items() if version is None] == []
    assert [each["name"] for each in facts["decoders"] if each["missing"]] == []
    assert facts["problems"] == []


def test_the_demonstration_makes_pictures_clip_and_objects(demonstration: Path) -> None:
    suffixes = {path.suffix for path in demonstration.rglob("*") if path.stat().st_size}
    assert {".dcm", ".mp4", ".png"} <= suffixes


def test_the_demonstration_opens_from_its_file(program: Program, demonstration: Path) -> None:
    facts = program.facts("info", _study(demonstration))
    assert facts["frames"] > 1
    assert (facts["rows"], facts["columns"]) == (512, 512)


def test_steps_find_the_libraries_that_they_need(program: Program, demonstration: Path) -> None:
    for step in ("tv", "wavelet", "nlm"):
        picture = program.home / f"{step}.png"
        program.run("render", _study(demonstration), picture, "--step", step)
        assert picture.stat().st_size > 10_000


def test_networks_can_be_computed(program: Program) -> None:
    assert program.facts("doctor")["compute"]["device"] in {"cpu", "cuda"}


def test_models_that_ship_are_there_and_whole(program: Program) -> None:
    found = program.facts("models", "verify")["models"]
    assert {one["name"]: one["problem"] for one in found if one["folder"]}["view"] is None


def test_a_clip_is_exported_and_checked(program: Program, demonstration: Path) -> None:
    clip = program.home / "clip.mp4"
    program.run("export", _study(demonstration), clip)
    assert clip.read_bytes()[4:8] == b"ftyp"
    assert json.loads((program.home / "clip.mp4.json").read_text("utf-8"))


def test_the_window_opens_the_demonstration_and_closes(
    program: Program, demonstration: Path
) -> None:
    status, said = program.open_window(_study(demonstration))
    assert status == 0, said
    assert "Traceback" not in said


def test_the_window_opens_empty(program: Program) -> None:
    status, said = program.open_window()
    assert status == 0, said
    assert "Traceback" not in said
