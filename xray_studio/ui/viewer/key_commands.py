"""Commands of key images: mark, go to the next one. Each one changes the session, nothing else."""

from __future__ import annotations

from xray_studio.core.key_frames import KeyFrame, key_frame
from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.viewer.cine_commands import CineCommands


def here(view: View) -> KeyFrame | None:
    """Return the frame on screen as it would be marked."""
    return None if view.clip is None else key_frame(view.clip, view.frame)


def marked_frames(state: State) -> tuple[int, ...]:
    """Return the frames (from 0) of the clip on screen that are marked."""
    clip = state.view.clip
    if clip is None or not state.key_frames:
        return ()
    return tuple(n for n in range(len(clip)) if key_frame(clip, n) in state.key_frames)


def is_key_image(state: State) -> bool:
    """Tell whether the frame on screen is marked."""
    return here(state.view) in state.key_frames


@needs("This picture lies in no file.")
def can_be_marked(state: State) -> bool:
    """Tell whether the frame on screen can be marked."""
    return here(state.view) is not None


@needs("No frame of this clip is marked.")
def has_marks(state: State) -> bool:
    """Tell whether a frame of the clip on screen is marked."""
    return bool(marked_frames(state))


@needs("Mark a key image of a DICOM study first.")
def can_be_saved(state: State) -> bool:
    """Tell whether there are key images that can be saved: those of DICOM files."""
    return bool(saved_marks(state))


def saved_marks(state: State) -> frozenset[KeyFrame]:
    """Return the marks in files of DICOM, of the study on screen when it has any."""
    series = state.view.series
    study = next(
        (
            study
            for patient in state.catalog.patients
            for study in patient.studies
            if series is not None and any(one is series for one in study.series)
        ),
        None,
    )
    inside = () if study is None else study.series
    paths = {i.path for one in inside for i in one.instances if i.kind == "dicom"}
    return frozenset(mark for mark in state.key_frames if mark.path in paths)


class KeyCommands:
    """Marks frames as key images."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def toggle(self) -> None:
        """Mark the frame on screen, or take its mark away."""
        frame = here(self._session.view)
        if frame is not None:
            self._session.update(key_frames=self._session.state.key_frames ^ {frame})

    def next(self) -> None:
        """Go to the next frame that is marked, from the last one to the first."""
        marked, now = marked_frames(self._session.state), self._session.view.frame
        if marked:
            CineCommands(self._session).go_to(next((n for n in marked if n > now), marked[0]))
