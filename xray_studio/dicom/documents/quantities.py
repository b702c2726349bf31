"""Measured values of a dose report in the units that people use, converted in decimal.

Reports store Gy·m2 and Gy; angiography speaks of Gy·cm2 and mGy. 0.00123 Gy·m2 are 12.3 Gy·cm2 and
not 12.299999: the factors are powers of ten, so the decimal digits stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from xray_studio.core.content import Content

Factors = Mapping[str, Decimal]


def _table(text: str) -> Factors:
    pairs = (pair.split("=") for pair in text.split())
    return MappingProxyType({unit: Decimal(factor) for unit, factor in pairs})


KAP = _table(
    "Gy.m2=1e4 mGy.m2=10 uGy.m2=1e-2 dGy.cm2=0.1 cGy.cm2=1e-2 Gy.cm2=1 mGy.cm2=1e-3 uGy.cm2=1e-6"
    " dGy.m2=1e3 cGy.m2=100"
)
KERMA = _table("Gy=1e3 dGy=100 cGy=10 mGy=1 uGy=1e-3 nGy=1e-6")
DLP = _table("mGy.cm=1 Gy.cm=1e3 mGy.m=100 uGy.cm=1e-3")
SECONDS = _table("s=1 ms=1e-3 us=1e-6 min=60 h=3600")
MILLISECONDS = _table("ms=1 s=1e3 us=1e-3")
KILOVOLTS = _table("kV=1 V=1e-3")
MILLIAMPERES = _table("mA=1 A=1e3 uA=1e-3")
RATES = _table("{pulse}/s=1 {pulses}/s=1 /s=1 1/s=1 Hz=1 s-1=1 {frames}/s=1")
DEGREES = _table("deg=1")
MILLIMETRES = _table("mm=1 cm=10 m=1e3 um=1e-3")
COUNT: Factors = MappingProxyType({})
"""Counts and ratios: their units are words, such as {pulses}, and change nothing."""


def amount(item: Content | None, factors: Factors) -> float | None:
    """Return the value of a NUM item in the unit that `factors` lead to.

    None where there is no item, no number, or a unit that the quantity cannot have.
    """
    if item is None or item.number is None:
        return None
    factor = Decimal(1) if factors is COUNT else factors.get(item.unit)
    return None if factor is None else scaled(item.number, factor)


def scaled(value: float, factor: Decimal) -> float | None:
    """Return value times factor, calculated in decimal digits."""
    try:
        return float(Decimal(repr(value)) * factor)
    except InvalidOperation:
        return None


def scaled_number(value: float, factor: str) -> float | None:
    """Return value times a factor given as decimal digits."""
    return scaled(value, Decimal(factor))


def mean_amount(items: tuple[Content, ...], factors: Factors) -> float | None:
    """Return the mean of what several items say: dose reports list pulses one by one."""
    values = [value for item in items if (value := amount(item, factors)) is not None]
    if len(values) < 2:
        return values[0] if values else None
    return sum(values) / len(values)
