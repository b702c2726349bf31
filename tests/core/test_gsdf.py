"""The Grayscale Standard Display Function: its table, its inverse, and DCMTK beside it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xray_studio.core.errors import UsageError
from xray_studio.core.gsdf import BRIGHTEST, DARKEST, jnd_index, luminance, seen_luminance

# PS3.14 Table B-1.
TABLE = {
    1: 0.0500, 2: 0.0547, 3: 0.0594, 4: 0.0643, 5: 0.0696, 6: 0.0750, 7: 0.0807, 8: 0.0866,
    9: 0.0927, 10: 0.0991, 1023: 3993.4040,
}  # fmt: skip


def test_luminances_are_those_of_the_table() -> None:
    # The function itself is an interpolation of the table, off by 0.3 % of the logarithm at most.
    for index, wanted in TABLE.items():
        assert float(luminance(index)) == pytest.approx(wanted, rel=1e-4, abs=5.1e-5)


def test_the_function_only_rises() -> None:
    assert np.all(np.diff(luminance(np.linspace(1, 1023, 50_000))) > 0)


@given(st.floats(1, 1023))
def test_the_index_is_the_inverse(index: float) -> None:
    assert float(jnd_index(luminance(index))) == pytest.approx(index, abs=1e-8)


@given(st.floats(DARKEST, BRIGHTEST))
def test_the_luminance_is_the_inverse(value: float) -> None:
    assert float(luminance(jnd_index(value))) == pytest.approx(value, rel=5e-4)


@given(st.floats(0.06, 5), st.floats(50, 3000), st.floats(0, 2))
def test_p_values_are_equally_many_differences_apart(
    dark: float, bright: float, ambient: float
) -> None:
    seen = seen_luminance(np.linspace(0, 1, 33), dark, bright, ambient)
    assert seen[0] == pytest.approx(dark + ambient, rel=5e-4)
    assert seen[-1] == pytest.approx(bright + ambient, rel=5e-4)
    steps = np.diff(jnd_index(seen))
    assert steps == pytest.approx(steps[0], rel=1e-6)


def test_what_lies_outside_is_refused() -> None:
    for value in (0.0, 0.04, 4001.0, float("nan"), -1.0):
        with pytest.raises(UsageError, match=r"0\.05 to 3,993"):
            jnd_index(value)
    for index in (0.9, 1024, float("nan")):
        with pytest.raises(UsageError):
            luminance(index)
    with pytest.raises(UsageError, match="brighter"):
        seen_luminance([0.5], 10, 10)
    with pytest.raises(UsageError, match="P-values"):
        seen_luminance([1.5], 1, 10)


@pytest.mark.skipif(shutil.which("dcmdspfn") is None, reason="DCMTK is not installed")
@pytest.mark.parametrize(
    ("dark", "bright", "ambient"), [(0.5, 400, 0.3), (0.1, 100, 0), (2, 1000, 1.5)]
)
def test_dcmtk_wants_the_same_luminances(
    tmp_path: Path, dark: float, bright: float, ambient: float
) -> None:
    out = tmp_path / "curve.txt"
    words = ("+Il", dark, bright, "+Ca", ambient, "+Cd", 18, "+Og", out)
    subprocess.run(["dcmdspfn", *map(str, words)], check=True, capture_output=True)
    rows = [line.split() for line in out.read_text().splitlines() if line[:1].isdigit()]
    theirs = [float(row[1]) for row in rows]
    ours = seen_luminance(np.linspace(0, 1, 18), dark, bright, ambient)
    assert ours == pytest.approx(theirs, rel=2e-3)
