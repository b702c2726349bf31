"""Standardised uptake values of positron emission tomography. Pure.

An uptake value compares the activity in tissue with the injected one spread evenly over the body:
by weight (Hamberg 1994), by lean mass (James 1976, or Janmahasatian 2005) or by surface (Du Bois
1916). The activity is the one at the moment that the scanner corrected its values to (PS3.3
C.8.9.1.1.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from xray_studio.core.errors import UsageError


class Uptake(Enum):
    """What injected activity is spread over. The values are those of the command line."""

    WEIGHT = "bw"
    LEAN = "lbm"
    LEAN_JANMAHASATIAN = "lbm-janma"
    SURFACE = "bsa"


@dataclass(frozen=True, slots=True)
class PetFacts:
    """What a PET file tells that uptake values need; None and "" where it does not.

    `units` is Units ("BQML", "CNTS", "GML", "CM2ML"), `corrected` Decay Correction ("START",
    "ADMIN", "NONE"). `weight` is in kg, `height` in m, `sex` "M" or "F", `dose` the injected
    activity in Bq, `half_life` in seconds; `injected` and `started` are moments in seconds on one
    clock: of the injection, and that to which values are corrected. `activity_scale` leads from
    counts to Bq/ml and `uptake_scale` from counts to uptake by weight, of scanners that store them.
    """

    units: str = ""
    corrected: str = ""
    weight: float | None = None
    height: float | None = None
    sex: str = ""
    dose: float | None = None
    half_life: float | None = None
    injected: float | None = None
    started: float | None = None
    activity_scale: float | None = None
    uptake_scale: float | None = None


@dataclass(frozen=True, slots=True)
class UptakeScale:
    """Uptake values are those of the file times `factor`, in `unit`."""

    factor: float
    unit: str
    kind: Uptake


_UNITS = {Uptake.SURFACE: "cm2/ml"}
_DAY = 86_400.0


def uptake_scale(pet: PetFacts, kind: Uptake = Uptake.WEIGHT) -> UptakeScale:
    """Return how values of a file become uptake values.

    Raises UsageError, which names what the file does not tell.
    """
    unit = _UNITS.get(kind, "g/ml")
    if pet.units == "GML" and kind is Uptake.WEIGHT:
        return UptakeScale(1.0, unit, kind)
    if pet.units == "CNTS" and not pet.activity_scale and pet.uptake_scale:
        by_weight = pet.uptake_scale
        return UptakeScale(by_weight / _grams(pet) * _spread(pet, kind), unit, kind)
    return UptakeScale(_activity(pet) * _spread(pet, kind) / _dose(pet), unit, kind)


def _activity(pet: PetFacts) -> float:
    """Return what leads from values to Bq/ml."""
    if pet.units == "BQML":
        return 1.0
    if pet.units == "CNTS" and pet.activity_scale:
        return pet.activity_scale
    raise UsageError(
        f"Uptake values need activity in Bq/ml, and these values are {_named(pet.units)}; open the"
        " series that the scanner corrected."
    )


def _named(units: str) -> str:
    names = {"CNTS": "counts", "GML": "uptake values already", "CM2ML": "uptake values already"}
    return names.get(units, f"in {units}" if units else "in no unit that is told")


def _spread(pet: PetFacts, kind: Uptake) -> float:
    """Return what activity is spread over: grams, or square centimetres."""
    if kind is Uptake.WEIGHT:
        return _grams(pet)
    weight, height = _grams(pet) / 1000.0, _positive(pet.height, "height")
    if kind is Uptake.SURFACE:
        return 71.84 * math.pow(weight, 0.425) * math.pow(100.0 * height, 0.725)
    return 1000.0 * _lean(weight, height, pet.sex, kind)


def _lean(weight: float, height: float, sex: str, kind: Uptake) -> float:
    """Return lean body mass in kg."""
    if sex not in {"M", "F"}:
        raise UsageError("Uptake by lean mass needs the patient's sex, which the file lacks.")
    if kind is Uptake.LEAN_JANMAHASATIAN:
        index = weight / height**2
        a, b = (6680.0, 216.0) if sex == "M" else (8780.0, 244.0)
        return 9270.0 * weight / (a + b * index)
    slope, bend = (1.10, 128.0) if sex == "M" else (1.07, 148.0)
    lean = slope * weight - bend * (weight / (100.0 * height)) ** 2
    if lean <= 0.0:
        raise UsageError(
            "The formula of James knows no lean mass for this weight and height; choose lbm-janma."
        )
    return lean


def _dose(pet: PetFacts) -> float:
    """Return the injected activity in Bq at the moment that values are corrected to."""
    dose = _positive(pet.dose, "injected activity")
    if pet.corrected == "ADMIN":
        return dose
    if pet.corrected != "START":
        raise UsageError(
            "Uptake values need values that are corrected for decay, and the file says that these"
            " are not."
        )
    half_life = _positive(pet.half_life, "half-life")
    if pet.injected is None or pet.started is None:
        raise UsageError(
            "Uptake values need the times of injection and scan, which the file lacks."
        )
    waited = pet.started - pet.injected
    if not 0.0 <= waited <= _DAY:
        raise UsageError(
            "The file tells an injection that is not within the day before the scan, so no uptake"
            " values can be told."
        )
    return dose * math.pow(2.0, -waited / half_life)


def _grams(pet: PetFacts) -> float:
    return 1000.0 * _positive(pet.weight, "weight")


def _positive(value: float | None, name: str) -> float:
    if value is None or not math.isfinite(value) or value <= 0.0:
        whose = "the patient's " if name in {"weight", "height"} else "the "
        raise UsageError(f"Uptake values need {whose}{name}, which the file lacks.")
    return value
