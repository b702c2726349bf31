"""Finished videos opened again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.video.test_write import grey_pictures, write
from xray_studio.core.errors import UnreadableError
from xray_studio.core.job import run
from xray_studio.core.output import OutputSpec
from xray_studio.video.check import check_video
from xray_studio.video.containers import CONTAINERS

PICTURES = grey_pictures(12)
SPEC = OutputSpec(70, 91, False, 12, Fraction(15))


@pytest.mark.parametrize("suffix", [*CONTAINERS])
def test_what_was_written_is_found(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"clip{suffix}", PICTURES)
    found = run(check_video(path, SPEC, PICTURES[0], PICTURES[-1]))
    assert (found.frames, found.duration) == (12, pytest.approx(0.8, abs=0.001))
    assert max(found.first.coarse, found.last.coarse) < 2


def test_another_picture_is_seen(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mp4", PICTURES)
    found = run(check_video(path, SPEC, PICTURES[0], 255 - PICTURES[-1]))
    assert found.first.coarse < 2
    assert found.last.coarse > 30


def test_a_file_cut_short_is_seen(tmp_path: Path) -> None:
    path = write(tmp_path / "clip.mkv", PICTURES)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    try:
        found = run(check_video(path, SPEC, PICTURES[0], PICTURES[-1]))
    except UnreadableError:
        return
    assert found.frames < 12


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"")
    with pytest.raises(UnreadableError):
        run(check_video(tmp_path / "clip.mp4", SPEC, PICTURES[0], PICTURES[-1]))
