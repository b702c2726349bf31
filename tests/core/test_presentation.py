"""Windows: how narrow they may be, and how they move."""

from __future__ import annotations

import math

import pytest

from xray_studio.core.presentation import VoiFunction, Window

EXACT = VoiFunction.LINEAR_EXACT


@pytest.mark.parametrize("function", VoiFunction)
def test_a_window_never_moves_below_what_its_function_allows(function: VoiFunction) -> None:
    narrow = Window(10, 4, function).moved(1, -100)
    assert narrow.center == 11
    assert narrow.width == narrow.least_width
    assert (narrow.width == 1.0) == (function is VoiFunction.LINEAR)


def test_only_linear_windows_are_at_least_1_wide() -> None:
    assert Window(0, 0.25, EXACT).moved(0.5, 0.25) == Window(0.5, 0.5, EXACT)
    for function in VoiFunction:
        with pytest.raises(ValueError, match="width"):
            Window(0, 0, function)
    with pytest.raises(ValueError, match="at least 1"):
        Window(0, 0.5)
    with pytest.raises(ValueError, match="finite"):
        Window(math.nan, 1)


def test_spanning_keeps_small_ranges() -> None:
    assert Window.spanning(0.001, 0.004).width == pytest.approx(0.003)
    assert Window.spanning(-5, 5) == Window(0, 10, EXACT)
    assert Window.spanning(7, 7).width == 1
