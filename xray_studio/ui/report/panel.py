"""Report panel: a draft as it is written, its sections as text, its review and its signature."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget

from xray_studio.core.report.report import SUMMARY as SUMMARY_PLACE
from xray_studio.core.report.report import KeyPicture, Measured, Section, Where
from xray_studio.ui.areas import walk_in_order
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.report.foot import Foot
from xray_studio.ui.report.head_part import HeadPart
from xray_studio.ui.report.insert_menu import insert_menu
from xray_studio.ui.report.links import at_left, link
from xray_studio.ui.report.nearest_part import NearestPart
from xray_studio.ui.report.others_menu import others_menu
from xray_studio.ui.report.pictures_part import PicturesPart
from xray_studio.ui.report.section_editor import ACCEPT, REDO, UNDO
from xray_studio.ui.report.section_part import SectionPart
from xray_studio.ui.report.words import AGREEMENT, SUMMARY, origin_words
from xray_studio.ui.report_state import sections_shown, summary_shown
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.report_commands import Line, ReportCommands
from xray_studio.ui.widgets.hint import hint

MARGIN, GAP = 16, 12
LOW = 360  # logical pixels below which the foot would leave the report too little


class ReportPanel(QWidget):
    """Head, sections, foot.

    `asked` tells the name of an action to be done, `engines_wanted` that the panel has come into
    sight and would offer engines.
    """

    asked = Signal(str)
    engines_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, ReportCommands(session)
        self.parts: list[SectionPart] = []
        self._make()
        self._lay_out()
        session.changed.connect(self._follow)
        self._show(session.state)

    def focus(self) -> None:
        """Give the focus to the report, without one to the button that begins it.

        Where nothing can be done now, the panel itself keeps it until something can.
        """
        parts = [part.editor for part in self.parts if part.isVisibleTo(self)]
        at = self._session.state.reporting.at
        number = 0 if at is None or at == SUMMARY_PLACE else at.section
        begin = self.head.begins
        wanted = parts[min(number, len(parts) - 1)] if parts else begin
        target = wanted if wanted.isVisibleTo(self) and wanted.isEnabled() else self
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask which engines there are."""
        super().showEvent(event)
        self.engines_wanted.emit()

    def open_insert(self, measured: tuple[Measured, ...]) -> None:
        """Open the menu of what can be inserted, at its button."""
        menu = insert_menu(self._session, measured, self)
        below = self.foot.insert
        place = below.mapToGlobal(below.rect().topLeft())
        menu.popup(place - QPoint(0, menu.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the foot scroll with the report where the window is low."""
        super().resizeEvent(event)
        is_low = event.size().height() < px(LOW)
        if is_low != (self._inside.indexOf(self.foot) >= 0):
            (self._inside if is_low else self._column).addWidget(self.foot)
            self.foot.set_alone(is_alone=not is_low)

    # -- building

    def _make(self) -> None:
        self.head = HeadPart(self)
        self.head.asked.connect(self.asked)
        self.head.engine_chosen.connect(self._commands.use_engine)
        self.origin = QLabel(self)
        self.origin.setWordWrap(True)
        self.origin.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark(self.origin, role="caption")
        self.summary = SectionPart(self)
        self.pictures = PicturesPart(self)
        self.pictures.removed.connect(self._remove_picture)
        self.others = link("", self)
        self.others.clicked.connect(self._open_others)
        self.agreement = link(AGREEMENT, self)
        self.agreement.clicked.connect(lambda: self.asked.emit("show_agreement"))
        hint(self.agreement, "What became of what AI wrote, by finding and month", "show_agreement")
        self.nearest = NearestPart(self)
        self.nearest.asked.connect(self.asked)
        self.foot = Foot(self)
        self.foot.asked.connect(self.asked)
        self._wire(self.summary, -1)
        self._walk()

    def _lay_out(self) -> None:
        page = QWidget(self)
        mark(page, area="panel")
        self._sections = QVBoxLayout()
        self._sections.setSpacing(GAP)
        inside = QVBoxLayout(page)
        inside.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        inside.setSpacing(GAP)
        inside.addWidget(self.head)
        inside.addLayout(self._sections)
        for part in (self.summary, self.pictures, self.nearest, self.origin):
            inside.addWidget(part)
        for one in (self.others, self.agreement):
            inside.addLayout(at_left(one))
        inside.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(page)
        self.area.verticalScrollBar().rangeChanged.connect(self._keep_edge)
        self._inside = inside
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.area, 1)
        self._column.addWidget(self.foot)

    def _wire(self, part: SectionPart, number: int) -> None:
        editor = part.editor
        editor.edited.connect(partial(self._rewrite, number))
        editor.entered.connect(partial(self._enter, number))
        editor.pressed.connect(self._step)
        editor.word_kept.connect(self._commands.keep_word)
        editor.heat_asked.connect(partial(self._ask_heat, number))
        part.accepted.connect(partial(self._commands.accept_section, number))

    # -- what a person does

    def _rewrite(self, number: int, lines: list[Line]) -> None:
        self._commands.rewrite(number, lines)

    def _enter(self, number: int, sentence: int) -> None:
        self._commands.go_to(_place(number, sentence))

    def _step(self, step: str) -> None:
        if step == UNDO:
            self._commands.undo()
        elif step == REDO:
            self._commands.redo()
        elif step == ACCEPT:
            self._commands.accept()

    def _ask_heat(self, number: int, sentence: int) -> None:
        self._commands.go_to(_place(number, sentence))
        self.asked.emit("show_evidence")

    def _remove_picture(self, one: KeyPicture) -> None:
        self._commands.remove_picture(one)

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        if _looks(old) != _looks(new):
            self._show(new)
        if old.reporting.at != new.reporting.at:
            self._show_place(new)

    def _show(self, state: State) -> None:
        focused = QApplication.focusWidget()
        self.head.show_state(state)
        reporting = state.reporting
        sections = sections_shown(state)
        self._show_sections(sections, editable=reporting.is_open)
        told = summary_shown(state)
        self.summary.setVisible(bool(sections))
        lines = () if told is None else (told,)
        self.summary.show_section(Section(SUMMARY, lines), editable=reporting.is_open)
        report = reporting.report if reporting.writing is None else None
        if self.pictures.show_pictures(report):
            self._walk()
        self.origin.setText("" if report is None else origin_words(report))
        self.origin.setVisible(bool(self.origin.text()))
        for one in (*self.parts, self.summary):
            one.editor.show_slips(reporting.slips if reporting.is_open else {})
        self._show_others(state)
        self.nearest.show_state(state)
        self.foot.show_state(state)
        self._keep_focus(focused)

    def _keep_focus(self, focused: QWidget | None) -> None:
        """Keep the focus in the panel when the part that had it has gone, or can be used no more.

        Qt would give it to whatever comes next in the window.
        """
        inside = focused is not None and (focused is self or self.isAncestorOf(focused))
        if inside and (focused is self or QApplication.focusWidget() is not focused):
            self.focus()

    def _keep_edge(self) -> None:
        """Let all parts end at one edge, whether the scroll bar is there or not."""
        bar = self.area.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.maximum() > bar.minimum() else 0
        self._inside.setContentsMargins(MARGIN, MARGIN, max(0, MARGIN - taken), MARGIN)

    def _show_others(self, state: State) -> None:
        count = len(state.reporting.others)
        self.others.setVisible(count > 0 and state.reporting.writing is None)
        self.others.setText("1 other report" if count == 1 else f"{count} other reports")
        self.others.setAccessibleName(self.others.text())
        hint(self.others, "Other reports on this study, and earlier versions")

    def _open_others(self) -> None:
        menu = others_menu(self._session, self)
        menu.popup(self.others.mapToGlobal(self.others.rect().bottomLeft()))

    def _show_sections(self, sections: tuple[Section, ...], *, editable: bool) -> None:
        while len(self.parts) < len(sections):
            part = SectionPart(self)
            self._wire(part, len(self.parts))
            self._sections.addWidget(part)
            self.parts.append(part)
            self._walk()
        for number, part in enumerate(self.parts):
            part.setVisible(number < len(sections))
            if number < len(sections):
                part.show_section(sections[number], editable=editable)

    def _walk(self) -> None:
        """Let Tab go through the panel from top to bottom; sections are made when they come."""
        below = (self.summary, self.pictures, self.nearest, self.others, self.agreement, self.foot)
        walk_in_order((self.head, *self.parts, *below))

    def _show_place(self, state: State) -> None:
        """Follow with the cursor where another command leads to a sentence."""
        at = state.reporting.at
        if at is not None:
            part = self.summary if at == SUMMARY_PLACE else self.parts[at.section]
            part.editor.place_cursor(at.sentence)
            if not part.editor.hasFocus():
                if self.isAncestorOf(self.focusWidget()):
                    part.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                self.area.ensureWidgetVisible(part.editor, 0, GAP)
        self.foot.show_state(state)


def _looks(state: State) -> tuple[object, ...]:
    """Return what the panel depends on."""
    now = state.reporting
    return (
        id(now.report), id(now.writing), now.busy, now.progress, now.told, now.engines, now.stale,
        id(now.saved), id(now.slips), id(state.view.clip), id(state.view.document),
        state.settings.reports.engine, id(now.nearest), state.settings.reports.library,
        state.indexing,
    )  # fmt: skip


def _place(number: int, sentence: int) -> Where | None:
    """Return the place of a line, None for one that is no sentence yet."""
    if sentence < 0:
        return None
    return SUMMARY_PLACE if number < 0 else Where(number, sentence)
