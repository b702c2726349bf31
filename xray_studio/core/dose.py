"""Radiation dose as a dose report or an image tells it, in the units that people use.

Missing values are None. Units: kerma area product in Gy·cm2, kerma and dose in mGy, dose length
product in mGy·cm, times in seconds (exposure and pulses in ms), tube voltage in kV, current in mA,
angles in degrees, lengths in mm.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xray_studio.core.content import Reference


@dataclass(frozen=True, slots=True)
class IrradiationEvent:
    """One run, fluoroscopy or scan (PS3.16 TID 10003, 10013).

    `started` is DT as stored, `kind` as coded ("Fluoroscopy", "Stationary Acquisition"), `plane`
    "Plane A", "Plane B" or "Single Plane". `targets` are the images made.
    """

    uid: str = ""
    started: str = ""
    kind: str = ""
    plane: str = ""
    protocol: str = ""
    kap: float | None = None
    air_kerma: float | None = None
    kvp: float | None = None
    current: float | None = None
    pulse_rate: float | None = None
    pulse_width: float | None = None
    pulses: float | None = None
    exposure_time: float | None = None
    duration: float | None = None
    frames: int | None = None
    primary_angle: float | None = None
    secondary_angle: float | None = None
    source_to_detector: float | None = None
    source_to_isocentre: float | None = None
    filters: str = ""
    ctdi: float | None = None
    dlp: float | None = None
    pitch: float | None = None
    length: float | None = None
    target_region: str = ""
    targets: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaneTotals:
    """Totals of one plane, or of all (PS3.16 TID 10004, 10007); times in seconds."""

    plane: str = ""
    kap: float | None = None
    air_kerma: float | None = None
    fluoro_kap: float | None = None
    fluoro_air_kerma: float | None = None
    fluoro_time: float | None = None
    acquisition_kap: float | None = None
    acquisition_air_kerma: float | None = None
    acquisition_time: float | None = None
    exposures: float | None = None
    frames: float | None = None
    reference_point: str = ""


@dataclass(frozen=True, slots=True)
class Dose:
    """What a dose report says: totals for each plane, and each irradiation event in order.

    `dlp` is the total dose length product of CT, in mGy·cm.
    """

    planes: tuple[PlaneTotals, ...] = ()
    events: tuple[IrradiationEvent, ...] = ()
    dlp: float | None = None
    scans: float | None = None
    procedure: str = ""
    scope: str = field(default="")
