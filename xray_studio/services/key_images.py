"""Saving key images: which frames matter, as an object that other programs open (PS3.3 A.35.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.key_frames import KeyFrame, by_file
from xray_studio.core.privacy import Place, Privacy
from xray_studio.core.workers import run_apart
from xray_studio.services.export.earlier import check_not_source
from xray_studio.services.privacy import log as privacy_log

WHY = "Marked in X-Ray Studio"
_WRITE = "xray_studio.dicom.write.selection:write_selection"


def save_key_images(marked: Iterable[KeyFrame], target: Path) -> Job[Path]:
    """Write a key object selection of the frames marked. Gives the file that was written.

    Raises UsageError (nothing marked, or several studies), UnreadableError or WriteError.
    """
    files = by_file(marked)
    yield Progress(message="Saving key images")
    if not files:
        raise UsageError("Mark a key image first.")
    check_not_source(target, files)
    from xray_studio.dicom.write.selection import SelectionOrder

    order = SelectionOrder(tuple(files.items()), WHY, datetime.now().astimezone(), str(target))
    run_apart(_WRITE, order).result()
    # The object names the patient, as the images do that it points at.
    privacy_log.note_file(target.suffix.lower(), Privacy(places=(Place.TAGS,)), target.read_bytes())
    return target
