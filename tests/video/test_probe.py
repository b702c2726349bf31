"""What the probe tells of clips that go wrong in their own way."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from tests.video.hard_clips import CLIPS, FRAMES, NTSC
from xray_studio.core.errors import UnreadableError
from xray_studio.core.video.facts import Sound, VideoFacts
from xray_studio.core.video.legal import legality
from xray_studio.video.probe import probe


def facts(clips: Path, name: str) -> VideoFacts:
    return probe(str(clips / name)).facts


@pytest.mark.parametrize("name", CLIPS)
def test_frames_are_counted_in_every_container(hard_clips: Path, name: str) -> None:
    made, found = CLIPS[name], facts(hard_clips, name)
    assert (found.frames, found.columns, found.rows) == (FRAMES, *made.size)
    assert found.stream_size < found.size == (hard_clips / name).stat().st_size
    if made.moments is None:
        assert found.rate == made.rate
        assert not found.variable


@pytest.mark.parametrize(
    ("name", "syntaxes"),
    [
        ("plain.mp4", ["102", "104"]),
        ("plain.avi", ["102", "104"]),
        ("interlaced.mpg", ["100", "101"]),
        ("small.m2v.ts", ["101"]),
        ("hevc.mp4", ["107", "108"]),
        ("hevc_10_bit.mp4", ["108"]),
        ("two_views.mp4", ["105"]),
        ("variable.mp4", []),
        ("rotated.mp4", []),
        ("ten_bit.mp4", []),
        ("full_colour.mp4", []),
        ("odd.webm", []),
        ("grey.mkv", []),
    ],
)
def test_what_may_be_kept(hard_clips: Path, name: str, syntaxes: list[str]) -> None:
    found = legality(facts(hard_clips, name))
    assert [one.uid.rpartition(".")[2] for one in found.syntaxes] == syntaxes


def test_time_stamps_at_unequal_distances(hard_clips: Path) -> None:
    found = facts(hard_clips, "variable.mp4")
    assert found.variable
    assert found.even_rate == 25
    assert found.rate < 12


def test_pictures_that_the_container_turns(hard_clips: Path) -> None:
    found = facts(hard_clips, "rotated.mp4")
    assert found.rotation == 270  # FFmpeg counts against the clock
    assert found.shown_size == (48, 64)


def test_fields_and_sound(hard_clips: Path) -> None:
    found = facts(hard_clips, "interlaced.mpg")
    assert found.interlaced
    assert (found.rate, found.profile, found.level) == (NTSC, "Main", "Main")
    assert found.sound == (Sound("mp2", 48_000, 1),)


def test_metadata_is_named_and_never_told(hard_clips: Path) -> None:
    found = facts(hard_clips, "plain.mov")
    assert {"title", "comment"} <= set(found.metadata)
    assert found.place
    assert "Mustermann" not in repr(found)


def test_depth_and_colours(hard_clips: Path) -> None:
    assert facts(hard_clips, "ten_bit.mp4").bits == 10
    assert facts(hard_clips, "full_colour.mp4").chroma == "4:4:4"
    assert facts(hard_clips, "grey.mkv").chroma == "4:0:0"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no_moov.mp4", "never finished"),
        ("truncated.mp4", "cut short"),
        ("sound_only.mp4", "no moving pictures"),
        ("no_frames.mp4", "no moving pictures"),
        ("text.mp4", "not a video"),
    ],
)
def test_what_is_broken_says_how(hard_clips: Path, name: str, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        probe(str(hard_clips / name))


def test_frames_are_shown_in_their_order_where_the_container_tells_none(hard_clips: Path) -> None:
    told, untold = (probe(str(hard_clips / f"plain.{kind}")).packets for kind in ("mkv", "avi"))
    assert untold.times is None
    assert untold.shown.tolist() == told.shown.tolist()
    assert told.delay > 0


def test_real_mpeg2(shared_data: Path) -> None:
    found = facts(shared_data / "video", "mpeg2_720x480.mpeg")
    assert found.frames == 78
    assert (found.rate, found.pixel_aspect, found.interlaced) == (NTSC, Fraction(8, 9), True)
    assert [one.uid[-4:] for one in legality(found).syntaxes] == [".100", ".101"]
    assert not legality(replace(found, rate=Fraction(15))).syntaxes
