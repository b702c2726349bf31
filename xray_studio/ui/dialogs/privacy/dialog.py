"""The privacy gate: what an export would tell of the patient, and what is masked before it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from xray_studio.core.clip import Clip
from xray_studio.core.output import Picture
from xray_studio.core.privacy import Marked, Origin, Privacy, PrivacyReport
from xray_studio.services.export.options import ExportOptions, frame_order
from xray_studio.services.privacy.gate import keeps_tags, shown
from xray_studio.ui.dialogs.parts import MARGIN, button, footer, framed, heading, sized
from xray_studio.ui.dialogs.privacy.canvas import RegionCanvas
from xray_studio.ui.dialogs.privacy.list import FindingList, RegionList
from xray_studio.ui.dialogs.privacy.marks import Marks
from xray_studio.ui.dialogs.privacy.words import confirm_words, file_words
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.gate import Gate
from xray_studio.ui.look.theme import mark, px

WIDTH, HEIGHT, LIST = 1000, 660, 340
_HINT = "Drag to draw, move or reshape \N{MIDDLE DOT} Space masks or keeps \N{MIDDLE DOT} Delete"


class PrivacyDialog(QDialog):
    """Shows a report with its regions over the picture. Accepted, `decision` tells the outcome.

    `before` are marks that were decided for the same clip already; found regions start masked.
    """

    def __init__(
        self,
        clip: Clip,
        target: Path,
        options: ExportOptions,
        report: PrivacyReport,
        *,
        gate: Gate,
        parent: QWidget,
        before: tuple[Marked, ...] = (),
    ) -> None:
        super().__init__(parent)
        self._clip, self._report, self._gate = clip, report, gate
        self._frames = sorted(set(frame_order(clip, options)))
        self._how = shown(clip, options)
        # An object that names the patient anyway stays as it is unless a person wants it otherwise.
        offered = _found(report, masked=not keeps_tags(target))
        self.marks = Marks(clip.rows, clip.columns, before or offered)
        self.canvas = RegionCanvas(self.marks, self)
        self.regions = RegionList(self.marks, self)
        self.findings = FindingList(report.findings, self)
        self.in_the_file = QLabel(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.frame_words = QLabel(self)
        self.back_button = button("Back", self)
        self.confirm_button = button("", self, "accent")
        self._build(target)
        self._connect()
        self._show_all()
        self._ask_for(self.slider.value())

    def decision(self) -> Privacy:
        """Return what was decided."""
        places = tuple(dict.fromkeys(finding.place for finding in self._report.findings))
        return Privacy(self.marks.all, detector=self._report.detector, places=places)

    def _build(self, target: Path) -> None:
        self.setWindowTitle("Before the export")
        head = heading("Before the export", f"What {target.name} would tell", self)
        left = QVBoxLayout()
        left.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        left.setSpacing(16)
        left.addWidget(self.findings)
        title = QLabel("Checked places become black in every frame", self)
        title.setWordWrap(True)
        mark(title, role="secondary")
        left.addWidget(title)
        left.addWidget(self.regions, 1)
        mark(self.in_the_file, role="note")
        self.in_the_file.setWordWrap(True)
        left.addWidget(self.in_the_file)
        holder, body = QWidget(self), QWidget(self)
        holder.setLayout(left)
        holder.setFixedWidth(px(LIST))
        line = QFrame(self)
        mark(line, line="vertical")
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (holder, line):
            row.addWidget(part)
        row.addLayout(self._picture_side(), 1)
        hint = QLabel(_HINT, self)
        mark(hint, role="caption")
        self.confirm_button.setDefault(True)
        framed(self, head, body, footer([hint], [self.back_button, self.confirm_button]))
        sized(self, WIDTH, HEIGHT)

    def _picture_side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 12)
        column.setSpacing(8)
        column.addWidget(self.canvas, 1)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.slider, 1)
        below.addWidget(self.frame_words)
        mark(self.frame_words, role="caption")
        self.slider.setAccessibleName("Frame to look at")
        self.slider.setRange(0, len(self._frames) - 1)
        self.slider.setValue(len(self._frames) // 2)
        self.slider.setVisible(len(self._frames) > 1)
        column.addLayout(below)
        return column

    def _connect(self) -> None:
        self.canvas.changed.connect(self._change)
        self.regions.changed.connect(self._change)
        self.slider.valueChanged.connect(self._ask_for)
        self._gate.pictured.connect(self._show_picture)
        self._gate.not_pictured.connect(self._show_problem)
        self.back_button.clicked.connect(self.reject)
        self.confirm_button.clicked.connect(self.accept)

    def _change(self, marks: Marks) -> None:
        self.marks = marks
        self._show_all()

    def _show_all(self) -> None:
        self.canvas.show_marks(self.marks)
        self.regions.show_marks(self.marks)
        findings = self._report.findings
        self.confirm_button.setText(confirm_words(findings, self.marks))
        self.in_the_file.setText(file_words(findings, self.marks))
        # A layout of a fixed width does not ask labels how high their words are.
        self.in_the_file.setMinimumHeight(self.in_the_file.heightForWidth(px(LIST) - 2 * MARGIN))

    def _ask_for(self, place: int) -> None:
        frame = self._frames[place]
        turned = self._how.rotation or self._how.flip_horizontal or self._how.flip_vertical
        words = f"Frame {frame + 1} of {len(self._clip):,}" if len(self._clip) > 1 else ""
        self.frame_words.setText(", ".join(filter(None, (words, "not turned" * bool(turned)))))
        self._gate.picture(self._clip, frame, self._how)

    def _show_picture(self, frame: int, picture: Picture) -> None:
        if frame == self._frames[self.slider.value()]:
            self.canvas.show_image(to_qimage(picture))

    def _show_problem(self, sentence: str) -> None:
        self.canvas.show_image(QImage(), sentence)


def _found(report: PrivacyReport, *, masked: bool) -> tuple[Marked, ...]:
    return tuple(Marked(region, masked, Origin.FOUND) for region in report.regions)
