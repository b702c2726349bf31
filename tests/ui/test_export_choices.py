"""What the export dialog offers, and what the choices ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xray_studio.core.clip import Acquisition, Clip
from xray_studio.core.output import Quality
from xray_studio.core.playback import Loop, Timing
from xray_studio.core.presentation import Overlay, Presentation, Window
from xray_studio.dicom.pixels.encoders import NAMES
from xray_studio.services.recipe import Recipe
from xray_studio.ui.dialogs.export.choices import (
    OPTIONS,
    Choices,
    first_choices,
    frame_range,
    of_kind,
)
from xray_studio.ui.dialogs.export.formats import FORMATS, GOOD_FOR
from xray_studio.ui.dialogs.export.offers import settled, unavailable
from xray_studio.ui.dialogs.export.recipe import (
    choices_from,
    export_options,
    recipe_of,
    speed_words,
    with_window,
)
from xray_studio.ui.dialogs.export.target import (
    custom_size,
    free_target,
    name_problem,
    safe_name,
    size_written,
    source_size,
    suffix_of,
)
from xray_studio.ui.view import Cine, View

EIGHT_BIT = np.dtype(np.uint8)


@dataclass(frozen=True, eq=False)
class Nothing:
    """A source that is never read."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any] = EIGHT_BIT


def view(frames: int = 96, *, times: bool = False, aspect: float = 1.0, **changes: Any) -> View:
    moments = tuple(number / 15 for number in range(frames)) if times else ()
    made = Acquisition(modality="XA", series_number=3, series_description="Doe^John LCA")
    timing = Timing(15.0, "Frame Time", moments)
    source: Any = Nothing((frames, 100, 200))
    clip = Clip(source, timing, pixel_aspect=aspect, acquisition=made)
    given: dict[str, Any] = {"clip": clip, "cine": Cine(first=0, last=frames - 1)}
    return View(**(given | changes))


def test_the_whole_clip_is_proposed_or_what_plays_of_it() -> None:
    assert first_choices(view()).frames == "all"
    assert first_choices(view(cine=Cine(first=18, last=77))).frames == "range"


def test_a_still_is_proposed_as_a_picture() -> None:
    proposed = first_choices(view(1))
    assert (proposed.format, proposed.frames) == ("png", "one")
    out = unavailable(view(1), proposed)
    assert ("format", "mp4") in out
    assert ("frames", "all") in out


def test_identity_is_not_proposed() -> None:
    assert Overlay(first_choices(view()).text) is Overlay.ANONYMOUS


def test_pictures_have_neither_speed_nor_quality() -> None:
    out = unavailable(view(), Choices(format="png"))
    assert ("speed", "half") in out
    assert ("quality", "low") in out


def test_real_time_needs_moments() -> None:
    assert ("speed", "real") in unavailable(view(), Choices())
    assert ("speed", "real") not in unavailable(view(times=True), Choices())
    out = unavailable(view(times=True), Choices(format="avi", speed="real"))
    assert ("speed", "real") not in out  # frames are repeated there
    assert ("moments", "on") in out


def test_every_format_says_what_it_is_good_for() -> None:
    assert set(GOOD_FOR) == set(dict(FORMATS))
    assert all(words.endswith(".") and len(words) < 90 for words in GOOD_FOR.values())
    assert of_kind(Choices("avi"), "video").format == "avi"
    assert of_kind(Choices("avi"), "pictures").format == "png"


@pytest.mark.parametrize(
    ("choices", "out"),
    [
        (Choices("mp4"), {("codec", "vp9"), ("codec", "ffv1"), ("depth", "16")}),
        (Choices("webm"), {("codec", "h264"), ("encoder", "auto"), ("dither", "none")}),
        (Choices("mkv", quality="lossless"), {("encoder", "auto")}),
        (Choices("mkv", codec="h264"), {("depth", "16")}),
        (Choices("jpg"), {("quality", "lossless"), ("depth", "16"), ("speed", "half")}),
        (Choices("npz"), {("quality", "low"), ("size", "custom"), ("text", "all")}),
        (Choices("dcm"), {("speed", "half"), ("size", "custom"), ("quality", "high")}),
        (Choices("dcm-shown"), {("quality", "low"), ("depth", "16"), ("codec", "h264")}),
        (Choices("mp4"), {("syntax", "rle"), ("kind", "dicom"), ("format", "dcm")}),
    ],
)
def test_what_a_format_cannot(choices: Choices, out: set[tuple[str, str]]) -> None:
    assert out <= unavailable(view(), choices, {}).keys()


def test_every_transfer_syntax_of_the_command_line_is_offered() -> None:
    assert {key for key, _ in OPTIONS["syntax"]} == {"as-is", *NAMES}


def test_only_jpeg_with_loss_has_a_quality() -> None:
    lossy = unavailable(view(), Choices("dcm", syntax="jpeg-baseline"), {})
    assert {key for row, key in lossy if row == "quality"} == {"lossless"}
    source: Any = Nothing((96, 100, 200), np.dtype(np.uint16))
    clip = Clip(source, Timing(15.0, "Frame Time"), acquisition=Acquisition(modality="XA"))
    deep = unavailable(view(clip=clip), Choices("dcm"), {})
    assert ("syntax", "jpeg-baseline") in deep
    assert ("syntax", "htj2k") not in deep
    assert ("syntax", "jpeg-baseline") in unavailable(view(), Choices("dcm-shown"), {})


def test_objects_are_offered_for_objects() -> None:
    shown = view()
    assert shown.clip is not None
    made = replace(shown.clip.acquisition, sop_class_uid="1.2.840.10008.5.1.4.1.1.12.1")
    object_shown = replace(shown, clip=replace(shown.clip, acquisition=made))
    out = unavailable(object_shown, Choices("dcm"))
    assert not {("kind", "dicom"), ("format", "dcm"), ("syntax", "rle")} & out.keys()
    assert suffix_of(shown, Choices("dcm-shown")) == ".dcm"
    processed = replace(object_shown.clip, processed=("denoise",))
    assert ("format", "dcm") in unavailable(replace(shown, clip=processed), Choices("dcm-shown"))


@pytest.mark.parametrize("name", ["NIfTI", "PNG"])
def test_no_object_is_offered_for_files_of_other_formats(name: str) -> None:
    one = view()
    assert one.clip is not None
    made = replace(one.clip.acquisition, transfer_syntax=name)
    other = replace(one, clip=replace(one.clip, acquisition=made))
    found = unavailable(other, Choices("mp4"), {})
    assert found["kind", "dicom"] == "Only DICOM objects are written as DICOM"


def test_hardware_that_was_not_found_says_why() -> None:
    hardware = {"h264_nvenc": "no driver", "h264_qsv": "", "hevc_qsv": "too old"}
    out = unavailable(view(), Choices(), hardware)
    assert out["encoder", "nvenc"] == "Not here: no driver"
    assert ("encoder", "qsv") not in out
    assert ("encoder", "auto") not in out
    out = unavailable(view(), Choices(codec="hevc"), hardware)
    assert out["encoder", "qsv"] == "Not here: too old"
    assert ("encoder", "nvenc") in unavailable(view(), Choices(), None)


RECIPES = [
    Recipe(format="webm", quality="high", loop="ping-pong", size="320x"),
    Recipe(format="gif", dither="diffused", speed=0.5),
    Recipe(format="mkv", codec="ffv1", depth="16", quality="lossless", size="screen"),
    Recipe(format="pictures", stills="tiff", depth="16", overlay="anonymous"),
    Recipe(format="pictures", stills="jpg", quality="low"),
    Recipe(format="mp4", fps="25", speed=2.0, frames="3-9", size="640x480"),
    Recipe(format="mp4", fps="real", vfr="off", codec="hevc"),
    Recipe(format="npz"),
    Recipe(format="dcm", syntax="jpeg-ls", frames="3-9"),
    Recipe(format="dcm", syntax="htj2k"),
    Recipe(format="dcm", syntax="jpeg-baseline", quality="low"),
    Recipe(format="dcm", shown=True, size="screen", overlay="all", speed=0.5),
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_comes_back_from_the_form(recipe: Recipe) -> None:
    shown = view(times=True)
    choices = choices_from(shown, recipe, Choices())
    assert recipe_of(shown, choices) == recipe
    assert export_options(shown, choices).size == {
        "320x": (320, 0), "640x480": (640, 480), "screen": "screen", "source": None,
    }[recipe.size]  # fmt: skip


def test_what_only_a_recipe_asks_for_has_words() -> None:
    assert speed_words(RECIPES[5]) == "25 per s, \u00d7 2"
    assert speed_words(Recipe(fps="real", loop="ping-pong")) == "real time, ping-pong"
    choices = choices_from(view(), RECIPES[5], Choices())
    assert (choices.frames, choices.speed, choices.size) == ("recipe", "recipe", "recipe")
    assert frame_range(view(), choices) == (2, 8)


def test_a_video_recipe_over_one_picture_is_a_picture() -> None:
    choices = choices_from(view(1), RECIPES[0], Choices())
    assert (choices.format, choices.frames) == ("png", "one")


def test_the_window_is_kept_when_asked() -> None:
    shown = view(presentation=Presentation(voi=Window(40.0, 400.0), invert=True))
    made = with_window(shown, recipe_of(shown, Choices()))
    assert (made.window, made.invert) == ((40.0, 400.0), True)
    assert recipe_of(shown, Choices()).window is None
    assert with_window(view(presentation=Presentation(voi=None)), Recipe()).no_voi


@pytest.mark.parametrize(
    ("choices", "changed", "wanted"),
    [
        (Choices(frames="one"), "frames", Choices(format="png", frames="one")),
        (Choices(frames="one"), "format", Choices(frames="all")),
        (Choices("avi", quality="lossless"), "format", Choices("avi", quality="high")),
        (Choices("avi", speed="real"), "format", Choices("avi", speed="real")),
        (Choices("mp4", depth="16"), "format", Choices("mp4")),
        (Choices("webm", encoder="auto"), "format", Choices("webm")),
        (Choices("mkv", codec="h264", depth="16"), "codec", Choices("mkv", codec="h264")),
        (Choices("gif", dither="none"), "format", Choices("gif", dither="none")),
        (Choices("png", speed="half"), "format", Choices("png", speed="half")),
    ],
)
def test_choices_that_do_not_go_together_are_settled(
    choices: Choices, changed: str, wanted: Choices
) -> None:
    assert settled(view(times=True), choices, changed) == wanted


def test_frames_asked_for() -> None:
    shown = view(frame=46, cine=Cine(first=18, last=77))
    assert frame_range(shown, Choices(frames="all")) == (0, 95)
    assert frame_range(shown, Choices(frames="range")) == (18, 77)
    assert frame_range(shown, Choices(frames="one")) == (46, 46)


def test_choices_become_options() -> None:
    shown = view(presentation=Presentation(invert=True))
    options = export_options(
        shown, Choices(speed="half", quality="high", size="custom", width=100, text="all")
    )
    assert options.frames == (0, 95)
    assert options.speed == 0.5
    assert options.loop is Loop.ONCE
    assert options.size == (100, 0)
    assert options.overlay is Overlay.ALL
    assert options.quality is Quality.HIGH
    assert options.presentation == Presentation(invert=True)


def test_ping_pong_and_real_time() -> None:
    assert export_options(view(), Choices(speed="ping-pong")).loop is Loop.PING_PONG
    assert export_options(view(times=True), Choices(speed="real")).real_time
    assert not export_options(view(times=True), Choices("png", speed="real")).real_time


def test_sizes_follow_pixel_shape_and_rotation() -> None:
    assert source_size(view()) == (200, 100)
    assert source_size(view(aspect=2.0)) == (200, 200)
    turned = view(presentation=Presentation(rotation=90))
    assert source_size(turned) == (100, 200)
    assert custom_size(turned, 50) == (50, 100)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (Choices(size="custom", width=333), "334 \u00d7 166, even sides for MP4"),
        (Choices("avi", size="custom", width=331), "332 \u00d7 166, even sides for AVI"),
        (Choices("png", size="custom", width=333), "333 \u00d7 166"),
        (Choices(), "200 \u00d7 100"),
    ],
)
def test_the_size_told_is_that_of_the_file(choices: Choices, words: str) -> None:
    assert size_written(view(), choices) == words


@pytest.mark.parametrize("name", ["", "a/b", "..\\b", ".", "..", " . . ", "/run-1"])
def test_a_name_stays_in_its_folder(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize("name", ["run-1", "run.1", ".run", "Herz 1"])
def test_names_that_files_have(name: str) -> None:
    assert name_problem(name) == ""


def test_a_folder_holds_several_pictures_and_a_file_one() -> None:
    assert suffix_of(view(), Choices()) == ".mp4"
    assert suffix_of(view(), Choices(format="png")) == ""
    assert suffix_of(view(), Choices(format="png", frames="one")) == ".png"


def test_proposed_names_tell_nothing_about_the_patient() -> None:
    assert safe_name(view()) == "run-3"
    clip = view().clip
    assert clip is not None
    slices = replace(clip, acquisition=Acquisition(modality="CT"))
    assert safe_name(view(clip=slices)) == "ct"
    strange = replace(clip, acquisition=Acquisition(modality="../X^"))
    assert safe_name(view(clip=strange)) == "x"
    unknown = replace(clip, acquisition=Acquisition())
    assert safe_name(view(clip=unknown)) == "clip"


def test_a_proposed_name_replaces_nothing(tmp_path: Path) -> None:
    assert free_target(tmp_path, "run-3", ".mp4") == tmp_path / "run-3.mp4"
    (tmp_path / "run-3.mp4").touch()
    (tmp_path / "run-3-2.mp4").touch()
    assert free_target(tmp_path, "run-3", ".mp4") == tmp_path / "run-3-3.mp4"
