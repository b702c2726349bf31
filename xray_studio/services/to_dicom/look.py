"""Looks at a video and says what will be done with it: what a person sees and confirms."""

from __future__ import annotations

import os
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from xray_studio.core.errors import UnreadableError, UsageError, WriteError
from xray_studio.core.files import check_place
from xray_studio.core.job import Job, Progress
from xray_studio.core.video.classes import Kind
from xray_studio.core.video.identity import Identity, check_identity
from xray_studio.core.video.plan import planned
from xray_studio.core.workers import Priority, run_apart
from xray_studio.core.workers.limits import video_time
from xray_studio.services.decoding import awaited
from xray_studio.services.export.earlier import check_not_source
from xray_studio.services.to_dicom.linked import linked
from xray_studio.services.to_dicom.pictures import look_at_pictures
from xray_studio.services.to_dicom.request import Preview, Request
from xray_studio.video.probe import Probed

_PROBE: Final = "xray_studio.video.probe:probe"
_PATIENCE: Final = 4.0  # times as long as for its index: every frame may have to be decoded


def preview(request: Request) -> Job[Preview]:
    """Return what will be done with a video; nothing is written.

    Raises UsageError for what is missing or does not go together, UnreadableError for a file that
    is no whole video, WriteError where nothing can be written at the target.
    """
    check_identity(request.identity)
    _check_target(request)
    if not request.source.is_file():
        raise UsageError(f"{request.source} is no file; name a video.")
    if not os.access(request.source, os.R_OK):
        raise UnreadableError(f"{request.source.name} may not be read; ask who owns it.")
    probed = yield from (look_at_pictures(request) if request.pictures else look(request.source))
    wish = request.wish
    # A photograph can belong to a study of any modality.
    if not wish.modality and wish.kind in {Kind.AUTO, Kind.MULTIFRAME}:
        wish = replace(wish, modality=request.identity.modality)
    plan = planned(probed.facts, wish)
    identity, notes = yield from linked(request.source, request.identity)
    acquired = request.acquired or probed.facts.recorded
    if acquired is not None and not identity.study_uid and not identity.study_date:
        identity = _of_day(identity, acquired)
    request = replace(request, wish=wish)
    return Preview(request, probed, plan, identity, acquired, tuple(notes))


def look(source: Path) -> Job[Probed]:
    """Return what a video is. Raises UnreadableError."""
    future: Future[Probed] = run_apart(
        _PROBE,
        str(source),
        priority=Priority.BATCH,
        time_limit=_PATIENCE * video_time(str(source)),
    )
    probed = yield from awaited(future, Progress(message="Looking at the video"))
    return probed


def _check_target(request: Request) -> None:
    target = request.target
    if target.suffix.lower() != ".dcm":
        raise UsageError(f"{target.name} is no name for a DICOM object; write OUT.dcm.")
    check_place(target)
    check_not_source(target, [str(path) for path in (request.source, *request.pictures)])
    if target.is_dir():
        raise WriteError(f"{target.name} is a folder; choose another name.")
    if target.exists() and not request.overwrite:
        raise WriteError(
            f"{target.name} exists and would be lost; choose another name, or allow it to be"
            " replaced (--overwrite)."
        )


def _of_day(identity: Identity, acquired: datetime) -> Identity:
    """Return a new study begun when its video was recorded."""
    local = acquired.astimezone()
    return replace(identity, study_date=f"{local:%Y%m%d}", study_time=f"{local:%H%M%S}")
