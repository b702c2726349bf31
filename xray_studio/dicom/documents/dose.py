"""Radiation dose reports in numbers (PS3.16 TID 10001 to 10004, 10007, 10011 to 10013)."""

from __future__ import annotations

from collections.abc import Iterator

from xray_studio.core.content import Content
from xray_studio.core.dose import Dose, IrradiationEvent, PlaneTotals
from xray_studio.dicom.documents import quantities as q

ACCUMULATED, EVENT = ("113702", "113811"), ("113706", "113819")
PLANE, EVENT_UID = "113764", ("113769", "113853")


def is_dose(content: Content) -> bool:
    """Tell whether a report holds accumulated dose or irradiation events."""
    return any(item.name.is_one(*ACCUMULATED, *EVENT) for item in content.walk())


def read_dose(content: Content) -> Dose:
    """Return what a dose report says, in the units of `core.dose`."""
    containers = list(content.walk())
    accumulated = [item for item in containers if item.name.is_one(*ACCUMULATED)]
    events = [item for item in containers if item.name.is_one(*EVENT)]
    procedure = content.find("121058")
    return Dose(
        planes=tuple(_totals(item) for item in accumulated if item.name.is_one("113702")),
        events=tuple(map(_event, events)),
        dlp=_first_of(accumulated, "113813", q.DLP),
        scans=_first_of(accumulated, "113812", q.COUNT),
        procedure=procedure.text if procedure else "",
        scope=_scope(content),
    )


def _first_of(items: list[Content], code: str, factors: q.Factors) -> float | None:
    found = (_amount(item, code, factors) for item in items)
    return next((value for value in found if value is not None), None)


def _amount(container: Content, code: str, factors: q.Factors) -> float | None:
    return q.mean_amount(tuple(_below(container, code)), factors)


def _below(container: Content, *codes: str) -> Iterator[Content]:
    return (item for item in container.walk() if item.name.is_one(*codes))


def _text(container: Content, *codes: str) -> str:
    return next((item.text for item in _below(container, *codes) if item.text), "")


def _scope(content: Content) -> str:
    return _text(content, "113705")


def _totals(container: Content) -> PlaneTotals:
    """Return the totals of one plane; CT and mammography have others."""

    def amount(code: str, factors: q.Factors) -> float | None:
        return _amount(container, code, factors)

    return PlaneTotals(
        plane=_text(container, PLANE),
        kap=amount("113722", q.KAP),
        air_kerma=amount("113725", q.KERMA),
        fluoro_kap=amount("113726", q.KAP),
        fluoro_air_kerma=amount("113728", q.KERMA),
        fluoro_time=amount("113730", q.SECONDS),
        acquisition_kap=amount("113727", q.KAP),
        acquisition_air_kerma=amount("113729", q.KERMA),
        acquisition_time=amount("113855", q.SECONDS),
        frames=amount("113731", q.COUNT),
        reference_point=_text(container, "113780"),
    )


def _event(container: Content) -> IrradiationEvent:
    """Return one irradiation event; what several pulses say is their mean."""

    def amount(code: str, factors: q.Factors) -> float | None:
        return _amount(container, code, factors)

    frames = amount("113768", q.COUNT)
    return IrradiationEvent(
        uid=_text(container, *EVENT_UID),
        started=_started(container),
        kind=_text(container, "113721", "113820"),
        plane=_text(container, PLANE),
        protocol=_text(container, "125203"),
        kap=amount("122130", q.KAP),
        air_kerma=amount("113738", q.KERMA),
        kvp=amount("113733", q.KILOVOLTS),
        current=amount("113734", q.MILLIAMPERES),
        pulse_rate=amount("113791", q.RATES),
        pulse_width=amount("113793", q.MILLISECONDS),
        exposure_time=_exposure_time(container),
        duration=amount("113742", q.SECONDS),
        frames=None if frames is None else int(frames),
        primary_angle=amount("112011", q.DEGREES),
        secondary_angle=amount("112012", q.DEGREES),
        source_to_detector=amount("113750", q.MILLIMETRES),
        source_to_isocentre=amount("113748", q.MILLIMETRES),
        filters=", ".join(dict.fromkeys(item.text for item in _below(container, "113757"))),
        ctdi=amount("113830", q.KERMA),
        dlp=amount("113838", q.DLP),
        pitch=amount("113828", q.COUNT),
        length=amount("113825", q.MILLIMETRES),
        target_region=_text(container, "123014"),
        targets=tuple(item.target for item in _below(container, "113795") if item.target),
    )


def _exposure_time(container: Content) -> float | None:
    projection = _amount(container, "113735", q.MILLISECONDS)
    return _amount(container, "113824", q.MILLISECONDS) if projection is None else projection


def _started(container: Content) -> str:
    moments = (item.moment for item in _below(container, "111526", "113809") if item.moment)
    return next(moments, container.moment)
