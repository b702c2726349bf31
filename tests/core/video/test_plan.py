"""What is done with a video, and the sentences that tell it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from xray_studio.core.errors import UnsupportedError, UsageError
from xray_studio.core.output import Quality
from xray_studio.core.video.classes import Kind, video_class
from xray_studio.core.video.facts import Sound, VideoFacts
from xray_studio.core.video.identity import Identity, check_identity, date_of
from xray_studio.core.video.plan import JPEG_BASELINE, JPEG_LS, Transcode, Way, Wish, planned
from xray_studio.core.video.syntaxes import (
    H264_41,
    H264_42,
    HEVC_MAIN,
    HEVC_MAIN_10,
    MPEG2_MAIN,
)

FACTS = VideoFacts(
    "mov", "h264", "High", "4", 1280, 720, "4:2:0", 8, 100, Fraction(30), stream_size=1_000_000,
    even_rate=Fraction(30), duration=Fraction(10, 3),
)  # fmt: skip
VP9 = replace(FACTS, codec="vp9", profile="", level="")


def test_a_legal_stream_is_kept() -> None:
    plan = planned(FACTS, Wish())
    assert (plan.way, plan.syntax, plan.container) == (Way.KEPT, H264_41, "mp4")
    assert plan.doing[:2] == (
        "The stream is kept bit for bit.", "Its container is written anew as MP4.",
    )  # fmt: skip
    assert "100 frames, 30 per second, 3.333 s." in plan.found


def test_ten_bits_stay_where_hevc_is_needed() -> None:
    small = replace(VP9, bits=10)
    assert (planned(small, Wish()).syntax, planned(small, Wish()).bits) == (H264_41, 8)
    large = planned(replace(small, columns=3840, rows=2160), Wish())
    assert (large.syntax, large.bits) == (HEVC_MAIN_10, 10)
    assert not any("bits become" in line for line in large.doing)
    deeper = planned(replace(small, columns=3840, rows=2160, bits=12), Wish())
    assert (deeper.bits, deeper.doing[-1]) == (10, "12 bits become 10.")
    eight = planned(replace(VP9, columns=3840, rows=2160), Wish())
    assert (eight.syntax, eight.bits) == (HEVC_MAIN, 8)
    assert planned(VP9, Wish(syntax=HEVC_MAIN_10)).bits == 8


def test_mpeg2_lies_in_a_transport_stream() -> None:
    facts = replace(
        FACTS, codec="mpeg2video", profile="Main", level="Main", columns=720, rows=576,
        rate=Fraction(25),
    )  # fmt: skip
    assert planned(facts, Wish()).container == "mpegts"


def test_never_says_why_not() -> None:
    with pytest.raises(UnsupportedError, match="no transfer syntax for VP9"):
        planned(VP9, Wish(transcode=Transcode.NEVER))


def test_always_encodes_anew() -> None:
    plan = planned(FACTS, Wish(transcode=Transcode.ALWAYS))
    assert plan.way is Way.TRANSCODED
    assert plan.reasons[0] == "It is asked for."


@pytest.mark.parametrize(
    ("size", "rate", "syntax"),
    [
        ((1280, 720), 60, H264_41),
        ((1920, 1080), 30, H264_41),
        ((1920, 1080), 60, H264_42),
        ((3840, 2160), 30, HEVC_MAIN),
    ],
)
def test_new_streams_have_the_first_syntax_that_takes_them(
    size: tuple[int, int], rate: int, syntax: str
) -> None:
    columns, rows = size
    facts = replace(VP9, columns=columns, rows=rows, even_rate=Fraction(rate))
    assert planned(facts, Wish()).syntax == syntax


def test_what_no_syntax_takes_is_told() -> None:
    with pytest.raises(UsageError, match=r"too fast.*multiframe"):
        planned(replace(VP9, columns=1920, rows=1080, even_rate=Fraction(60)), Wish(syntax=H264_41))
    with pytest.raises(UsageError, match="encodes no MPEG2"):
        planned(VP9, Wish(syntax=MPEG2_MAIN))


def test_pictures_are_turned_made_square_and_even() -> None:
    facts = replace(VP9, columns=721, rows=480, rotation=90, pixel_aspect=Fraction(8, 9))
    plan = planned(facts, Wish())
    assert (plan.columns, plan.rows) == (540, 722)
    assert "turned by 90 degrees" in " ".join(plan.doing)
    assert "made square" in " ".join(plan.doing)


def test_lossless_means_single_frames() -> None:
    plan = planned(FACTS, Wish(quality=Quality.LOSSLESS))
    assert (plan.way, plan.syntax, plan.what.kind) == (Way.CAPTURED, JPEG_LS, Kind.MULTIFRAME)
    assert "No video transfer syntax" in plan.reasons[0]
    with pytest.raises(UsageError, match="lossless"):
        planned(FACTS, Wish(quality=Quality.LOSSLESS, syntax=H264_41))


def test_single_frames_for_a_pacs_that_plays_no_video() -> None:
    plan = planned(FACTS, Wish(kind=Kind.MULTIFRAME))
    assert (plan.way, plan.syntax) == (Way.CAPTURED, JPEG_BASELINE)
    assert planned(replace(FACTS, chroma="4:0:0"), Wish(kind=Kind.MULTIFRAME)).what.uid[-2:] == ".2"
    with pytest.raises(UnsupportedError, match="JPEG"):
        planned(FACTS, Wish(kind=Kind.MULTIFRAME, transcode=Transcode.NEVER))


def test_streams_too_large_for_one_item() -> None:
    wish = Wish(largest_item=100_000)
    plan = planned(FACTS, wish)
    assert plan.syntax == f"{H264_41}.1"
    assert planned(FACTS, replace(wish, parts=True)).syntax == H264_41
    hevc = replace(FACTS, codec="hevc", profile="Main")
    assert planned(hevc, wish).syntax == HEVC_MAIN
    with pytest.raises(UsageError, match="--large parts"):
        planned(FACTS, replace(wish, syntax=H264_41))


def test_sound_and_metadata_stay_behind_unless_asked_for() -> None:
    facts = replace(FACTS, sound=(Sound("aac"),), metadata=("location", "title"), place=True)
    assert planned(facts, Wish()).doing[-1] == (
        "Left out: sound and what the container tells besides, with the place."
    )
    assert planned(facts, Wish(keep_sound=True)).doing[-1] == "Kept: sound."
    with pytest.raises(UsageError, match="no sound"):
        planned(FACTS, Wish(keep_sound=True))
    with pytest.raises(UsageError, match="opus"):
        planned(replace(facts, sound=(Sound("opus"),)), Wish(keep_sound=True))


@pytest.mark.parametrize(
    ("kind", "modality", "ending", "told"),
    [
        (Kind.AUTO, "", "77.1.4.1", "XC"),
        (Kind.AUTO, "ES", "77.1.1.1", "ES"),
        (Kind.AUTO, "SM", "77.1.2.1", "GM"),
        (Kind.AUTO, "US", "7.4", "US"),
        (Kind.ENDOSCOPIC, "", "77.1.1.1", "ES"),
        (Kind.MULTIFRAME, "", "7.4", "OT"),
    ],
)
def test_classes(kind: Kind, modality: str, ending: str, told: str) -> None:
    found = video_class(kind, modality)
    assert found.uid.endswith(f".{ending}")
    assert found.modality == told


def test_a_class_with_another_modality_is_refused() -> None:
    with pytest.raises(UsageError, match="has the modality ES"):
        video_class(Kind.ENDOSCOPIC, "XC")


def test_missing_identity_is_asked_for() -> None:
    with pytest.raises(UsageError, match="The patient ID and the patient name are missing"):
        check_identity(Identity())
    with pytest.raises(UsageError, match="The patient name is missing"):
        check_identity(Identity(patient_id="1"))
    for name in ("^", " ", "=", "^^=^ ="):
        with pytest.raises(UsageError, match="The patient ID and the patient name are missing"):
            check_identity(Identity(" ", name))
    check_identity(Identity("1", "A^B", birth_date="19700101", sex="F"))
    for day in ("1.1.1970", "19700231"):
        with pytest.raises(UsageError, match="no birth date"):
            check_identity(Identity("1", "A^B", birth_date=day))
    with pytest.raises(UsageError, match="no sex"):
        check_identity(Identity("1", "A^B", sex="female"))
    for odd in (
        Identity("1", "A\\B"),
        Identity("1\n2", "A"),
        Identity("1", "A", accession="9" * 17),
    ):
        with pytest.raises(UsageError, match="no backslash"):
            check_identity(odd)
    check_identity(Identity("1", "=".join(["A" * 64] * 3)))
    for odd in (Identity("1", "A^B^C^D^E^F"), Identity("1", "A=B=C=D"), Identity("1", "=A^^^^^")):
        with pytest.raises(UsageError, match="at most 5 parts"):
            check_identity(odd)
    with pytest.raises(UsageError, match="at most 64 letters"):
        check_identity(Identity("1", "A=" + "B" * 65))
    with pytest.raises(UsageError, match="short word"):
        check_identity(Identity("1", "A^B", modality="es"))


def test_what_is_told_stands_over_what_an_object_tells() -> None:
    other = Identity("1", "A^B", study_uid="1.2", modality="ES")
    assert Identity(modality="XC").over(other) == replace(other, modality="XC")
    with pytest.raises(UsageError, match="another one"):
        Identity("2").over(other)


def test_dates() -> None:
    assert date_of("1970-01-31") == "19700131"
    assert date_of("19700131") == "19700131"
