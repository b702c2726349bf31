"""Steps of undo and redo over a label map, in bounded memory. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from xray_studio.core.labels.box import VoxelBox, joined_box
from xray_studio.core.labels.edits import Change
from xray_studio.core.labels.label_map import LabelMap

MOST_BYTES: Final = 256 << 20


@dataclass(slots=True, eq=False)
class History:
    """What was done, oldest first, of which the oldest is forgotten beyond `limit` bytes."""

    limit: int = MOST_BYTES
    _done: list[Change] = field(default_factory=list)
    _undone: list[Change] = field(default_factory=list)

    @property
    def undo_words(self) -> str:
        """What undo takes back, "" for nothing."""
        return self._done[-1].words if self._done else ""

    @property
    def redo_words(self) -> str:
        """What redo does again, "" for nothing."""
        return self._undone[-1].words if self._undone else ""

    @property
    def size(self) -> int:
        """How many bytes all steps take."""
        return sum(change.size for change in (*self._done, *self._undone))

    def add(self, change: Change) -> None:
        """Note what was done; what was taken back before can no longer be done again."""
        self._undone.clear()
        self._done.append(change)
        size = self.size
        while size > self.limit and len(self._done) > 1:
            size -= self._done.pop(0).size

    def undo(self, labels: LabelMap) -> VoxelBox | None:
        """Take the last step back and return the box that changed, None for no voxel."""
        if not self._done:
            return None
        change = self._done.pop()
        for patch in reversed(change.patches):
            patch.undo(labels.values)
        labels.segments = change.before
        self._undone.append(change)
        return joined_box(patch.box for patch in change.patches)

    def redo(self, labels: LabelMap) -> VoxelBox | None:
        """Do the step again that was taken back and return the box that changed."""
        if not self._undone:
            return None
        change = self._undone.pop()
        for patch in change.patches:
            patch.redo(labels.values)
        labels.segments = change.after
        self._done.append(change)
        return joined_box(patch.box for patch in change.patches)
