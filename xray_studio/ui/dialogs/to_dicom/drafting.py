"""What is known and decided of the videos in the dialog, while that is being found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from xray_studio.core.study import Catalog
from xray_studio.core.video.draft import Source, Video, at_rate
from xray_studio.core.video.facts import VideoFacts
from xray_studio.core.video.identity import Identity
from xray_studio.ui.video_imports import Told, VideoImports


class Drafting(QObject):
    """Holds the videos. `changed` tells that more is known of them, or something else.

    `not_listed` tells why nothing could be added, `not_identified` why nobody could be found.
    """

    changed = Signal()
    not_listed = Signal(str)
    not_identified = Signal(str)

    def __init__(self, work: VideoImports, parent: QObject) -> None:
        super().__init__(parent)
        self.videos: list[Video] = []
        self._work, self._source = work, Source.STUDY
        work.listed.connect(self._list)
        work.not_listed.connect(self.not_listed)
        # Slots of this object, not lambdas: Qt then drops what is told after it is gone.
        work.looked.connect(self._looked)
        work.not_looked.connect(self._not_looked)
        work.identified.connect(self._identified)
        work.not_identified.connect(self.not_identified)

    @property
    def readable(self) -> list[Video]:
        """The videos that can be read, in their order."""
        return [one for one in self.videos if one.facts is not None]

    @property
    def pending(self) -> bool:
        """Whether some are still looked at."""
        return any(one.pending for one in self.videos)

    def add(self, paths: Sequence[str]) -> None:
        """Add files, and the videos below folders."""
        self.not_listed.emit("")
        self._work.add(paths)

    def tell_rate(self, rows: Sequence[int], rate: Fraction) -> None:
        """Say how many single pictures follow one another in a second; videos tell it."""
        self.videos = [
            at_rate(one, rate) if row in rows and one.pictures else one
            for row, one in enumerate(self.videos)
        ]
        self.changed.emit()

    def remove(self, rows: Sequence[int]) -> None:
        """Forget videos."""
        self.videos = [one for row, one in enumerate(self.videos) if row not in rows]
        self.changed.emit()

    def tell(self, rows: Sequence[int], identity: Identity, source: Source) -> None:
        """Say whose readable videos are."""
        told = {"identity": identity, "source": source}
        self._change(dict.fromkeys(self._paths(rows), told))

    def join_study(self, rows: Sequence[int], catalog: Catalog) -> None:
        """Let readable videos join the study of a catalogue."""
        self._source = Source.STUDY
        self._work.join_study(catalog, self._paths(rows))

    def join_object(self, rows: Sequence[int], place: str) -> None:
        """Let readable videos join the study of an object, or of a folder."""
        self._source = Source.OBJECT
        self._work.join_object(Path(place), self._paths(rows))

    def read_table(self, rows: Sequence[int], place: str) -> None:
        """Let a table say whose readable videos are."""
        self._source = Source.TABLE
        self._work.read_table(Path(place), self._paths(rows))

    def _paths(self, rows: Sequence[int]) -> list[Path]:
        readable = self.readable
        return [readable[row].path for row in rows]

    def _list(self, videos: Sequence[Video]) -> None:
        known = {one.path for one in self.videos}
        new = [one for one in videos if one.path not in known]
        self.videos += new
        self.changed.emit()
        for one in new:
            self._work.look(one)

    @Slot(object, object)
    def _looked(self, path: Path, facts: VideoFacts) -> None:
        self._change({path: {"facts": facts}})
        told = [row for row, one in enumerate(self.videos) if one.path == path and one.rate]
        for row in told:  # while it was looked at
            self.tell_rate([row], self.videos[row].rate)

    @Slot(object, str)
    def _not_looked(self, path: Path, reason: str) -> None:
        self._change({path: {"reason": reason}})

    def _identified(self, told: Told) -> None:
        source = self._source
        self._change({one: {"identity": who, "source": source} for one, who in told.items()})

    def _change(self, changes: dict[Path, dict[str, Any]]) -> None:
        self.videos = [
            replace(one, **changes[one.path]) if one.path in changes else one for one in self.videos
        ]
        self.changed.emit()
