"""Joining a dose report with the runs it is about, where it does not name their images itself.

An image is that of an event whose Irradiation Event UID it carries; failing that, the only one of
the study that was started within a second of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from xray_studio.core.content import Reference
from xray_studio.core.document import Document
from xray_studio.core.dose import IrradiationEvent
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Catalog, Instance
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.documents.dose_report import with_targets

BATCH, MOST = 64, 2000
NEAR = timedelta(seconds=1)
EVENTS = "xray_studio.dicom.documents.event_uids:event_uids"


def with_runs(document: Document, catalog: Catalog) -> Job[Document]:
    """Return a dose report whose events point at the images of a catalogue they belong to."""
    dose = document.dose
    if dose is None or all(event.targets for event in dose.events):
        return document
    made = _instances(catalog, document.study_instance_uid)[:MOST]
    uids: dict[str, Instance] = {}
    for start in range(0, len(made), BATCH):
        yield Progress(start, len(made), "Joining dose and runs")
        part = made[start : start + BATCH]
        for instance, told in zip(part, _told(part), strict=True):
            uids.update((uid, instance) for uid in sorted(told) if uid not in uids)
    events = [
        event if event.targets else replace(event, targets=_targets(event, made, uids))
        for event in dose.events
    ]
    return with_targets(document, events)


def _instances(catalog: Catalog, study_uid: str) -> list[Instance]:
    return [
        instance
        for patient in catalog.patients
        for study in patient.studies
        if study.study_instance_uid == study_uid
        for series in study.series
        if series.kind == "dicom"
        for instance in series.instances
    ]


def _told(instances: Sequence[Instance]) -> list[frozenset[str]]:
    paths = [instance.path for instance in instances]
    try:
        found: list[frozenset[str]] = run_apart(EVENTS, paths, priority=Priority.BATCH).result()
    except StudioError:
        return [frozenset()] * len(paths)
    return found


def _targets(
    event: IrradiationEvent, made: Sequence[Instance], uids: dict[str, Instance]
) -> tuple[Reference, ...]:
    instance = uids.get(event.uid)
    if instance is None:
        near = list(_near(event, made))
        instance = near[0] if len(near) == 1 else None
    if instance is None:
        return ()
    return (Reference(instance.sop_instance_uid, instance.sop_class_uid),)


def _near(event: IrradiationEvent, made: Sequence[Instance]) -> Iterator[Instance]:
    started = _moment(event.started)
    for instance in made:
        acquired = _moment(instance.acquisition)
        if started is not None and acquired is not None and abs(acquired - started) <= NEAR:
            yield instance


def _moment(stored: str) -> datetime | None:
    """Return a DT value without its offset, None when it tells no second."""
    digits = stored.partition("+")[0].partition("-")[0]
    whole, _, fraction = digits.partition(".")
    if len(whole) != 14 or not whole.isdigit():
        return None
    try:
        moment = datetime.strptime(whole, "%Y%m%d%H%M%S")  # noqa: DTZ007 - both are local times
    except ValueError:
        return None
    return moment + timedelta(microseconds=int(f"{fraction[:6]:0<6}") if fraction else 0)
