"""Undoing: what the keys of undo and redo mean now, marks of pictures or segments of a volume."""

from __future__ import annotations

from xray_studio.ui.actions.reasons import needs
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer import mark_commands as m
from xray_studio.ui.viewer.mark_commands import MarkCommands
from xray_studio.ui.volume import segment_commands as s
from xray_studio.ui.volume.segment_commands import SegmentCommands


@needs("Nothing was measured or marked here that could be undone.")
def can_undo(state: State) -> bool:
    """Tell whether there is anything to undo."""
    return s.can_undo(state) if s.is_in_hand(state) else m.can_undo(state) or s.can_undo(state)


@needs("Nothing was undone here.")
def can_redo(state: State) -> bool:
    """Tell whether there is anything to do again."""
    return s.can_redo(state) if s.is_in_hand(state) else m.can_redo(state) or s.can_redo(state)


class Undoing:
    """Undoes segments while a tool of theirs is in hand, otherwise marks of the clip in view.

    Where no mark can be undone, segments are.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._marks, self._segments = MarkCommands(session), SegmentCommands(session)

    def undo(self) -> None:
        """Take the last change back."""
        state = self._session.state
        if s.is_in_hand(state) or not m.can_undo(state):
            self._segments.undo()
        else:
            self._marks.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        state = self._session.state
        if s.is_in_hand(state) or not m.can_redo(state):
            self._segments.redo()
        else:
            self._marks.redo()
