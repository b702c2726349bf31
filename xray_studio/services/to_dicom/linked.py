"""Whom a video is of: an object that it is like, and the source that it was exported from."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.study import Catalog
from xray_studio.core.video.identity import Identity
from xray_studio.core.workers import Priority, run_apart
from xray_studio.dicom.file.opening import reading_time
from xray_studio.services.decoding import awaited
from xray_studio.services.export import round_trip
from xray_studio.services.open import scan

_READ: Final = "xray_studio.dicom.attributes.identity:identity_of"
_CHANGED: Final = (
    "Its manifest tells of an export, but the video was changed since: it is not linked."
)
_SOURCE: Final = "It was exported from the object it is like, to which it now refers."


def like(place: Path, video: Path | None = None) -> Job[Identity]:
    """Return the identity of an object, or of the study in a folder.

    In a folder of several studies the one is taken that `video` was exported from, as its manifest
    tells. Raises UnreadableError, UsageError where it is open which is meant.
    """
    if not place.is_dir():
        identity = yield from _identity(place)
        return identity
    catalog = yield from scan([str(place)])
    found = (yield from _source_in(catalog, video)) or _only_study(catalog)
    if found is None:
        raise UsageError(
            f"{place.name} holds no study, or several; name an object of the one that is meant."
        )
    identity = yield from _identity(Path(found))
    return identity


def like_study(catalog: Catalog, video: Path) -> Job[Identity]:
    """Return the identity of the only study of a catalogue, for a video that is to join it.

    Raises UnreadableError, UsageError where there is no study, or several.
    """
    found = (yield from _source_in(catalog, video)) or _only_study(catalog)
    if found is None:
        raise UsageError("There is no study here, or several; choose an object of the one meant.")
    identity = yield from _identity(Path(found))
    return identity


def _identity(path: Path) -> Job[Identity]:
    future: Future[Identity] = run_apart(
        _READ, str(path), priority=Priority.BATCH, time_limit=reading_time([str(path)])
    )
    identity = yield from awaited(future, Progress(message="Reading the object"))
    return identity


def _source_in(catalog: Catalog, video: Path | None) -> Job[str | None]:
    """Return the file that a video was exported from, as far as its manifest tells."""
    if video is None:
        return None
    export = yield from round_trip.exported([str(video)])
    if export is None:
        return None
    for source in round_trip.with_sources([export], catalog)[0].sources:
        if source.found is not None:
            instances = source.found.instances
            same = [one.path for one in instances if one.sop_instance_uid == source.uid]
            return (same or [instances[0].path])[0]
    return None


def _only_study(catalog: Catalog) -> str | None:
    studies = [study for patient in catalog.patients for study in patient.studies]
    if len(studies) != 1:
        return None
    return studies[0].series[0].instances[0].path


def linked(video: Path, identity: Identity) -> Job[tuple[Identity, list[str]]]:
    """Return an identity that names the source of a video where this is its source, with words.

    That is so where the video was exported by this program, as its manifest tells by hashes, from
    the very object that it is like. Any other object is only of the same study.
    """
    unlinked = replace(identity, source_class="", source_instance="")
    export = yield from round_trip.exported([str(video)])
    if export is None:
        return unlinked, []
    if export.changed:
        return unlinked, [_CHANGED]
    digest = hashlib.sha256(identity.source_instance.encode()).hexdigest()
    if identity.source_instance and any(one.uid_hash == digest for one in export.sources):
        return identity, [_SOURCE]
    return unlinked, [round_trip.words(export)]
