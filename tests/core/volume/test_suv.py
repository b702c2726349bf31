"""Uptake values against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xray_studio.core.errors import UsageError
from xray_studio.core.volume.suv import PetFacts, Uptake, uptake_scale

# 70 kg, 1.75 m; 370 MBq of fluorine 18, an hour before the scan.
PET = PetFacts(
    units="BQML", corrected="START", weight=70.0, height=1.75, sex="M", dose=370e6,
    half_life=6586.2, injected=36_000.0, started=39_600.0,
)  # fmt: skip
DECAYED = 370e6 * 0.5 ** (3600.0 / 6586.2)


@pytest.mark.parametrize(
    ("kind", "sex", "spread", "unit"),
    [
        (Uptake.WEIGHT, "M", 70_000.0, "g/ml"),
        (Uptake.LEAN, "M", 56_520.0, "g/ml"),  # 1.10 x 70 - 128 x (70 / 175)^2
        (Uptake.LEAN, "F", 51_220.0, "g/ml"),  # 1.07 x 70 - 148 x (70 / 175)^2
        (Uptake.LEAN_JANMAHASATIAN, "M", 55_857.1, "g/ml"),  # 9270 x 70 / (6680 + 216 x 22.857)
        (Uptake.LEAN_JANMAHASATIAN, "F", 45_197.0, "g/ml"),  # 9270 x 70 / (8780 + 244 x 22.857)
        (Uptake.SURFACE, "M", 18_481.4, "cm2/ml"),  # 71.84 x 70^0.425 x 175^0.725
    ],
)
def test_kinds_of_uptake(kind: Uptake, sex: str, spread: float, unit: str) -> None:
    scale = uptake_scale(replace(PET, sex=sex), kind)
    assert scale.factor == pytest.approx(spread / DECAYED, rel=2e-5)
    assert (scale.unit, scale.kind) == (unit, kind)


def test_values_corrected_to_the_injection_meet_the_whole_dose() -> None:
    scale = uptake_scale(replace(PET, corrected="ADMIN", injected=None, half_life=None))
    assert scale.factor == pytest.approx(70_000.0 / 370e6)


def test_counts_that_the_scanner_scales() -> None:
    activity = replace(PET, units="CNTS", activity_scale=2.5)
    assert uptake_scale(activity).factor == pytest.approx(2.5 * uptake_scale(PET).factor)
    ready = replace(PET, units="CNTS", uptake_scale=0.01, dose=None)
    assert uptake_scale(ready).factor == pytest.approx(0.01)
    lean = uptake_scale(ready, Uptake.LEAN).factor
    assert lean == pytest.approx(0.01 * 56_520.0 / 70_000.0)


def test_what_is_uptake_already_stays() -> None:
    assert uptake_scale(PetFacts(units="GML")).factor == 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weight": None}, "the patient's weight"),
        ({"weight": 0.0}, "the patient's weight"),
        ({"dose": None}, "the injected activity"),
        ({"half_life": None}, "the half-life"),
        ({"injected": None}, "times of injection and scan"),
        ({"corrected": "NONE"}, "not"),
        ({"started": 20_000.0}, "within the day"),
        ({"units": "CNTS"}, "counts"),
        ({"units": ""}, "no unit"),
    ],
)
def test_what_is_not_told_is_named(change: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        uptake_scale(replace(PET, **change))


def test_lean_mass_needs_height_and_sex() -> None:
    with pytest.raises(UsageError, match="height"):
        uptake_scale(replace(PET, height=None), Uptake.LEAN)
    with pytest.raises(UsageError, match="sex"):
        uptake_scale(replace(PET, sex="O"), Uptake.LEAN)
    with pytest.raises(UsageError, match="janma"):
        uptake_scale(replace(PET, weight=250.0, height=1.2, sex="F"), Uptake.LEAN)
