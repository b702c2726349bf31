"""Progress where there is no terminal: a few lines, with the time that is left."""

from __future__ import annotations

import pytest

from xray_studio.cli import common
from xray_studio.core.job import Progress


def test_what_takes_long_tells_the_time_that_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 100.0
    monkeypatch.setattr(common.time, "monotonic", lambda: now)
    lines = common._Lines()
    for done in range(0, 401, 10):
        now = 100.0 + done
        lines.show(Progress(done, 400, "Running the batch"))
    assert capsys.readouterr().err.splitlines() == [
        "Running the batch",
        "Running the batch 100 of 400, about 5 min left",
        "Running the batch 200 of 400, about 3 min 20 s left",
        "Running the batch 300 of 400, about 1 min 40 s left",
        "Running the batch 400 of 400",
    ]


def test_large_files_are_told_in_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    lines = common._Lines()
    whole = 5_000_000_000
    for done in range(0, 9000, 1000):
        size = whole * done // 8000
        lines.show(Progress(done, 8000, "Copying the stream", bytes=size, all_bytes=whole))
    assert capsys.readouterr().err.splitlines() == [
        "Copying the stream",
        "Copying the stream 1.2 GB of 5.0 GB",
        "Copying the stream 2.5 GB of 5.0 GB",
        "Copying the stream 3.8 GB of 5.0 GB",
        "Copying the stream 5.0 GB of 5.0 GB",
    ]


def test_a_moment_tells_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(common.time, "monotonic", lambda: 100.0)
    lines = common._Lines()
    for done in range(5):
        lines.show(Progress(done, 4, "Reading headers"))
    assert "left" not in capsys.readouterr().err
