"""The table of video transfer syntaxes agrees with the registry of PS3.6."""

from __future__ import annotations

import pytest
from pydicom.uid import UID

from xray_studio.core.video.syntaxes import (
    H264_41,
    HEVC_MAIN,
    METHODS,
    VIDEO_SYNTAXES,
    VideoSyntax,
    fragmentable,
)


@pytest.mark.parametrize("syntax", VIDEO_SYNTAXES.values(), ids=lambda one: one.name)
def test_uids_are_those_of_the_registry(syntax: VideoSyntax) -> None:
    uid = UID(syntax.uid)
    assert uid.is_transfer_syntax
    assert ("Fragmentable" in uid.name) == syntax.uid.endswith(".1")
    assert {"mpeg2video": "MPEG2", "h264": "AVC", "hevc": "HEVC"}[syntax.codec] in uid.name


def test_every_video_syntax_of_the_registry_is_there() -> None:
    every = {f"1.2.840.10008.1.2.4.{number}" for number in range(100, 109)}
    assert every < set(VIDEO_SYNTAXES)
    assert len(VIDEO_SYNTAXES) == 9 + 7


def test_streams_may_lie_in_several_items_only_where_the_standard_says_so() -> None:
    assert not VIDEO_SYNTAXES[H264_41].fragments
    assert fragmentable(VIDEO_SYNTAXES[H264_41]).uid == f"{H264_41}.1"
    assert fragmentable(VIDEO_SYNTAXES[f"{H264_41}.1"]).uid == f"{H264_41}.1"
    assert fragmentable(VIDEO_SYNTAXES[HEVC_MAIN]).uid == HEVC_MAIN
    assert all(one.fragments for uid, one in VIDEO_SYNTAXES.items() if uid.endswith(".1"))


def test_methods_are_those_of_lossy_image_compression() -> None:
    assert {METHODS[one.codec] for one in VIDEO_SYNTAXES.values()} == {
        "ISO_13818_2", "ISO_14496_10", "ISO_23008_2",
    }  # fmt: skip
