"""Marks as a presentation state beside their pictures, which other programs show (PS3.3 A.33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UsageError
from xray_studio.core.job import Job, Progress
from xray_studio.core.measure.mark import Mark
from xray_studio.core.measure.marks import Marks
from xray_studio.core.presentation import Presentation
from xray_studio.core.privacy import Place, Privacy
from xray_studio.core.state import PresentationState
from xray_studio.core.state_made import NO_OBJECTS, Made, state_made
from xray_studio.core.workers import run_apart
from xray_studio.services.export.earlier import check_not_source
from xray_studio.services.mark_values import with_marks
from xray_studio.services.privacy import log as privacy_log
from xray_studio.services.settings import uid_root

LABEL, TITLE = "MEASUREMENTS", "Measurements"
UNPROCESSED = (
    "A presentation state shows a picture as it is stored; save the marks of the unprocessed one."
)
_WRITE = "xray_studio.dicom.write.states:write_state"


@dataclass(frozen=True, slots=True)
class SavedState:
    """A state that was written, and in sentences what of the picture it cannot tell."""

    path: Path
    notes: tuple[str, ...] = ()


def save_state(clip: Clip, marks: Marks, how: Presentation, target: Path) -> Job[SavedState]:
    """Write the marks of a clip that are not hidden, shown as now, as a presentation state.

    It is of the patient and study of the pictures, in a series of its own, and names the frames
    that are marked. Raises UsageError where a state cannot tell this, UnreadableError, WriteError.
    """
    if clip.steps:
        raise UsageError(UNPROCESSED)
    if clip.made:
        raise UsageError("A plane of a volume is no object that a state could refer to.")
    check_not_source(target, clip.paths)
    made = yield from _made(clip, marks, how)
    yield Progress(message="Saving marks")
    _write(clip, made.state, marks, target)
    # The object names the patient, as the images do that it points at.
    privacy_log.note_file(target.suffix.lower(), Privacy(places=(Place.TAGS,)), target.read_bytes())
    return SavedState(target, made.notes)


def _made(clip: Clip, marks: Marks, how: Presentation) -> Job[Made]:
    drawn = yield from with_marks(clip, marks, replace(how, drawings=False))
    made = state_made(clip, how, drawn.drawings, LABEL, TITLE)
    if not clip.is_colour or made.state.icc_profile:
        return made
    from xray_studio.imaging.colour_profile import srgb_profile

    return replace(made, state=replace(made.state, icc_profile=srgb_profile()))


def _write(clip: Clip, state: PresentationState, marks: Marks, target: Path) -> None:
    from xray_studio.dicom.write.presentation import Making
    from xray_studio.dicom.write.states import StateOrder

    order = StateOrder(
        state, _files(mark for mark in marks.of(clip) if not mark.hidden),
        (clip.rows, clip.columns), TITLE,
        Making(datetime.now().astimezone(), aspect=clip.pixel_aspect), str(target), uid_root(),
    )  # fmt: skip
    run_apart(_WRITE, order).result()


def _files(marks: Iterable[Mark]) -> tuple[str, ...]:
    files = dict.fromkeys(mark.spot.path for mark in marks)
    if "" in files:
        raise UsageError(NO_OBJECTS)
    return tuple(files)
