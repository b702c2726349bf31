"""Corner text: the right words, and nobody's identity where it must not stand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.core.test_clip import Counting
from xray_studio.core.clip import Acquisition, Clip, Identity
from xray_studio.core.corner_text import (
    Shown,
    angle_text,
    corner_text,
    format_age,
    format_date,
    format_name,
    format_number,
    format_time,
    frame_text,
    spacing_text,
    voi_text,
)
from xray_studio.core.lut import LookupTable
from xray_studio.core.place import FramePlace
from xray_studio.core.playback import Timing
from xray_studio.core.presentation import Overlay, Window

WHO = Identity(
    patient_name="Meyer^Anna^Maria",
    patient_id="P-77",
    birth_date="19600501",
    sex="F",
    institution="General Hospital",
    study_description="Coronary angiography",
    date="20200430",
    time="094107.25",
)
MADE = Acquisition(
    modality="XA",
    series_number=4,
    angles=(-30.2, 20.0),
    pixel_spacing=(0.1842, 0.1842),
    spacing_meaning="detector",
    lossy=True,
)
CLIP = Clip(Counting(), timing=Timing(rate=15.0), identity=WHO, acquisition=MADE)


def test_everything() -> None:
    text = corner_text(CLIP, Shown(frame=2, voi=Window(40, 400), zoom=1.5), Overlay.ALL)
    assert text.top_left == ("Meyer, Anna Maria", "P-77", "1960-05-01 · F · 59 y")
    assert text.top_right == ("General Hospital", "Coronary angiography", "2020-04-30 09:41:07")
    assert text.bottom_left == ("W 400 L 40 · 150 %",)
    assert text.bottom_right == (
        "Run 4 · RAO 30 CRAN 20",
        "3/4 · 0.13 s",
        "0.184 mm at the detector",
    )
    assert text.badges == ("LOSSY",)


def test_anonymous_says_neither_who_nor_where_nor_when() -> None:
    text = corner_text(CLIP, Shown(), Overlay.ANONYMOUS)
    words = " ".join(
        (*text.top_left, *text.top_right, *text.bottom_left, *text.bottom_right, *text.badges)
    )
    for secret in ("Meyer", "P-77", "1960", "General", "Coronary", "2020", "09:41"):
        assert secret not in words
    assert "Run 4" in words


def test_pictures_and_videos_are_known_by_their_names() -> None:
    clip = Clip(Counting(), paths=("/x/Doe 1.png", "/x/Doe 2.png"))
    assert corner_text(clip, Shown(frame=1), Overlay.ALL).top_right == ("Doe 2.png",)
    assert corner_text(clip, Shown(frame=3), Overlay.ALL).top_right == ("Doe 2.png",)
    assert corner_text(clip, Shown(), Overlay.ANONYMOUS).top_right == ()
    dicom = replace(CLIP, paths=("/x/Doe.dcm",))
    assert "Doe.dcm" not in corner_text(dicom, Shown(), Overlay.ALL).top_right


def test_none_is_empty() -> None:
    text = corner_text(CLIP, Shown(), Overlay.NONE)
    assert not any((text.top_left, text.top_right, text.bottom_left, text.bottom_right))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Meyer^Anna", "Meyer, Anna"),
        ("Meyer", "Meyer"),
        ("^Anna", "Anna"),
        ("", ""),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou"),
        ("=山田^太郎", "山田, 太郎"),
        ("Meyer^Anna^Maria^Dr^jr", "Meyer, Anna Maria"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert format_name(name) == shown


def test_dates_times_and_ages() -> None:
    assert format_date("20200102") == "2020-01-02"
    assert format_date("2020.01.02") == "2020-01-02"
    assert format_date("soon") == "soon"
    assert format_time("101112.5") == "10:11:12"
    assert format_time("1011") == "10:11"
    assert format_time("") == ""
    assert format_age("20000102", "20200101") == "19 y"
    assert format_age("20000102", "") == ""
    assert format_age("20300102", "20200101") == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (400.0, "400"),
        (0.5, "0.5"),
        (-1234.56, "-1235"),
        (3.14159, "3.142"),
        (0.0015, "0.0015"),
        (math.nan, "no value"),
        (-math.inf, "no value"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert format_number(value) == shown


@pytest.mark.parametrize(
    ("angles", "shown"),
    [
        (None, ""),
        ((30.4, -20.0), "LAO 30 CAUD 20"),
        ((-30.0, 20.0), "RAO 30 CRAN 20"),
        ((0.0, 0.0), "LAO 0 CRAN 0"),
        ((-0.3, 0.2), "LAO 0 CRAN 0"),
    ],
)
def test_angles(angles: tuple[float, float] | None, shown: str) -> None:
    assert angle_text(angles) == shown


def test_windows_and_tables_have_words() -> None:
    assert voi_text(Window(-600, 1500)) == "W 1500 L -600"
    assert voi_text(LookupTable(0, 8, b"\0\0", explanation="BONE")) == "BONE"
    assert voi_text(LookupTable(0, 8, b"\0\0")) == "VOI LUT"
    assert voi_text(None) == "Full range"


def test_the_time_of_a_frame_counts_the_delay_before_the_first() -> None:
    delayed = replace(CLIP, timing=Timing(rate=10.0, delay=1.5))
    assert frame_text(delayed, 2).endswith("· 1.70 s")


def test_a_still_has_no_frame_and_no_rate() -> None:
    still = replace(CLIP, source=Counting((1, 2, 3)))
    assert frame_text(still, 0) == ""
    text = corner_text(still, Shown(rate=15.0), Overlay.ALL)
    assert "per s" not in " ".join(text.bottom_left)


def test_slices_say_where_they_lie() -> None:
    across = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    places = tuple(FramePlace((3.0, 4.0, -12.5 + 10 * n), across) for n in range(3))
    stack = replace(CLIP, source=Counting((3, 2, 3)), places=places)
    assert [frame_text(stack, n) for n in range(3)] == [
        "1/3 · F 12.5 mm", "2/3 · F 2.5 mm", "3/3 · H 7.5 mm",
    ]  # fmt: skip


def test_rates_and_inversion_stand_beside_the_window() -> None:
    line = corner_text(CLIP, Shown(rate=14.96, invert=True), Overlay.ALL).bottom_left[-1]
    assert line == "Full range · inverted · 15.0/15 per s"


def test_colours_have_no_window() -> None:
    colour = replace(CLIP, source=Counting((4, 2, 3, 3), "uint8"))
    assert corner_text(colour, Shown(), Overlay.ALL).bottom_left == ()


def test_spacing_says_what_it_is() -> None:
    for meaning, words in (
        ("patient", "0.5 mm"),
        ("calibrated", "0.5 mm calibrated"),
        ("magnification", "0.5 mm corrected for magnification"),
    ):
        made = replace(MADE, pixel_spacing=(0.5, 0.5), spacing_meaning=meaning)
        assert spacing_text(replace(CLIP, acquisition=made)) == words
    assert spacing_text(replace(CLIP, acquisition=Acquisition())) == ""


def test_other_modalities_have_series() -> None:
    made = replace(MADE, modality="CT", angles=None)
    text = corner_text(replace(CLIP, acquisition=made), Shown(), Overlay.ALL)
    assert text.bottom_right[0] == "Series 4"
