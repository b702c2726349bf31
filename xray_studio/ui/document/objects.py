"""Objects: where in a catalogue the objects are that documents point at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from xray_studio.core.content import Reference
from xray_studio.core.study import Catalog, Instance, Series


class Found(NamedTuple):
    """An object that is open: its series, its place there, and the frame of the clip (from 0)."""

    series: Series
    instance: Instance
    frame: int


class Objects:
    """Finds objects by SOP Instance UID; the list is made when a catalogue is first asked."""

    def __init__(self) -> None:
        self._catalog: Catalog | None = None
        self._places: dict[str, tuple[Series, int]] = {}

    def find(self, catalog: Catalog, target: Reference) -> Found | None:
        """Return where an object is, None when it is not among what was opened."""
        if catalog is not self._catalog:
            self._places, self._catalog = dict(_places(catalog)), catalog
        place = self._places.get(target.sop_instance_uid)
        if place is None:
            return None
        series, index = place
        instance = series.instances[index]
        frame = min(target.frames[0] - 1, instance.frames - 1) if target.frames else 0
        before = sum(one.frames for one in series.instances[:index])
        return Found(series, instance, before + max(0, frame))


def _places(catalog: Catalog) -> Iterator[tuple[str, tuple[Series, int]]]:
    for series in catalog.all_series():
        for index, instance in enumerate(series.instances):
            if instance.sop_instance_uid:
                yield instance.sop_instance_uid, (series, index)


def only(found: Found) -> Series:
    """Return the series with one object alone, as its small picture needs it."""
    return replace(found.series, instances=(found.instance,))
