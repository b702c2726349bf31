"""Patterns as files, measured luminances from tables and into them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.core.displays import perfect
from xray_studio.core.display_check import respond
from xray_studio.core.errors import StudioError, UnreadableError, UsageError, WriteError
from xray_studio.core.job import run
from xray_studio.imaging.patterns.source import PatternSource
from xray_studio.imaging.save import load
from xray_studio.services.display_check import (
    load_measured,
    loaded,
    patterns,
    save_response,
    write_patterns,
)


def test_patterns_are_written_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    files = run(write_patterns(folder, 480, 640))
    assert sorted(folder.iterdir()) == files
    assert len(files) == len(patterns()) == 24
    assert files[0].name == "01-quality-control.png"
    assert files[-1].name == "24-luminance-18-level-255.png"
    for index, file in enumerate(files):
        assert np.array_equal(load(file), PatternSource(480, 640).read(index))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    for target in (tmp_path, mine):
        with pytest.raises(WriteError, match="holds something"):
            run(write_patterns(target, 480, 640))
    assert mine.read_text() == "mine"
    with pytest.raises(WriteError):
        run(write_patterns(tmp_path / "none" / "below", 480, 640))


def test_a_stop_leaves_nothing(tmp_path: Path) -> None:
    job = write_patterns(tmp_path / "patterns", 480, 640)
    for _ in range(5):
        next(job)
    job.close()
    assert list(tmp_path.iterdir()) == []


def test_a_measurement_is_saved_and_read_again(tmp_path: Path) -> None:
    measured = perfect(ambient=0.2)
    path = tmp_path / "measured.csv"
    assert run(save_response(path, respond(measured))) == path
    assert load_measured(path) == run(loaded(path)) == measured
    assert load_measured(path, 0.0).ambient == 0.0


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (None, UnreadableError), (b"\xff\xfe1\x002", UsageError), (b"1\n" * 40_000, UsageError),
        (b"", UsageError),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told(
    tmp_path: Path, data: bytes | None, error: type[StudioError]
) -> None:
    path = tmp_path / "measured.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(error):
        load_measured(path)
