"""What no engine that looks at films writes about, in a sentence for a person."""

from __future__ import annotations

from typing import Final

from xray_studio.core.errors import UsageError
from xray_studio.core.report.engine import Asked
from xray_studio.services.learning.inference.findings import Shown, is_tinted, picture_of

LEAST: Final = 64  # pixels along a side


def check_asked(asked: Asked) -> None:
    """Raise UsageError for no films, and for films of several studies or patients."""
    if not asked.films:
        raise UsageError("Name at least one film.")
    patients = {clip.identity.patient_id for clip, _ in asked.films} - {""}
    studies = {clip.acquisition.study_instance_uid for clip, _ in asked.films} - {""}
    if len(patients) > 1 or len(studies) > 1:
        what = "patients" if len(patients) > 1 else "studies"
        raise UsageError(
            f"These films are of several {what}; a report is on one study: name its films alone."
        )


def refused(asked: Asked) -> str:
    """Return why nothing is written about films, "" where nothing speaks against it."""
    for clip, frame in asked.films:
        if min(clip.rows, clip.columns) < LEAST:
            return (
                f"The picture has {clip.columns} x {clip.rows} pixels; from fewer than {LEAST} a"
                " side nothing is told."
            )
        if clip.is_colour and is_tinted(picture_of(Shown(clip, frame))):
            return "The picture is in colour; films are grey, so nothing is told of it."
    return ""
