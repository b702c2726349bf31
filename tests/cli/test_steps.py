"""`--step` and recipes with steps: the same pixels whichever way they are asked for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.dicom.objects import XA, make_object, save
from tests.services.clips import moving
from xray_studio import open as open_clip
from xray_studio import steps
from xray_studio.__main__ import main
from xray_studio.core.pipeline import Pipeline, Stage
from xray_studio.core.presentation import Window
from xray_studio.core.workers import Priority
from xray_studio.services.api import render
from xray_studio.services.export.manifest import manifest_path, read_manifest
from xray_studio.services.processing.steps import pipeline_of, step_of
from xray_studio.services.recipe import Recipe
from xray_studio.services.recipe_file import load_recipe, save_recipe

TWO = ("gaussian:sigma=1.5", "gaussian:sigma=0.7")
ASKED = [word for one in TWO for word in ("--step", one)]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def cine(tmp_path: Path) -> Path:
    """A cine of 12 bits with noise."""
    noise = np.random.default_rng(4).normal(0, 30, (6, 48, 64))
    frames = np.clip(moving(6) + noise, 0, 4095).astype(np.uint16)
    facts = {
        "BitsStored": 12,
        "HighBit": 11,
        "FrameTime": 66.7,
        "FrameIncrementPointer": 0x00181063,
    }
    made = make_object(frames, SOPClassUID=XA, Modality="XA", **facts)
    return Path(save(made, tmp_path / "cine.dcm"))


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_pixels_are_the_same_everywhere(cine: Path, tmp_path: Path) -> None:
    """Python, the window's way through worker processes, values, pictures, and recipes."""
    made = open_clip(cine).process(*TWO)
    wanted = np.stack(list(made))
    assert not np.array_equal(wanted, np.stack(list(open_clip(cine))))
    asked = [made.source.request(index, Priority.PLAYBACK) for index in range(len(made))]
    for index, future in enumerate(asked):
        assert np.array_equal(future.result(), made.stored(index))

    values, picture = tmp_path / "values.npz", tmp_path / "frame.png"
    assert run("export", cine, values, *ASKED, "-q") == 0
    with np.load(values) as found:
        assert np.array_equal(found["values"], wanted)
    window = ("--window", 2000, 1500)
    assert run("render", cine, picture, "--frame", 3, *window, *ASKED, "-q") == 0
    shown = render(made, 2, window=Window(2000, 1500))
    assert np.array_equal(np.asarray(Image.open(picture)), shown)
    stills = tmp_path / "stills"
    assert run("export", cine, stills, *window, *ASKED, "-q") == 0
    third = sorted(stills.glob("*.png"))[2]
    assert np.array_equal(np.asarray(Image.open(third)), shown)

    recipe = tmp_path / "mine.toml"
    saved = ("--save-recipe", recipe)
    assert run("export", cine, tmp_path / "again.npz", *ASKED, *saved, "-q") == 0
    assert run("export", "--recipe", recipe, cine, tmp_path / "all", "-q") == 0
    (one,) = (tmp_path / "all").glob("*.npz")
    with np.load(one) as found:
        assert np.array_equal(found["values"], wanted)


def test_a_manifest_tells_steps_and_noise(cine: Path, tmp_path: Path) -> None:
    target = tmp_path / "cine.mp4"
    assert run("export", cine, target, *ASKED, "-q") == 0
    told = read_manifest(manifest_path(target))
    assert told is not None
    assert [step["words"] for step in told["source"]["steps"]] == list(TWO)
    noise = told["source"]["steps"][0]["noise"]
    assert 300 < noise["ground"] + noise["gain"] * 1500 < 2000  # 30 squared
    assert told["source"]["processed"] == ["DENOISED"]


def test_steps_stand_in_recipes(tmp_path: Path) -> None:
    stages = (Stage(step_of("gaussian:sigma=1.25"), on=False), Stage(step_of("gaussian")))
    recipe = Recipe(format="mp4", step=Pipeline(stages))
    save_recipe(tmp_path / "mine.toml", recipe)
    assert load_recipe(tmp_path / "mine.toml") == recipe


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('[[step]]\nname = "nothing"', "There is no step 'nothing'"),
        ('[[step]]\nname = "gaussian"\nvalues = { sigma = 99 }', "sigma is 0.2 to "),
        ('[[step]]\nname = "gaussian"\nvalues = { sigma = "1" }', "sigma is 0.2 to "),
        ('[[step]]\nname = "gaussian"\nvalues = { width = 2 }', "has no width"),
        ('[[step]]\nname = "gaussian"\nwords = 2', "no words"),
        ("[[step]]\non = true", "has a name"),
        ("step = 3", "tables"),
    ],
)
def test_wrong_steps_are_told(
    lines: str, told: str, tmp_path: Path, capsys: Captured, cine: Path
) -> None:
    (tmp_path / "wrong.toml").write_text(f"recipe = 1\n{lines}\n")
    assert run("export", "--recipe", tmp_path / "wrong.toml", cine, tmp_path / "o.mp4", "-q") == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "o.mp4").exists()


def test_a_wrong_step_on_the_command_line_writes_nothing(
    cine: Path, tmp_path: Path, capsys: Captured
) -> None:
    for command in ("export", "render"):
        target = tmp_path / f"{command}.png"
        assert run(command, cine, target, "--step", "gaussian:sigma=0", "-q") == 2
        assert "sigma is 0.2 to " in capsys.readouterr().err
        assert not target.exists()


def test_the_original_stands_beside_what_was_made(cine: Path, tmp_path: Path) -> None:
    """`--as-stored 2` shows the same file as it is."""
    sides = ("--beside", cine, "--as-stored", 2, *ASKED)
    assert run("export", cine, tmp_path / "both.png", "--frames", 2, *sides, "-q") == 0
    left, right = np.split(np.asarray(Image.open(tmp_path / "both.png")), 2, axis=1)
    assert left.shape == right.shape
    assert not np.array_equal(left, right)


def test_every_step_is_listed(capsys: Captured) -> None:
    assert run("steps", "--json") == 0
    told = json.loads(capsys.readouterr().out)["steps"]
    assert told == json.loads(json.dumps(steps()))
    gaussian = next(step for step in told if step["name"] == "gaussian")
    assert gaussian["parameters"][0]["name"] == "sigma"
    assert gaussian["parameters"][0]["low"] == 0.2
    assert run("steps") == 0
    assert "gaussian" in capsys.readouterr().out
    for step in told:  # what is listed can be named
        assert pipeline_of([step["name"]]).words


def test_a_subtraction_is_the_same_everywhere(cine: Path, tmp_path: Path) -> None:
    word = "subtract:first=1,count=3,right=0.4,down=-0.2,logarithm=on"
    wanted = np.stack(list(open_clip(cine).process(word)))
    values = tmp_path / "values.npz"
    assert run("export", cine, values, "--step", word, "-q") == 0
    with np.load(values) as kept:
        found = next(kept[name] for name in kept.files if kept[name].shape == wanted.shape)
    assert np.array_equal(found, wanted)
    told = read_manifest(manifest_path(values))
    assert told is not None
    assert told["source"]["steps"][0]["told"] == (
        "mask frames 1-3; mask moved 0.4 right, 0.2 up (pixels); logarithm"
    )
    assert run("render", cine, tmp_path / "no.png", "--step", "subtract:first=7", "-q") == 2
    assert not (tmp_path / "no.png").exists()
