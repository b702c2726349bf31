"""Which streams may be kept bit for bit, and the sentence for those that may not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from xray_studio.core.video.facts import VideoFacts
from xray_studio.core.video.legal import legality
from xray_studio.core.video.syntaxes import (
    H264_41,
    H264_41_BD,
    H264_42,
    H264_42_3D,
    H264_42_STEREO,
    HEVC_MAIN,
    HEVC_MAIN_10,
    MPEG2_HIGH,
    MPEG2_MAIN,
)

NTSC = Fraction(30_000, 1001)
H264 = VideoFacts("mov", "h264", "High", "4", 1280, 720, "4:2:0", 8, 100, Fraction(30))
HEVC = replace(H264, codec="hevc", profile="Main", level="4")
MPEG2 = VideoFacts(
    "mpeg", "mpeg2video", "Main", "Main", 720, 480, "4:2:0", 8, 60, NTSC, interlaced=True,
    pixel_aspect=Fraction(8, 9),
)  # fmt: skip


def legal(facts: VideoFacts) -> list[str]:
    return [one.uid for one in legality(facts).syntaxes]


def test_the_syntax_that_most_take_comes_first() -> None:
    assert legal(H264) == [H264_41, H264_42]
    assert legal(HEVC) == [HEVC_MAIN, HEVC_MAIN_10]
    assert legal(MPEG2) == [MPEG2_MAIN, MPEG2_HIGH]


@pytest.mark.parametrize("profile", ["Constrained Baseline", "Main", "High"])
def test_a_high_profile_decoder_plays_the_profiles_below(profile: str) -> None:
    assert legal(replace(H264, profile=profile))[0] == H264_41


@pytest.mark.parametrize("profile", ["Baseline", "Extended", "High 10", "High 4:2:2", ""])
def test_other_profiles_are_named(profile: str) -> None:
    found = legality(replace(H264, profile=profile))
    assert not found.syntaxes
    assert f"The profile is {profile or 'unknown'}" in found.reasons[0]


def test_levels() -> None:
    assert legal(replace(H264, level="4.2")) == [H264_42]
    found = legality(replace(H264, level="5.1"))
    assert found.reasons == (
        "The level is 5.1, and MPEG-4 AVC/H.264 High Profile / Level 4.1 ends at 4.1.",
    )


def test_a_level_that_promises_less_than_the_pictures_need_is_not_believed() -> None:
    large = legality(replace(H264, columns=3840, rows=2160))
    assert "3840 x 2160 is larger than" in large.reasons[0]
    fast = replace(H264, columns=1920, rows=1080, rate=Fraction(60))
    assert legal(fast) == [H264_42]
    assert "too fast" in legality(replace(fast, rate=Fraction(120))).reasons[0]


def test_mpeg2_takes_what_its_tables_list() -> None:
    assert legal(replace(MPEG2, rows=576, rate=Fraction(25))) == [MPEG2_MAIN, MPEG2_HIGH]
    assert legal(replace(MPEG2, columns=352, rows=288, rate=Fraction(25))) == [MPEG2_HIGH]
    assert "15 frames per second" in legality(replace(MPEG2, rate=Fraction(15))).reasons[0]


def test_hevc_of_ten_bits() -> None:
    assert legal(replace(HEVC, profile="Main 10", bits=10)) == [HEVC_MAIN_10]


def test_stereo() -> None:
    assert legal(replace(H264, stereo="packed")) == [H264_42_3D]
    assert legal(replace(H264, profile="Stereo High", stereo="views")) == [H264_42_STEREO]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"chroma": "4:4:4"}, "stored as 4:4:4"),
        ({"bits": 10}, "have 10 bits"),
        ({"rotation": 90}, "turns the pictures by 90 degrees"),
        ({"variable": True}, "unequally far apart"),
        ({"rate": Fraction(0)}, "Nobody tells the frame rate"),
        ({"pixel_aspect": Fraction(16, 11)}, "not square (16:11)"),
        ({"codec": "vp9"}, "no transfer syntax for VP9"),
        ({"columns": 0}, "size of the pictures"),
    ],
)
def test_each_reason_is_a_sentence(change: dict[str, object], words: str) -> None:
    found = legality(replace(H264, **change))  # type: ignore[arg-type]
    assert not found.syntaxes
    assert words in " ".join(found.reasons)
    assert all(reason.endswith(".") for reason in found.reasons)


def test_a_syntax_that_is_asked_for_is_the_only_one() -> None:
    assert legality(H264, H264_42).syntaxes[0].uid == H264_42
    assert legality(H264, MPEG2_MAIN).reasons == (
        "MPEG2 Main Profile / Main Level takes MPEG-2, and this is H.264.",
    )


def test_blu_ray_has_formats_of_its_own() -> None:
    film = replace(H264, rate=Fraction(24_000, 1001))
    assert legality(film, H264_41_BD).syntaxes
    assert legality(H264, H264_41_BD).reasons
