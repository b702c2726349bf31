"""Frames at unequal distances at the moments of one rate: none falls away unnamed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xray_studio.core.video.even import even_rate, fallen, standing

BURSTS = [0.0, 0.04, 0.08, 0.2, 0.32, 0.44, 0.48, 0.52, 0.64, 0.76]
MOST = Fraction(60)


def test_each_moment_shows_the_frame_that_stood_there() -> None:
    assert standing([0.0, 0.1, 0.4, 0.5], Fraction(10)) == [0, 1, 1, 1, 2, 3]
    assert standing([0.0, 0.033, 0.067, 0.1], Fraction(30)) == [0, 1, 2, 3]
    assert standing([0.0], Fraction(25)) == [0]


def test_a_burst_raises_the_rate_until_all_frames_are_shown() -> None:
    usual = Fraction(25, 3)
    assert fallen(BURSTS, usual) > 0
    assert even_rate(BURSTS, usual, MOST) == 25
    assert fallen(BURSTS, Fraction(25)) == 0
    assert even_rate([0.0, 0.1, 0.2], Fraction(10), MOST) == 10


def test_what_is_faster_than_can_be_is_counted() -> None:
    times = [0.0, 0.001, 0.1, 0.2]
    assert even_rate(times, Fraction(10), MOST) == MOST
    assert fallen(times, MOST) == 1


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60)])
def test_stamps_in_milliseconds_keep_their_rate(rate: Fraction) -> None:
    times = [round(number / float(rate), 3) for number in range(200)]
    assert even_rate(times, rate, MOST) == rate
