"""The pictures of each series with what becomes black in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.output import Picture
from xray_studio.core.privacy import Marked, Origin
from xray_studio.core.study import Series
from xray_studio.services.deidentify.request import Decided
from xray_studio.services.presets import initial_presentation
from xray_studio.ui.browser.series_text import series_title
from xray_studio.ui.deidentifying import Deidentifying
from xray_studio.ui.dialogs.privacy.canvas import RegionCanvas
from xray_studio.ui.dialogs.privacy.list import RegionList
from xray_studio.ui.dialogs.privacy.marks import Marks
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.look.theme import mark, px

if TYPE_CHECKING:
    from xray_studio.services.deidentify.preview import Look

LIST = 320
LOOKING = "Looking for text in the pictures\N{HORIZONTAL ELLIPSIS}"
SEEN = "You looked at {} of {} series; in the others text is found by the program alone."
ALL = "You looked at every series."
Identity = tuple[object, ...]


@dataclass(slots=True)
class _Seen:
    series: Series
    clip: Clip
    marks: Marks
    sentence: str = ""


class DeidentifyPictures(QWidget):
    """One series at a time; what was looked at counts as seen by a person.

    `changed` tells that the user changed marks.
    """

    changed = Signal()

    def __init__(self, work: Deidentifying, *, hidden: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._hidden = work, hidden
        self._listed: list[Series] = []
        self._seen: dict[Identity, _Seen] = {}
        empty = Marks(1, 1)
        self.chooser = QComboBox(self)
        self.canvas, self.regions = RegionCanvas(empty, self), RegionList(empty, self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.frame_words, self.words = QLabel(self), QLabel(self)
        self._build()
        self._connect()

    def show_series(self, listed: Sequence[Series]) -> None:
        """Offer the pictures of series; those that were looked at stay looked at."""
        self._listed = list(listed)
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for number, series in enumerate(listed, 1):
            title = series_title(series, hidden=self._hidden)
            self.chooser.addItem(title or f"Series {number}")
        self.chooser.blockSignals(False)
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Look at the series that is chosen, unless that was done."""
        series = self._series()
        if series is None:
            return
        if series.identity in self._seen:
            self._show_seen()
            return
        self._show_marks(Marks(1, 1))
        self.canvas.show_image(QImage(), LOOKING)
        self._work.look(series)

    def decided(self) -> dict[str, Decided]:
        """Return by path what a person decided, for the series that were looked at."""
        found: dict[str, Decided] = {}
        for seen in self._seen.values():
            masks = tuple(one.region for one in seen.marks.all if one.masked)
            found |= {path: Decided(masks, looked=True) for path in seen.series.paths}
        return found

    def _build(self) -> None:
        self.chooser.setAccessibleName("Series")
        self.slider.setAccessibleName("Frame to look at")
        for label in (self.frame_words, self.words):
            mark(label, role="caption")
        self.words.setWordWrap(True)
        self.regions.setFixedWidth(px(LIST))
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.slider, 1)
        below.addWidget(self.frame_words)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.canvas, 1)
        left.addLayout(below)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.regions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.chooser)
        column.addLayout(row, 1)
        column.addWidget(self.words)
        self._show_frames(None)

    def _connect(self) -> None:
        self.chooser.currentIndexChanged.connect(lambda _place: self.look())
        self.canvas.changed.connect(self._change)
        self.regions.changed.connect(self._change)
        self.slider.valueChanged.connect(self._ask_for)
        self._work.looked.connect(self._take)
        self._work.not_looked.connect(self._refuse)
        self._work.pictured.connect(self._show_picture)
        self._work.not_pictured.connect(lambda why: self.canvas.show_image(QImage(), why))

    def _series(self) -> Series | None:
        place = self.chooser.currentIndex()
        return self._listed[place] if 0 <= place < len(self._listed) else None

    def _now(self) -> _Seen | None:
        series = self._series()
        return None if series is None else self._seen.get(series.identity)

    def _take(self, series: Series, look: Look) -> None:
        marks = tuple(Marked(region, masked=True, origin=Origin.FOUND) for region in look.found)
        clip = look.clip
        all_marks = Marks(clip.rows, clip.columns, marks)
        self._seen[series.identity] = _Seen(series, clip, all_marks, look.sentence)
        if series is self._series():
            self._show_seen()
        self.changed.emit()

    def _refuse(self, series: Series, sentence: str) -> None:
        if series is self._series():
            self.canvas.show_image(QImage(), sentence)

    def _show_seen(self) -> None:
        seen = self._now()
        assert seen is not None
        self.canvas.show_image(QImage(), "")
        self._show_marks(seen.marks)
        self._show_frames(seen.clip)
        count = sum(series.identity in self._seen for series in self._listed)
        total = len(self._listed)
        told = ALL if count == total else SEEN.format(f"{count:,}", f"{total:,}")
        self.words.setText(" ".join(filter(None, (seen.sentence, told))))
        self._ask_for(self.slider.value())

    def _show_frames(self, clip: Clip | None) -> None:
        count = 0 if clip is None else len(clip)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setValue(count // 2)
        self.slider.blockSignals(False)
        self.slider.setVisible(count > 1)
        self.frame_words.setVisible(count > 1)

    def _ask_for(self, frame: int) -> None:
        seen = self._now()
        if seen is None:
            return
        self.frame_words.setText(f"Frame {frame + 1:,} of {len(seen.clip):,}")
        how = replace(initial_presentation(seen.clip), planes=False, drawings=False)
        self._work.picture(seen.clip, frame, how)

    def _show_picture(self, frame: int, picture: Picture) -> None:
        if self._now() is not None and frame == self.slider.value():
            self.canvas.show_image(to_qimage(picture))

    def _change(self, marks: Marks) -> None:
        seen = self._now()
        if seen is None:
            return
        seen.marks = marks
        self._show_marks(marks)
        self.changed.emit()

    def _show_marks(self, marks: Marks) -> None:
        self.canvas.show_marks(marks)
        self.regions.show_marks(marks)
        self.regions.setEnabled(self._now() is not None)
        self.canvas.editable = self._now() is not None
