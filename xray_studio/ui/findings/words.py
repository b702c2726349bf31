"""What the panel of findings says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xray_studio.core.learning.cases import View
from xray_studio.ui.finding_state import Found, Told
from xray_studio.ui.state import State

NOTHING: Final = "Open a chest film to look for findings on it."
DOCUMENT: Final = "This is a document. There is nothing to look for."
ABOUT: Final = (
    "A network that learned from chest films tells how likely each of its findings is on this one,"
    " and what in the picture speaks for it."
)
RESEARCH: Final = "For research and education, not for diagnosis."
NO_MODEL: Final = (
    "No finding classifier is installed, or no view classifier to go with it. Install one that you"
    " were given with xray-studio models install FOLDER, or train your own with xray-studio train"
    " classifier; docs/learning.md tells how."
)
OPERATING: Final = "The line on a bar is where a finding counts as seen."
_LONGEST: Final = 31  # letters of the name of a file
LOOK, AGAIN, STOP = "Look for findings", "Look again", "Stop"


def asked_words(found: Found) -> str:
    """Return what is being done and how far it is."""
    progress = found.progress
    words = found.busy if progress is None or not progress.message else progress.message
    if progress is None or progress.total < 2:
        return f"{words}\N{HORIZONTAL ELLIPSIS}"
    return f"{words}, {progress.done} of {progress.total}"


def facts_words(state: State, told: Told) -> str:
    """Return which model it was, which films it was shown, and what belongs to every reading."""
    model = told.assessment.model
    lines = [f"Model: {model.name} {model.version}, {model.sha256[:8]}"]
    lines += [_film(state, number, told) for number in range(len(told.assessment.pictures))]
    return "\n".join([*lines, *(note for note in told.assessment.notes if note != RESEARCH)])


def _film(state: State, number: int, told: Told) -> str:
    """Return one film; names of files can name the patient."""
    picture = told.assessment.pictures[number]
    known = picture.view != View.OTHER
    view = f"{picture.view[:1].upper()}{picture.view[1:]} film" if known else "Picture"
    if state.identity_hidden or not picture.path:
        return f"{view}: {'the one in view' if number == 0 else 'from the same study'}"
    frame = f", frame {picture.frame + 1}" if picture.frame else ""
    return f"{view}: {_shortened(Path(picture.path).name)}{frame}"


def _shortened(name: str) -> str:
    """Return a name that fits into a line; a name has nowhere to be broken."""
    half = (_LONGEST - 1) // 2
    return f"{name[:half]}\N{HORIZONTAL ELLIPSIS}{name[-half:]}" if len(name) > _LONGEST else name
