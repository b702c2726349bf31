"""UCUM codes as people write them."""

from __future__ import annotations

import pytest

from xray_studio.core.units import unit_text, with_unit


@pytest.mark.parametrize(
    ("ucum", "words"),
    [
        ("mm", "mm"), ("cm2", "cm²"), ("mm3", "mm³"), ("um", "µm"), ("umol", "µmol"),
        ("mm[Hg]", "mmHg"), ("{beats}/min", "beats/min"), ("Gy.m2", "Gy·m²"), ("uGy.m2", "µGy·m²"),
        ("m/s", "m/s"), ("s-1", "s⁻¹"), ("Cel", "°C"), ("[hnsf'U]", "HU"), ("%", "%"), ("1", ""),
        ("{ratio}", ""), ("10*6/L", "10⁶/L"), ("kg/m2", "kg/m²"), ("mGy.cm", "mGy·cm"), ("", ""),
        ("Length Unit", "Length Unit"), ("us", "µs"), ("dB", "dB"),
    ],
)  # fmt: skip
def test_units_as_people_write_them(ucum: str, words: str) -> None:
    assert unit_text(ucum) == words


def test_numbers_with_their_unit() -> None:
    assert with_unit("12.5", "mm") == "12.5 mm"
    assert with_unit("45", "deg") == "45°"
    assert with_unit("37.2", "Cel") == "37.2 °C"
    assert with_unit("0.8", "1") == "0.8"
