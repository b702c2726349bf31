"""Cine bar: timeline, scores of frames, transport buttons, frame and time, speed, and the rate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.playback import Loop
from xray_studio.ui.look.icons import icon
from xray_studio.ui.look.theme import mark
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.view import View
from xray_studio.ui.viewer.cine_commands import SPEEDS, CineCommands
from xray_studio.ui.viewer.cine_words import (
    LOOP_ICONS,
    LOOP_WORDS,
    brief_rate,
    lone_rate,
    longest_time,
    multiple,
    range_words,
    rate_words,
    speed_words,
    time_words,
    widest_rate,
)
from xray_studio.ui.viewer.rate_label import RateLabel
from xray_studio.ui.viewer.sparkline import Sparkline
from xray_studio.ui.viewer.timeline import Timeline
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.icon_button import IconButton
from xray_studio.ui.widgets.number_field import NumberField
from xray_studio.ui.widgets.validators import WholeValidator

MARGIN = 16
LEAST_SPEED = 64
# Left out one after the other where the bar is narrow; keys, timeline and tooltips have them all.
# "words" are long words for the range and the rate, "ends" and "steps" buttons.
LEFT_OUT = ("time", "words", "ends", "source", "range", "steps", "loop", "speed")


class CineBar(QWidget):
    """Controls of a clip; hidden for stills."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._commands = CineCommands(session)
        mark(self, area="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.timeline, self.sparkline = Timeline(session, self), Sparkline(session, self)
        self._make_transport()
        self._make_facts()
        self._lay_out()
        session.changed.connect(self._follow)
        self._show(session.state)

    # -- making

    def _make_transport(self) -> None:
        commands = self._commands
        self.first = self._button("skip-back", "First frame", "first_frame", commands.first)
        self.back = self._button(
            "step-back", "Previous frame", "previous_frame", partial(commands.step, -1)
        )
        self.play = self._button("play", "Play", "play", commands.play_pause)
        self.play.setFixedWidth(40)
        mark(self.play, kind="accent")
        self.forward = self._button(
            "step-forward", "Next frame", "next_frame", partial(commands.step, 1)
        )
        self.last = self._button("skip-forward", "Last frame", "last_frame", commands.last)
        self.loop = self._button("repeat", "Loop", "next_loop", commands.cycle_loop)
        self.loop.setCheckable(True)

    def _button(self, name: str, text: str, action: str, run: Callable[[], None]) -> IconButton:
        button = IconButton(name, text, action, parent=self)
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _make_facts(self) -> None:
        self.frame = FrameField(self)
        self.frame.editingFinished.connect(self._go_to_typed)
        self.count, self.time = _label(self, "secondary"), _label(self, "secondary")
        self.range, self.clear = (
            _label(self, "secondary"),
            IconButton("x", "Play all frames", "clear_range"),
        )
        self.clear.setFixedSize(22, 22)
        self.clear.setIconSize(QSize(14, 14))
        self.clear.clicked.connect(self._commands.clear_range)
        self.speed = self._speed_button()
        self.rates = RateLabel(self)
        self.rate, self.source = self.rates.achieved, self.rates.rest
        self._out: frozenset[str] = frozenset()

    def _speed_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName("Speed")
        hint(button, "Speed", "slower faster")
        mark(button, kind="button")
        menu = QMenu(button)
        menu.aboutToShow.connect(self._fill_speeds)
        button.setMenu(menu)
        return button

    def _fill_speeds(self) -> None:
        menu, view = self.speed.menu(), self._session.view
        clip, cine = view.clip, view.cine
        menu.clear()
        for speed in SPEEDS:
            action = menu.addAction(multiple(speed))
            _run(action, partial(self._commands.set_speed, speed))
            _check(action, on=not cine.real_time and cine.speed == speed)
        menu.addSeparator()
        action = menu.addAction("Real time")
        action.setToolTip("Follow the times at which the frames were acquired")
        action.setEnabled(clip is not None and len(clip.timing.times) == len(clip))
        _run(action, self._commands.set_real_time)
        _check(action, on=cine.real_time)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in (self.first, self.back, self.play, self.forward, self.last, self.loop):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(self.frame)
        row.addWidget(self.count)
        row.addSpacing(8)
        row.addWidget(self.time)
        row.addSpacing(12)
        row.addStretch(1)
        row.addWidget(self.range)
        row.addWidget(self.clear)
        row.addSpacing(8)
        row.addWidget(self.speed)
        row.addSpacing(8)
        row.addWidget(self.rates)
        self._row = row
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 8, MARGIN, 8)
        column.setSpacing(8)
        column.addWidget(self.timeline)
        column.addWidget(self.sparkline)
        column.addLayout(row)

    # -- acting

    def _go_to_typed(self) -> None:
        if self.frame.isModified():
            self.frame.setModified(False)
            self._commands.go_to(int(self.frame.text()) - 1)
            self._show_frame(self._session.view)

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        if old.layout == new.layout and _same_but_frame(old, new):
            self._show_frame(new.view)
            self._show_rate(new)
        elif old.view is not new.view or old.layout != new.layout:
            self._show(new)

    def _show(self, state: State) -> None:
        view = state.view
        clip = view.clip
        opening = view.series is not None and view.document is None and not view.error
        if clip is not None or not opening:
            self.setVisible(clip is not None and len(clip) > 1)
        self.setEnabled(clip is not None)
        if clip is None:
            return
        self.frame.set_count(len(clip))
        self.count.setText(f"/ {len(clip)}")
        self._show_cine(view)
        self._show_frame(view)
        self._show_rate(state)

    def _show_cine(self, view: View) -> None:
        cine = view.cine
        name, words = ("pause", "Pause") if cine.playing else ("play", "Play")
        self.play.show_as(name, words)
        self.play.setIcon(icon(name, "on_accent"))
        self.loop.show_as(LOOP_ICONS[cine.loop], LOOP_WORDS[cine.loop])
        self.loop.setChecked(cine.loop is not Loop.ONCE)
        self.speed.setText(speed_words(cine))
        self.speed.setFixedWidth(max(LEAST_SPEED, self.speed.sizeHint().width()))
        self._fit()

    def _show_frame(self, view: View) -> None:
        self.frame.show_frame(view.frame)
        self.time.setText(time_words(view))

    def _show_rate(self, state: State) -> None:
        self.rates.show_words(*self._told(*rate_words(state)), rate_words(state)[1])

    def _told(self, achieved: str, rest: str) -> tuple[str, str]:
        """Return what there is room for of a rate."""
        if "source" in self._out:
            return lone_rate(achieved, rest), ""
        return achieved, brief_rate(rest) if "words" in self._out else rest

    def _fit(self) -> None:
        """Leave out what has no room, and reserve the room of the rate, which then stays."""
        state = self._session.state
        self.time.setMinimumWidth(_width(self.time, longest_time(state.view)))
        for count in range(len(LEFT_OUT) + 1):
            self._leave_out(frozenset(LEFT_OUT[:count]))
            rate = self._told(*widest_rate(state))
            room = self._room()
            short = "ends" in self._out
            if room >= (self.rates.least(*rate) if short else self.rates.full(*rate)):
                break
        self.rates.reserve(max(0, min(room, self.rates.full(*rate))), rate[0])
        self._show_rate(state)

    def _leave_out(self, names: frozenset[str]) -> None:
        self._out = names
        words = range_words(self._session.view, brief="words" in names)
        self.range.setText(words)
        for widget in (self.range, self.clear):
            widget.setVisible(bool(words) and "range" not in names)
        parts: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("time", (self.time,)),
            ("ends", (self.first, self.last)),
            ("steps", (self.back, self.forward)),
            ("loop", (self.loop,)),
            ("speed", (self.speed,)),
        )
        for name, widgets in parts:
            for part in widgets:
                part.setVisible(name not in names)

    def _room(self) -> int:
        """Return the width that all else leaves for the rate."""
        self.rates.setFixedWidth(0)
        self._row.invalidate()
        return self.width() - 2 * MARGIN - self._row.minimumSize().width()

    def resizeEvent(self, _event: object) -> None:
        """Fit the facts to the width."""
        self._fit()

    def follow_look(self) -> None:
        """Fit the facts to the size of letters in use."""
        self._show(self._session.state)


class FrameField(NumberField):
    """The number of the frame on screen, from 1; type another one to go there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Frame", parent)
        self.setToolTip("Frame on screen; type a number to go there")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_count(self, count: int) -> None:
        """Take numbers from 1 to `count`."""
        self.setValidator(WholeValidator(1, count, self.shown, self))
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("0" * len(str(count))) + 24)

    def show_frame(self, frame: int) -> None:
        """Show a frame (from 0); what is being typed is left alone."""
        self.show_number(str(frame + 1))


def _label(parent: QWidget, role: str) -> QLabel:
    label = QLabel(parent)
    mark(label, role=role)
    return label


def _width(label: QLabel, words: str) -> int:
    return label.fontMetrics().horizontalAdvance(words) + 2


def _run(action: QAction, run: Callable[[], None]) -> None:
    action.triggered.connect(lambda _checked=False: run())


def _check(action: QAction, *, on: bool) -> None:
    action.setCheckable(True)
    action.setIcon(icon("check", "none"))
    action.setChecked(on)


def _same_but_frame(old: State, new: State) -> bool:
    """Tell whether only the frame, its picture or the rate changed: thirty times a second."""
    return (
        old.view.clip is new.view.clip
        and old.view.cine is new.view.cine
        and old.view.series is new.view.series
    )
