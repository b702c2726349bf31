"""Segments of what marks the picture in view: each to show and hide, with opacity and outlines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.corner_text import format_number
from xray_studio.core.segments import Segmentation, SegmentLayer
from xray_studio.ui.look.theme import mark
from xray_studio.ui.over_state import segmentations_for
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.widgets.choice_row import ChoiceRow
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.value_slider import ValueSlider


class SegmentList(QWidget):
    """Lists the segmentations of the clip in view and the segments of the one that is shown.

    `chosen` tells a segmentation to show, None for none.
    """

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.found: dict[str, ChoiceRow] = {}
        self.rows: dict[int, ChoiceRow] = {}
        self._title = QLabel("Segmentations", self)
        mark(self._title, role="strong")
        self._title.setContentsMargins(0, 12, 0, 4)
        self._lists = QVBoxLayout()
        self._lists.setSpacing(2)
        self.opacity = ValueSlider("Opacity", parent=self)
        self.opacity.set_range(0.0, 100.0)
        self.opacity.set_limits(0.0, 100.0)
        self.opacity.chosen.connect(lambda part: self._change(opacity=part / 100.0))
        self.outlines = QCheckBox("Outlines", self)
        self.outlines.clicked.connect(lambda on: self._change(outlines=on))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addLayout(self._lists)
        column.addWidget(self.opacity)
        column.addWidget(self.outlines)

    @property
    def has_rows(self) -> bool:
        """Tell whether there is anything to list."""
        return bool(self.found)

    def show_clip(self, state: State) -> None:
        """List what marks the clip in view."""
        self._clear()
        shown = state.view.over.segmentation
        known = segmentations_for(state)
        if shown is not None and shown not in known:
            known = (*known, shown)
        for number, one in enumerate(known, 1):
            self._add_segmentation(number, one, state)
            if one is shown and state.view.clip is not None:
                self._add_segments(state.view.clip, state)
        for part in (self.opacity, self.outlines):
            part.setVisible(shown is not None)
        self.setVisible(self.has_rows)

    def show_marks(self, state: State) -> None:
        """Show which segments are drawn, and how."""
        how = state.view.presentation
        for number, row in self.rows.items():
            row.setChecked(how.segments and number not in how.hidden_segments)
        self.opacity.set_value(round(100.0 * how.opacity), "%")
        self.outlines.setChecked(how.outlines)

    def _add_segmentation(self, number: int, one: Segmentation, state: State) -> None:
        name = f"Segmentation {number}" if state.identity_hidden else one.name
        row = ChoiceRow(name, _count(len(one.segments), "segment"), "", self)
        shown = state.view.over.segmentation is one
        row.setChecked(shown)
        _run(row, partial(self.chosen.emit, None if shown else one))
        self.found[one.sop_instance_uid] = row
        self._lists.addWidget(row)

    def _add_segments(self, clip: Clip, state: State) -> None:
        for layer in clip.segments:
            segment = layer.segment
            name = f"Segment {segment.number}" if state.identity_hidden else segment.name
            swatch = "#{:02x}{:02x}{:02x}".format(*segment.colour)
            row = ChoiceRow(name, amount(clip, layer), "", self, swatch)
            told = (name, str(segment.category), str(segment.kind), segment.algorithm)
            hint(row, "\n".join(dict.fromkeys(filter(None, told))))
            _run(row, partial(self._toggle, segment.number))
            self.rows[segment.number] = row
            self._lists.addWidget(row)

    def _toggle(self, number: int) -> None:
        how = self._session.view.presentation
        self._change(segments=True, hidden_segments=how.hidden_segments ^ {number})

    def _change(self, **changes: object) -> None:
        if self._session.view.clip is not None:
            self._session.update_presentation(**changes)

    def _clear(self) -> None:
        self.found, self.rows = {}, {}
        while (item := self._lists.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # without a parent it would be a window for a moment
                widget.deleteLater()


def amount(clip: Clip, layer: SegmentLayer) -> str:
    """Return on how many frames a segment is, and how large; on one frame as an area if known."""
    frames, pixels = layer.area
    spacing = clip.acquisition.pixel_spacing
    if frames == 1 and spacing is not None and clip.acquisition.spacing_meaning == "patient":
        return f"{format_number(pixels * spacing[0] * spacing[1] / 100.0)} cm²"
    size = f"{pixels:,} pixels"
    return size if len(clip) == 1 else f"{_count(frames, 'frame')} · {size}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _run(row: ChoiceRow, run: Callable[[], object]) -> None:
    row.clicked.connect(lambda _checked=False: run())
