"""Recipes: what is saved is what is read, and what cannot be meant is refused by name and line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.errors import UsageError
from xray_studio.core.output import Quality
from xray_studio.services.recipe import NAMES, Recipe, options_of, words_of
from xray_studio.services.recipe_file import (
    load_recipe,
    recipe_from,
    recipe_text,
    save_recipe,
)

FULL = Recipe(
    format="webm", frames="3-40", fps="real", speed=0.5, loop="ping-pong", vfr="off", size="512x",
    window=(40.0, 400.5), invert=True, quality="high", codec="vp9", dither="diffused",
    stills="tiff", overlay="anonymous",
)  # fmt: skip

numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
recipes = st.builds(
    Recipe,
    format=st.sampled_from(["", "mp4", "gif", "pictures"]),
    frames=st.sampled_from(["", "1-5", "7"]),
    fps=st.sampled_from(["", "25", "30000/1001", "real"]),
    speed=numbers,
    size=st.sampled_from(["source", "screen", "10x20", "512x"]),
    window=st.none() | st.tuples(numbers, numbers),
    voi=st.none() | st.integers(1, 9),
    no_voi=st.booleans(),
    invert=st.booleans(),
    **{name: st.sampled_from(words_of(name)) for name in NAMES if words_of(name)},
)


@given(recipes)
def test_what_is_saved_is_read(recipe: Recipe) -> None:
    text = recipe_text(recipe)
    assert recipe_from(text, "r.toml") == recipe
    assert tomllib.loads(text)["recipe"] == 1


def test_a_recipe_is_short_and_plain(tmp_path: Path) -> None:
    save_recipe(tmp_path / "r.toml", FULL)
    lines = (tmp_path / "r.toml").read_text("utf-8").splitlines()
    assert 'format = "webm"' in lines
    assert "window = [40.0, 400.5]" in lines
    assert load_recipe(tmp_path / "r.toml") == FULL
    assert recipe_text(Recipe()).splitlines()[1:] == ["recipe = 1"]


def test_a_recipe_stands_for_options() -> None:
    options = options_of(FULL)
    assert (options.frames, options.size, options.quality) == ((2, 39), (512, 0), Quality.HIGH)
    assert options.real_time
    assert options.variable_rate is False


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["colour = 3"], "line 3: there is no choice colour; known are format, frames"),
        (["# words", "", "PatientName = 'x'"], "line 5: there is no choice PatientName"),
        (["[patient]", "name = 'x'"], "line 3: there is no choice patient"),
        (["quality = 3"], "line 3: quality cannot be 3"),
        (["window = [1]"], r"line 3: window cannot be \[1\]"),
        (["speed = true"], "line 3: speed cannot be true"),
        (["invert = 1"], "line 3: invert cannot be 1"),
        (["quality = 'best'"], "--quality best is unknown; choose one of medium, low"),
        (["frames = 'all'"], "--frames all is no range of frames"),
        (["format = '../x'"], r"The format \.\./x is unknown; choose one of mp4"),
        (["quality 'high'"], r"cannot be understood: .*line 3"),
        (["quality = 'low'", "quality = 'high'"], "cannot be understood"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(lines: list[str], sentence: str) -> None:
    text = "\n".join(["# recipe", "recipe = 1", *lines])
    with pytest.raises(UsageError, match=sentence):
        recipe_from(text, "mine.toml")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"quality = 'low'", 'begins with "recipe = 1"'),
        (b"recipe = 2", "later version"),
        (b"recipe = true", "is no recipe"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"#" * 70_000, "far too long"),
        (b"a=" + b"[" * 3000, "cannot be understood"),
    ],
)
def test_other_files_are_no_recipes(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "r.toml").write_bytes(content)
    with pytest.raises(UsageError, match=sentence):
        load_recipe(tmp_path / "r.toml")


def test_a_recipe_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_recipe(tmp_path / "r.toml")


def test_other_files_are_not_replaced_by_recipes(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("mine = 1")
    with pytest.raises(UsageError, match="is no recipe; choose another name"):
        save_recipe(tmp_path / "r.toml", FULL)
    assert (tmp_path / "r.toml").read_text() == "mine = 1"
    with pytest.raises(UsageError, match="does not exist"):
        save_recipe(tmp_path / "gone" / "r.toml", FULL)


@pytest.mark.parametrize("field", ["quality", "codec", "overlay"])
def test_words_are_checked_before_they_are_saved(tmp_path: Path, field: str) -> None:
    changes: dict[str, Any] = {field: "other"}
    with pytest.raises(UsageError, match="is unknown"):
        save_recipe(tmp_path / "r.toml", Recipe(**changes))
    assert list(tmp_path.iterdir()) == []
