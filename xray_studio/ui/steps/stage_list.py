"""Stage list: the stages of a pipeline in order, each with its mark for on and off."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from xray_studio.core.parameter import Parameter, Value, parameters_of
from xray_studio.core.pipeline import Stage
from xray_studio.core.step import Step
from xray_studio.ui.look.theme import px
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.viewer.step_commands import StepCommands

NUMBER = Qt.ItemDataRole.UserRole
ROW, LEAST, MOST = 32, 1, 6  # pixels of a row; rows that there is room for
MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down)
OWN = frozenset((Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace))
MOST_SAID = 2  # parameters that a row tells


class StageList(QListWidget):
    """Rows to choose, drag, switch and, with Alt+Up, Alt+Down and Delete, move and remove."""

    settled = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = StepCommands(session)
        self._session = session
        self._shown: tuple[Stage, ...] | None = None
        self.setAccessibleName("Steps, in order")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.currentRowChanged.connect(self._choose)
        self.itemChanged.connect(self._switch)
        # A drop is still going on when it tells what was moved.
        self.model().rowsMoved.connect(lambda: QTimer.singleShot(0, self, self._reorder))

    def show_stages(self, state: State) -> None:
        """Show the stages of the view."""
        stages = state.view.pipeline.stages
        self.blockSignals(True)
        if self._shown is None or len(self._shown) != len(stages) or not self._in_order():
            self.clear()
            for number in range(len(stages)):
                item = QListWidgetItem()
                item.setData(NUMBER, number)
                item.setSizeHint(QSize(0, px(ROW)))
                self.addItem(item)
        for number, stage in enumerate(stages):
            self._show(self.item(number), stage)
        self.setCurrentRow(min(state.view.stage, len(stages) - 1))
        self.blockSignals(False)
        self._shown = stages
        self.setFixedHeight(px(ROW) * min(max(LEAST, len(stages)), MOST) + 4)

    def follow_look(self) -> None:
        """Take the heights for the size of letters in use."""
        self._shown = None
        self.show_stages(self._session.state)

    def event(self, event: QEvent) -> bool:
        """Take keys for the rows that elsewhere play the loop or close the viewport."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            moves = event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in MOVES
            if ((plain and event.key() in OWN) or moves) and self.count():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the chosen stage with Alt, remove it with Delete, switch it with Space."""
        keys, alt = Qt.Key, event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and event.key() in {keys.Key_Up, keys.Key_Down}:
            self._commands.move(-1 if event.key() == keys.Key_Up else 1)
        elif event.key() in {keys.Key_Delete, keys.Key_Backspace} and self.count():
            self._commands.remove()
        elif event.key() == keys.Key_Space:
            self._commands.switch_chosen()
        elif event.key() in {keys.Key_Up, keys.Key_Down}:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _show(self, item: QListWidgetItem, stage: Stage) -> None:
        words = stage_words(stage.step)
        item.setText(words)
        item.setToolTip(f"{words}\n{stage.step.about}")
        item.setCheckState(Qt.CheckState.Checked if stage.on else Qt.CheckState.Unchecked)
        told = f"{words}, {'on' if stage.on else 'off'}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, told)

    def _in_order(self) -> bool:
        return self._order() == [*range(self.count())]

    def _order(self) -> list[int]:
        return [int(self.item(row).data(NUMBER)) for row in range(self.count())]

    def _choose(self, row: int) -> None:
        if row >= 0:
            self._commands.choose(row)

    def _switch(self, item: QListWidgetItem) -> None:
        number = self.row(item)
        on = item.checkState() == Qt.CheckState.Checked
        stages = self._commands.stages
        if number < len(stages) and stages[number].on != on:
            self._commands.switch(number)

    def _reorder(self) -> None:
        order = self._order()
        if sorted(order) == [*range(len(self._commands.stages))]:
            self._commands.reorder(order)
        self.show_stages(self._session.state)
        self.settled.emit()


def stage_words(step: Step) -> str:
    """Return a step in words: its title and its first parameters."""
    said = [_said(parameter, getattr(step, parameter.name)) for parameter in parameters_of(step)]
    told = [words for words in said if words][:MOST_SAID]
    return f"{step.title}: {', '.join(told)}" if told else step.title


def _said(parameter: Parameter, value: Value) -> str:
    title = parameter.title.lower()
    if parameter.choices:
        return dict(parameter.choices)[str(value)].lower()
    if isinstance(value, bool):
        return title if value else ""
    unit = parameter.unit.removesuffix("s") if value == 1 else parameter.unit
    return f"{title} {parameter.word(value)} {unit}".rstrip()
