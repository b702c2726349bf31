"""Key images: what the Key Object Selections of a catalogue select."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xray_studio.core.document_kinds import KEY_OBJECTS
from xray_studio.core.errors import StudioError
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Catalog, Series
from xray_studio.services.documents.reading import read_document


def key_selections(catalog: Catalog) -> list[Series]:
    """Return the Key Object Selections of a catalogue."""
    return [
        series
        for series in catalog.all_series()
        if series.is_document and series.instances[0].sop_class_uid == KEY_OBJECTS
    ]


def key_images(catalog: Catalog) -> Job[frozenset[str]]:
    """Return the SOP Instance UIDs of all that is selected; a damaged selection selects nothing."""
    selections, found = key_selections(catalog), set[str]()
    for number, series in enumerate(selections):
        yield Progress(number, len(selections), "Reading key images")
        try:
            document = read_document(series.paths[0])
        except StudioError:
            continue
        found.update(target.sop_instance_uid for target in document.references())
    return frozenset(found)


def key_series(series: Iterable[Series], keys: frozenset[str]) -> list[Series]:
    """Return those series that hold key images, with these alone; a loop stays whole."""
    found = []
    for one in series:
        kept = tuple(i for i in one.instances if i.sop_instance_uid in keys)
        if kept:
            found.append(one if len(kept) == len(one.instances) else replace(one, instances=kept))
    return found
