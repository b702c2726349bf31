"""A radiation dose report as a document: totals, one row for each irradiation event, context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from xray_studio.core.content import Content
from xray_studio.core.corner_text import angle_text
from xray_studio.core.document import Block, Document, Heading, Table
from xray_studio.core.dose import Dose, IrradiationEvent, PlaneTotals
from xray_studio.core.time_words import digits, span_text
from xray_studio.dicom.documents.dose import ACCUMULATED, EVENT, read_dose
from xray_studio.dicom.documents.sr import report_blocks


class Column(NamedTuple):
    """A name with its unit, and how to tell it of one thing; "" where nothing is known."""

    name: str
    tell: Callable[..., str]


def read_dose_report(report: Document) -> Document:
    """Return a report with its numbers in `dose` and in tables."""
    assert report.content is not None
    dose = read_dose(report.content)
    return replace(
        report,
        title="Radiation dose",
        facts=(*headline(dose), *report.facts),
        blocks=tuple(_blocks(dose, report.content)),
        dose=dose,
    )


def headline(dose: Dose) -> Iterator[tuple[str, str]]:
    """Yield the totals over all planes, those that every plane tells."""
    for name, unit, tell in _TOTALS[:5]:
        values = [tell(plane) for plane in dose.planes]
        known = [value for value in values if value is not None]
        if known and len(known) == len(values):
            yield name, _with(sum(known), unit)
    if dose.dlp is not None:
        yield "Dose length product", _with(dose.dlp, "mGy·cm")
    if dose.procedure:
        yield "Procedure", dose.procedure


def _blocks(dose: Dose, content: Content) -> Iterator[Block]:
    if dose.planes:
        yield Heading("Totals")
        yield _totals_table(dose.planes)
    if dose.events:
        yield Heading("Irradiation events")
        yield events_table(dose.events)
    yield from report_blocks(_rest(content))


def _rest(content: Content) -> Content:
    """Return the report without what the tables tell."""
    told = (*ACCUMULATED, *EVENT)
    kept = tuple(child for child in content.children if not child.name.is_one(*told))
    return replace(content, children=kept)


Tell = Callable[[PlaneTotals], float | None]
_TOTALS: tuple[tuple[str, str, Tell], ...] = (
    ("Kerma area product", "Gy·cm²", lambda plane: plane.kap),
    ("Air kerma at the reference point", "mGy", lambda plane: plane.air_kerma),
    ("Fluoroscopy time", "time", lambda plane: plane.fluoro_time),
    ("Acquisition time", "time", lambda plane: plane.acquisition_time),
    ("Frames", "", lambda plane: plane.frames),
    ("Kerma area product of fluoroscopy", "Gy·cm²", lambda plane: plane.fluoro_kap),
    ("Air kerma of fluoroscopy", "mGy", lambda plane: plane.fluoro_air_kerma),
    ("Kerma area product of acquisitions", "Gy·cm²", lambda plane: plane.acquisition_kap),
    ("Air kerma of acquisitions", "mGy", lambda plane: plane.acquisition_air_kerma),
)


def _totals_table(planes: Sequence[PlaneTotals]) -> Table:
    rows = []
    for name, unit, tell in _TOTALS:
        values = [tell(plane) for plane in planes]
        if any(value is not None for value in values):
            rows.append((name, *(_with(value, unit) for value in values)))
    points = [plane.reference_point for plane in planes]
    if any(points):
        rows.append(("Reference point", *points))
    names = [plane.plane or "Total" for plane in planes]
    return Table(("", *names), tuple(rows))


def _with(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return span_text(value) if unit == "time" else f"{digits(value)} {unit}".rstrip()


def events_table(events: Sequence[IrradiationEvent]) -> Table:
    """Return one row for each event, with the columns of which at least one event knows."""
    told = [[column.tell(event) for column in _COLUMNS] for event in events]
    used = [place for place in range(len(_COLUMNS)) if any(row[place] for row in told)]
    return Table(
        columns=("", *(_COLUMNS[place].name for place in used)),
        rows=tuple(
            (str(number), *(row[place] for place in used)) for number, row in enumerate(told, 1)
        ),
        targets=tuple(event.targets[0] if event.targets else None for event in events),
    )


def with_targets(document: Document, events: Sequence[IrradiationEvent]) -> Document:
    """Return a dose report with other irradiation events: the same ones, with their images."""
    assert document.dose is not None
    before, after = events_table(document.dose.events), events_table(events)
    blocks = tuple(after if block == before else block for block in document.blocks)
    return replace(document, blocks=blocks, dose=replace(document.dose, events=tuple(events)))


def _value(tell: Callable[[IrradiationEvent], float | None]) -> Callable[[IrradiationEvent], str]:
    def told(event: IrradiationEvent) -> str:
        value = tell(event)
        return "" if value is None else digits(round(value, 6))

    return told


def _angles(event: IrradiationEvent) -> str:
    if event.primary_angle is None or event.secondary_angle is None:
        return ""
    return angle_text((event.primary_angle, event.secondary_angle))


def _clock(event: IrradiationEvent) -> str:
    clock = event.started[8:14]
    return ":".join(clock[i : i + 2] for i in range(0, len(clock), 2)) if clock.isdigit() else ""


_COLUMNS = (
    Column("Time", _clock),
    Column("Type", lambda event: event.kind),
    Column("Plane", lambda event: event.plane.removeprefix("Plane ")),
    Column("Region", lambda event: event.target_region),
    Column("Protocol", lambda event: event.protocol),
    Column("KAP (Gy·cm²)", _value(lambda event: event.kap)),
    Column("Air kerma (mGy)", _value(lambda event: event.air_kerma)),
    Column("CTDIvol (mGy)", _value(lambda event: event.ctdi)),
    Column("DLP (mGy·cm)", _value(lambda event: event.dlp)),
    Column("kV", _value(lambda event: event.kvp)),
    Column("mA", _value(lambda event: event.current)),
    Column("Pulses per s", _value(lambda event: event.pulse_rate)),
    Column("Pulse (ms)", _value(lambda event: event.pulse_width)),
    Column("Exposure (ms)", _value(lambda event: event.exposure_time)),
    Column("Duration (s)", _value(lambda event: event.duration)),
    Column("Frames", _value(lambda event: event.frames)),
    Column("Angles", _angles),
    Column("Length (mm)", _value(lambda event: event.length)),
    Column("Pitch", _value(lambda event: event.pitch)),
    Column("Filter", lambda event: event.filters),
)
