"""Writes radiation dose reports of X-ray projection (PS3.3 A.35.8, TID 10001)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import XRayRadiationDoseSRStorage

from xray_studio.core.version import VERSION
from xray_studio.dicom.write import content as c
from xray_studio.dicom.write.objects import MAKER, Code, save
from xray_studio.dicom.write.report import Evidence, document, evidence
from xray_studio.dicom.write.study import SeriesFacts, StudyFacts

SQUARE_METRES = 1e-5  # Gy m2 in one dGy cm2
SINGLE: Code = ("113622", "DCM", "Single Plane")
PLANES: dict[str, Code] = {
    "": SINGLE,
    "A": ("113620", "DCM", "Plane A"),
    "B": ("113621", "DCM", "Plane B"),
}
FLUOROSCOPY: Code = ("44491008", "SCT", "Fluoroscopy")
ACQUISITION: Code = ("113611", "DCM", "Stationary Acquisition")
YES: Code = ("373066001", "SCT", "Yes")


@dataclass(frozen=True)
class Irradiation:
    """One press of the pedal: dose-area product in dGy cm2, air kerma at the reference point in Gy.

    `plane` is "", A or B; times in ms, lengths in mm, angles in degrees.
    """

    uid: str
    started: datetime
    label: str
    plane: str
    fluoroscopy: bool
    area_product: float
    kerma: float
    frames: int
    frame_time: float
    pulse_width: float
    voltage: float
    current: float
    primary_angle: float
    secondary_angle: float
    source_detector: float
    source_isocentre: float
    image: Evidence | None = None

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return self.frames * self.frame_time / 1000.0


def write_dose(
    path: Path,
    study: StudyFacts,
    series: SeriesFacts,
    events: tuple[Irradiation, ...],
    written: datetime,
) -> str:
    """Write a dose report; the file appears whole or not at all. Gives its SOP Instance UID.

    The totals are the sums of the events. Raises WriteError where nothing can be written.
    """
    root = c.container(
        ("113701", "DCM", "X-Ray Radiation Dose Report"),
        *_heading(study, events),
        *(_totals(plane, events) for plane in sorted({event.plane for event in events})),
        *(_event(event) for event in events),
        c.concept(("113854", "DCM", "Source of Dose Information"),
                  ("113858", "DCM", "MPPS Content")),
        template="10001",
    )  # fmt: skip
    made = document(str(XRayRadiationDoseSRStorage), study, series, written, root)
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "UNVERIFIED"
    made.PerformedProcedureCodeSequence = Sequence([])
    images = [event.image for event in events if event.image is not None]
    if images:
        made.CurrentRequestedProcedureEvidenceSequence = evidence(study, images)
    return save(made, path)


def _heading(study: StudyFacts, events: tuple[Irradiation, ...]) -> list[Dataset]:
    intent = c.concept(
        ("363703001", "SCT", "Has Intent"), ("261004008", "SCT", "Diagnostic Intent"),
        relation="HAS CONCEPT MOD",
    )  # fmt: skip
    last = events[-1]
    return [
        c.concept(("121058", "DCM", "Procedure reported"),
                  ("113704", "DCM", "Projection X-Ray"), intent, relation="HAS CONCEPT MOD"),
        c.concept(("121005", "DCM", "Observer Type"), ("121007", "DCM", "Device"),
                  relation="HAS OBS CONTEXT"),
        c.uid(("121012", "DCM", "Device Observer UID"), f"{study.uid}1", "HAS OBS CONTEXT"),
        c.text(("121013", "DCM", "Device Observer Name"), MAKER, "HAS OBS CONTEXT"),
        c.text(("121014", "DCM", "Device Observer Manufacturer"), MAKER, "HAS OBS CONTEXT"),
        c.text(("121015", "DCM", "Device Observer Model Name"), "Phantom", "HAS OBS CONTEXT"),
        c.text(("121016", "DCM", "Device Observer Serial Number"), VERSION, "HAS OBS CONTEXT"),
        c.moment(("113809", "DCM", "Start of X-Ray Irradiation"), events[0].started,
                 "HAS OBS CONTEXT"),
        c.moment(("113810", "DCM", "End of X-Ray Irradiation"), last.started, "HAS OBS CONTEXT"),
        c.concept(("113705", "DCM", "Scope of Accumulation"), ("113014", "DCM", "Study"),
                  c.uid(("110180", "DCM", "Study Instance UID"), study.uid, "HAS PROPERTIES"),
                  relation="HAS OBS CONTEXT"),
        c.concept(("113945", "DCM", "X-Ray Mechanical Data Available"), YES),
    ]  # fmt: skip


def _totals(plane: str, events: tuple[Irradiation, ...]) -> Dataset:
    """Accumulated dose of one plane (TID 10002, 10004, 10006)."""
    own = [event for event in events if event.plane == plane]
    low = [event for event in own if event.fluoroscopy]
    high = [event for event in own if not event.fluoroscopy]

    def product(some: list[Irradiation]) -> float:
        return sum(event.area_product for event in some) * SQUARE_METRES

    def kerma(some: list[Irradiation]) -> float:
        return sum(event.kerma for event in some)

    return c.container(
        ("113702", "DCM", "Accumulated X-Ray Dose Data"),
        c.concept(("113764", "DCM", "Acquisition Plane"), PLANES[plane],
                  relation="HAS CONCEPT MOD"),
        c.number(("113722", "DCM", "Dose Area Product Total"), product(own), "Gy.m2"),
        c.number(("113725", "DCM", "Dose (RP) Total"), kerma(own), "Gy"),
        c.number(("113726", "DCM", "Fluoro Dose Area Product Total"), product(low), "Gy.m2"),
        c.number(("113728", "DCM", "Fluoro Dose (RP) Total"), kerma(low), "Gy"),
        c.number(("113730", "DCM", "Total Fluoro Time"), sum(e.duration for e in low), "s"),
        c.number(("113727", "DCM", "Acquisition Dose Area Product Total"), product(high), "Gy.m2"),
        c.number(("113729", "DCM", "Acquisition Dose (RP) Total"), kerma(high), "Gy"),
        c.number(("113855", "DCM", "Total Acquisition Time"), sum(e.duration for e in high), "s"),
        c.number(("113731", "DCM", "Total Number of Radiographic Frames"),
                 sum(event.frames for event in high), "1"),
        c.concept(("113780", "DCM", "Reference Point Definition"),
                  ("113860", "DCM", "15cm from Isocenter toward Source")),
        template="10002",
    )  # fmt: skip


def _event(event: Irradiation) -> Dataset:
    """Return one irradiation (TID 10003)."""
    kind = FLUOROSCOPY if event.fluoroscopy else ACQUISITION
    items = [
        c.concept(("113764", "DCM", "Acquisition Plane"), PLANES[event.plane],
                  relation="HAS CONCEPT MOD"),
        c.uid(("113769", "DCM", "Irradiation Event UID"), event.uid),
        c.moment(("111526", "DCM", "DateTime Started"), event.started),
        c.concept(("113721", "DCM", "Irradiation Event Type"), kind),
        c.text(("125203", "DCM", "Acquisition Protocol"), event.label),
        c.concept(("123014", "DCM", "Target Region"), ("80891009", "SCT", "Heart")),
        c.number(("122130", "DCM", "Dose Area Product"), event.area_product * SQUARE_METRES,
                 "Gy.m2"),
        c.number(("113738", "DCM", "Dose (RP)"), event.kerma, "Gy"),
        c.number(("112011", "DCM", "Positioner Primary Angle"), event.primary_angle, "deg"),
        c.number(("112012", "DCM", "Positioner Secondary Angle"), event.secondary_angle, "deg"),
        c.number(("113733", "DCM", "KVP"), event.voltage, "kV"),
        c.number(("113734", "DCM", "X-Ray Tube Current"), event.current, "mA"),
        c.number(("113793", "DCM", "Pulse Width"), event.pulse_width, "ms"),
        c.number(("113735", "DCM", "Exposure Time"), event.frames * event.pulse_width, "ms"),
        c.number(("113768", "DCM", "Number of Pulses"), event.frames, "1"),
        c.number(("113742", "DCM", "Irradiation Duration"), event.duration, "s"),
        c.number(("113750", "DCM", "Distance Source to Detector"), event.source_detector, "mm"),
        c.number(("113748", "DCM", "Distance Source to Isocenter"), event.source_isocentre, "mm"),
        c.concept(("113780", "DCM", "Reference Point Definition"),
                  ("113860", "DCM", "15cm from Isocenter toward Source")),
    ]  # fmt: skip
    if event.frames > 1:
        rate = 1000.0 / event.frame_time
        items.append(c.number(("113791", "DCM", "Pulse Rate"), rate, "{pulse}/s"))
    if event.image is not None:
        items.append(
            c.image(
                event.image.sop_class,
                event.image.instance,
                name=("113795", "DCM", "Acquired Image"),
            )
        )
    return c.container(("113706", "DCM", "Irradiation Event X-Ray Data"), *items, template="10003")
