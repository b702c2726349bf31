"""Lengths of time and moments as people write them."""

from __future__ import annotations

import pytest

from xray_studio.core.time_words import moment_text, span_text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1.2, "1.2 s"), (32.5, "32.5 s"), (452.5, "7 min 32.5 s"), (86400.0, "24 h 00 min 00 s")],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert span_text(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (8.502, "8.502 s"),
        (-0.25, "-0.250 s"),
        (62.5, "01:02.500"),
        (3728.502, "1:02:08.502"),
        (119.9999, "02:00.000"),
    ],
)
def test_moments(seconds: float, words: str) -> None:
    assert moment_text(seconds, 3) == words


def test_whole_seconds() -> None:
    assert (moment_text(10.0), moment_text(86390.0)) == ("10 s", "23:59:50")
