"""Key images: which frame of which file is marked."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.viewer.fakes import MemorySource, make_clip
from xray_studio.core.key_frames import KeyFrame, by_file, key_frame


def test_a_frame_is_that_of_its_file() -> None:
    clip = make_clip(MemorySource(frames=3))
    assert key_frame(clip, 0) is None
    assert key_frame(replace(clip, paths=("/a",)), 2) == KeyFrame("/a", 2)
    assert key_frame(replace(clip, paths=("/a", "/b", "/c")), 2) == KeyFrame("/c", 0)


def test_frames_are_told_by_file_in_order() -> None:
    marked = {KeyFrame("/b", 5), KeyFrame("/a", 0), KeyFrame("/b", 1)}
    assert by_file(marked) == {"/a": (0,), "/b": (1, 5)}
