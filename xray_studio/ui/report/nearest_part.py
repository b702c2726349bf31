"""Nearest part: cases of the user's own library that are like the film in view, for comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.finding_state import title_of
from xray_studio.ui.frame_worker import to_qimage
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark
from xray_studio.ui.nearest_state import Nearest
from xray_studio.ui.report.links import at_left, link
from xray_studio.ui.state import State
from xray_studio.ui.widgets.asking import words_of_role
from xray_studio.ui.widgets.hint import hint

if TYPE_CHECKING:
    from xray_studio.services.report.nearest import Near

INDEXING: Final = "Indexing the library"
TITLE: Final = "Nearest cases"
EMPTY: Final = (
    "Cases of a library of your own that look most like this film, with what was written of them."
    " Choose a folder of films, with a table of their reports if there is one; it is indexed once,"
    " and nothing leaves the computer."
)
MARKED: Final = "For comparison, never quoted: films and reports of other patients."
NO_REPORT, NO_FINDING = "No report", "No finding named"
CHOOSE, FIND, AGAIN, OTHER, STOP = (
    "Choose a library\N{HORIZONTAL ELLIPSIS}", "Find", "Find again",
    "Other library\N{HORIZONTAL ELLIPSIS}", "Stop",
)  # fmt: skip
SIDE, GAP, LONGEST = 88, 12, 220  # logical pixels, and letters of a report that are shown


class NearestPart(QWidget):
    """Heading that folds, what can be done, and a row a case. `asked` names an action."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self.fold = link(TITLE, self)
        self.fold.setCheckable(True)
        self.fold.setIconSize(QSize(16, 16))
        self.fold.toggled.connect(self._unfold)
        self.body = QWidget(self)
        roles = ("secondary", "note", "caption", "danger")
        self.about, self.marked, self.busy, self.problem = (
            words_of_role(role, self.body) for role in roles
        )
        self.about.setText(EMPTY)
        self.marked.setText(MARKED)
        self.progress = QProgressBar(self.body)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of the nearest cases")
        self.look, self.choose = button(FIND, self.body), button(CHOOSE, self.body)
        self.look.clicked.connect(self._press)
        self.choose.clicked.connect(lambda: self.asked.emit("choose_library"))
        hint(self.choose, "A folder of films of your own", "choose_library")
        for one in (self.look, self.choose):
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._unfold(is_open=False)
        self._lay_out()

    def show_state(self, state: State) -> None:
        """Show what is known of the film in view; nothing without one."""
        now, library = state.reporting.nearest, state.settings.reports.library
        self.setVisible(state.view.clip is not None)
        looks = (id(now), library, state.indexing)
        if looks == self._shown:
            return
        self._shown = looks
        indexing = state.indexing
        busy = now if indexing is None else replace(now, busy=INDEXING, progress=indexing)
        self._show_head(busy, has_library=bool(library))
        self._show_cases(now.cases or ())
        if now.cases or now.told or busy.busy:
            self.fold.setChecked(True)

    def _show_head(self, now: Nearest, *, has_library: bool) -> None:
        self.about.setVisible(not has_library)
        self.marked.setVisible(has_library)
        words = now.progress.message if now.progress and now.progress.message else now.busy
        self.busy.setText(f"{words}\N{HORIZONTAL ELLIPSIS}" if now.busy else "")
        part = None if now.progress is None else now.progress.fraction
        self.progress.setRange(0, 0 if part is None else 100)
        self.progress.setValue(round(100.0 * (part or 0.0)))
        self.progress.setVisible(bool(now.busy))
        self.problem.setText(now.told)
        self.look.setText(STOP if now.busy else AGAIN if now.cases is not None else FIND)
        self.look.setVisible(has_library or bool(now.busy))
        hint(self.look, "Compare the film in view with the library", "find_nearest")
        self.choose.setText(OTHER if has_library else CHOOSE)
        self.choose.setVisible(not now.busy)
        for label in (self.busy, self.problem):
            label.setVisible(bool(label.text()))

    def _show_cases(self, cases: Sequence[Near]) -> None:
        while self._cases.count():
            item = self._cases.takeAt(0)
            old = None if item is None else item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for number, one in enumerate(cases, 1):
            self._cases.addWidget(case_row(number, one, self.body))

    def _press(self) -> None:
        self.asked.emit("stop_nearest" if self.look.text() == STOP else "find_nearest")

    def _unfold(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self.fold.setIcon(icon("chevron-down" if is_open else "chevron-right", "accent"))
        self.fold.setAccessibleName(f"{TITLE}, {'shown' if is_open else 'hidden'}")

    def _lay_out(self) -> None:
        self._cases = QVBoxLayout()
        self._cases.setSpacing(GAP)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.look, 1)
        row.addWidget(self.choose, 1)
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GAP)
        for part in (self.about, self.marked, self.busy, self.progress, self.problem):
            inside.addWidget(part)
        inside.addLayout(row)
        inside.addLayout(self._cases)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(at_left(self.fold))
        column.addWidget(self.body)


def case_row(number: int, one: Near, parent: QWidget) -> QWidget:
    """Return a row of a case: its film, its findings, what was written of it."""
    row = QWidget(parent)
    picture, title, text = QLabel(row), words_of_role("strong", row), words_of_role("caption", row)
    picture.setFixedSize(SIDE, SIDE)
    picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    if one.picture is None:
        picture.setText("Not there")
        mark(picture, role="caption")
    else:
        picture.setPixmap(_small(one, picture.devicePixelRatioF()))
    findings = title_of(one.findings) or NO_FINDING
    title.setText(f"{number}. {findings}")
    text.setText(_short(one.text or NO_REPORT))
    text.setToolTip(one.text)
    row.setAccessibleName(f"Case {number} for comparison: {findings}. {one.text or NO_REPORT}")
    words = QVBoxLayout()
    words.setSpacing(4)
    words.addWidget(title)
    words.addWidget(text)
    words.addStretch(1)
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(GAP)
    line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(words, 1)
    return row


def _small(one: Near, ratio: float) -> QPixmap:
    assert one.picture is not None
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    made = QPixmap.fromImage(to_qimage(one.picture).scaled(QSize(SIDE, SIDE) * ratio, keep, smooth))
    made.setDevicePixelRatio(ratio)
    return made


def _short(words: str) -> str:
    """Return the first words of a text, as many as there is room for."""
    if len(words) <= LONGEST:
        return words
    return f"{words[:LONGEST].rsplit(maxsplit=1)[0]}\N{HORIZONTAL ELLIPSIS}"
