"""Marks read from a file: a table of measurements, or the drawings of a presentation state."""

from __future__ import annotations

import os
from pathlib import Path

from xray_studio.core.clip import Clip
from xray_studio.core.errors import UnreadableError, UsageError
from xray_studio.core.measure.drawn import Found
from xray_studio.core.measure.from_state import marks_of_state
from xray_studio.core.measure.from_table import NO_TABLE, marks_of_table
from xray_studio.core.state_applied import refuses
from xray_studio.services.states import read_state

LONGEST = 64 << 20  # bytes of a table
TABLE = ".csv"


def read_marks(clip: Clip, path: str | os.PathLike[str]) -> Found:
    """Return the marks in a file that lie on a clip: of a table (.csv), else of a state.

    Raises UnreadableError, or UsageError where none of them lies on this clip.
    """
    if Path(path).suffix.lower() == TABLE:
        found = marks_of_table(clip, _text(Path(path)))
    else:
        state = read_state(path)
        reason = refuses(clip, state)
        if reason:
            raise UsageError(reason)
        found = marks_of_state(clip, state)
    if not found.marks.each:
        raise UsageError("No measurement of this file lies on these pictures; choose another.")
    return found


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read(LONGEST + 1)
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read.") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(NO_TABLE) from error
    if len(text) > LONGEST:
        raise UnreadableError(NO_TABLE)
    return text
