"""Processing panel: the pipeline of the picture in view, and how it is compared."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.errors import UsageError
from xray_studio.ui.dialogs.parts import separator
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import (
    Compared,
    is_behind,
    is_processed,
    keeps_values,
    step_error,
    waits_to_run,
)
from xray_studio.ui.steps.add_menu import add_menu
from xray_studio.ui.steps.readings_part import ReadingsPart
from xray_studio.ui.steps.stage_form import StageForm
from xray_studio.ui.steps.stage_list import StageList
from xray_studio.ui.viewer.step_commands import (
    StepCommands,
    can_move_down,
    can_move_up,
    chosen_stage,
)
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.segmented import Segmented

MARGIN = 16
NOTHING = "Open a study to process its pictures."
DOCUMENT = "This is a document. There is nothing to process."
NO_STEPS = "The picture is shown as stored. Add a step, or let Auto choose."
LEFT_OUT = "The original is shown, without these steps."
ALL_OFF = "All steps are off: the picture is shown as stored."
SHOWN = "The picture is shown with these steps."
WORKING, NOT_RUN = "Processing\N{HORIZONTAL ELLIPSIS}", "Not shown yet: these steps need a run."
NO_PICTURE = "Nothing is processed yet that could be compared."
NO_DIFFERENCE = "These steps show something else than values; there is no difference."
COMPARED = (
    (Compared.NOT.value, "Processed"),
    (Compared.WIPE.value, "Wipe"),
    (Compared.DIFFERENCE.value, "Difference"),
    (Compared.ORIGINAL.value, "Original"),
)


class ProcessingPanel(QScrollArea):
    """Stages, the parameters of one of them, comparison and read-outs.

    `run_asked`, `stop_asked` and `auto_asked` tell that the pipeline is to be run, given up, or
    chosen by the program, `presets_asked` that the presets are to be listed.
    """

    run_asked = Signal()
    stop_asked = Signal()
    auto_asked = Signal()
    presets_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._commands = session, StepCommands(session)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._page())
        session.changed.connect(self._follow)
        self._show(session.state)

    def open_add_menu(self) -> None:
        """List the steps that can be added, below the button."""
        clip = self._session.view.clip
        frames = 0 if clip is None else len(clip)
        menu = add_menu(self._session.state.steps, frames, self._commands.add, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(_below(self.add))

    def focus(self) -> None:
        """Give the focus to the steps, without any to the button that adds one."""
        reason = Qt.FocusReason.ShortcutFocusReason
        (self.stages if self._commands.stages else self.add).setFocus(reason)

    # -- building

    def _page(self) -> QWidget:
        page = QWidget(self)
        mark(page, area="panel")
        self.reason, self.controls = QLabel(page), QWidget(page)
        self.reason.setWordWrap(True)
        mark(self.reason, role="secondary")
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addWidget(self.reason)
        column.addWidget(self.controls)
        column.addStretch(1)
        self._fill(self.controls)
        return page

    def _fill(self, parent: QWidget) -> None:
        self._make_parts(parent)
        column = QVBoxLayout(parent)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(_row(self.add, self.auto, self.presets))
        column.addWidget(self.note)
        column.addWidget(self.stages)
        column.addLayout(self._foot())
        self.below = QWidget(parent)
        column.addWidget(self.below)
        inside = QVBoxLayout(self.below)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(self.compared)
        inside.addWidget(separator(parent))
        inside.addLayout(_row(self.title, None, self.reset))
        inside.addWidget(self.about)
        inside.addWidget(self.form)
        inside.addWidget(self.readings)

    def _make_parts(self, parent: QWidget) -> None:
        self.add = _button("Add step", "Add a step behind the others", self.open_add_menu, parent)
        self.add.setIcon(icon("plus"))
        self.add.setProperty("actions", "add_step")
        auto = "Let the program choose steps for this picture"
        self.auto = _button("Auto", auto, self.auto_asked.emit, parent)
        self.auto.setProperty("actions", "auto_steps")
        about = "Pipelines that are kept under a name"
        self.presets = _button("Presets", about, self.presets_asked.emit, parent)
        self.presets.setProperty("actions", "step_presets")
        self.note = QLabel(parent)
        self.note.setWordWrap(True)
        mark(self.note, role="secondary")
        self.stages = StageList(self._session, parent)
        self.up = self._icon("chevron-up", "Move the step up", "step_up", parent)
        self.down = self._icon("chevron-down", "Move the step down", "step_down", parent)
        self.remove = self._icon("trash-2", "Remove the step", "remove_step", parent)
        self.up.clicked.connect(lambda: self._commands.move(-1))
        self.down.clicked.connect(lambda: self._commands.move(1))
        self.remove.clicked.connect(self._commands.remove)
        self.run = _button("Run", "Process the whole clip", self._run, parent)
        mark(self.run, kind="accent")
        self.run.setProperty("actions", "run_steps")
        self.told = QLabel(parent)
        self.told.setWordWrap(True)
        mark(self.told, role="secondary")
        self.title, self.about = QLabel(parent), QLabel(parent)
        mark(self.title, role="strong")
        mark(self.about, role="secondary")
        self.about.setWordWrap(True)
        self.reset = _button("Reset", "Take the usual values", self._commands.reset, parent)
        mark(self.reset, kind="link")
        self.form = StageForm(parent)
        self.form.changed.connect(self._change)
        self.compared = Segmented("Show", COMPARED, parent)
        self.compared.chosen.connect(lambda key: self._commands.show_as(Compared(key)))
        self.readings = ReadingsPart(self._session, parent)

    def _icon(self, name: str, text: str, action: str, parent: QWidget) -> IconButton:
        return IconButton(name, text, action, side=30, size=16, parent=parent)

    def _foot(self) -> QHBoxLayout:
        return _row(self.told, None, self.run, self.up, self.down, self.remove)

    # -- acting

    def _change(self, name: str, value: object) -> None:
        try:
            self._commands.change({name: value})
        except UsageError as error:
            self._show(self._session.state)  # the field gives way to the value that holds
            self._tell(str(error), "danger")

    def _run(self) -> None:
        (self.stop_asked if self._session.view.working else self.run_asked).emit()

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        if old.steps is not new.steps or _shown_of(old) != _shown_of(new):
            self._show(new)

    def _show(self, state: State) -> None:
        view = state.view
        self.reason.setText(DOCUMENT if view.document is not None else NOTHING)
        self.reason.setVisible(view.clip is None)
        self.controls.setVisible(view.clip is not None)
        if view.clip is None:
            return
        stage = chosen_stage(state)
        self.add.setEnabled(bool(state.steps))
        self.stages.show_stages(state)
        if stage is None and self._has_focus():
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)  # what had it goes
        self.stages.setVisible(stage is not None)
        self.below.setVisible(stage is not None)
        self.up.setEnabled(can_move_up(state))
        self.down.setEnabled(can_move_down(state))
        for button in (self.up, self.down, self.remove):
            button.setVisible(stage is not None)
        self.note.setText(view.note)
        self.note.setVisible(bool(view.note))
        self._show_progress(state)
        self.compared.set_value(view.compared.value)
        for way in Compared:
            self.compared.set_available(way.value, available=is_processed(view), reason=NO_PICTURE)
        if is_processed(view):
            same = keeps_values(view)
            self.compared.set_available(
                Compared.DIFFERENCE.value, available=same, reason=NO_DIFFERENCE
            )
        self.form.show_step(None if stage is None else stage.step)
        if stage is not None:
            self.title.setText(stage.step.title)
            self.about.setText(stage.step.about)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.controls.isAncestorOf(focus)

    def _show_progress(self, state: State) -> None:
        view = state.view
        runs = waits_to_run(view)
        self.run.setVisible(runs)
        self.run.setText("Stop" if view.working else "Run")
        mark(self.run, kind="" if view.working else "accent")
        error = step_error(view)
        if error:
            self._tell(error, "danger")
        elif not view.pipeline.steps:
            self._tell(ALL_OFF if view.pipeline.stages else NO_STEPS)
        elif view.working or (is_behind(view) and not runs):
            self._tell(WORKING)
        elif runs:
            self._tell(NOT_RUN)
        else:
            self._tell(LEFT_OUT if view.compared is Compared.ORIGINAL else SHOWN)

    def _tell(self, words: str, role: str = "secondary") -> None:
        self.told.setText(words)
        mark(self.told, role=role)


def _shown_of(state: State) -> tuple[object, ...]:
    """Return what the panel shows."""
    view = state.view
    return (
        view.clip is None, view.document is None, view.pipeline, view.stage, view.working,
        view.compared, id(view.worked), view.note, state.active,
    )  # fmt: skip


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets side by side; None takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def _below(button: QWidget) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height() + 4))


def _button(text: str, words: str, run: Callable[[], object], parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    hint(button, words)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    _connect(button, run)
    return button


def _connect(button: QAbstractButton, run: Callable[[], object]) -> None:
    button.clicked.connect(lambda _checked=False: run())
