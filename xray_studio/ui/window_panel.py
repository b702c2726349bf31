"""Window panel: histogram, centre and width, stored windows and presets of the modality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from xray_studio.core.histogram import Histogram
from xray_studio.core.per_frame import PerFrame
from xray_studio.core.presentation import VoiFunction, Window
from xray_studio.ui.look.theme import mark
from xray_studio.ui.over_panel import OverPanel
from xray_studio.ui.session import Session
from xray_studio.ui.state import State
from xray_studio.ui.step_state import same_origin
from xray_studio.ui.view import View
from xray_studio.ui.viewer.histogram_view import HistogramView
from xray_studio.ui.viewer.window_commands import (
    Choice,
    WindowCommands,
    chosen,
    preset_choices,
    stored_choices,
    window_of,
)
from xray_studio.ui.widgets.choice_row import ChoiceRow, detail_end
from xray_studio.ui.widgets.elided import Elided
from xray_studio.ui.widgets.hint import hint
from xray_studio.ui.widgets.value_slider import ValueSlider

MARGIN = 16
NARROWEST_PART = 500.0  # of the range of values: as narrow as the slider of the width goes
NOTHING = "Open a study to set its window."
DOCUMENT = "This is a document. It has no window to set."
COLOUR = "This picture is in colour. Its colours are shown as stored, without a window."
FUNCTIONS = {
    VoiFunction.LINEAR: "Linear window",
    VoiFunction.LINEAR_EXACT: "Linear window, exact ends",
    VoiFunction.SIGMOID: "Sigmoid window",
}


class WindowPanel(QScrollArea):
    """Everything about how values become grey. For colour it says why there is nothing to set.

    `rows_changed` tells that other windows can be chosen, whose keys are not shown yet.
    """

    rows_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._commands = WindowCommands(session)
        self._data: tuple[float, float] | None = None  # of all frames seen of this clip
        self._choices: tuple[Choice, ...] = ()
        self.rows: list[ChoiceRow] = []
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._page())
        session.changed.connect(self._follow)
        self._show_clip(session.state)

    def focus(self) -> None:
        """Give the focus to the centre of the window."""
        self.center.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- making

    def _page(self) -> QWidget:
        page = QWidget()
        mark(page, area="panel")
        self.reason = QLabel(NOTHING, page)
        self.reason.setWordWrap(True)
        mark(self.reason, role="secondary")
        self.controls = self._controls(page)
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.reason)
        column.addWidget(self.controls)
        self.over = OverPanel(self._session, page)
        column.addWidget(self.over)
        column.addStretch(1)
        return page

    def _controls(self, parent: QWidget) -> QWidget:
        controls = QWidget(parent)
        self.histogram = HistogramView(controls)
        self.histogram.chosen.connect(self._commands.set_window)
        self.center = ValueSlider("Centre", parent=controls)
        self.width_value = ValueSlider("Width", logarithmic=True, parent=controls)
        self.center.chosen.connect(self._set_center)
        self.width_value.chosen.connect(self._set_width)
        self.function = QLabel(controls)
        mark(self.function, role="caption")
        self._lists = QVBoxLayout()
        self._lists.setSpacing(2)
        column = QVBoxLayout(controls)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.histogram, self.center, self.width_value, self.function):
            column.addWidget(widget)
        column.addLayout(self._buttons(controls))
        column.addLayout(self._lists)
        return controls

    def _buttons(self, parent: QWidget) -> QGridLayout:
        commands = self._commands
        self.auto = _button("Auto", "Find a window from the grey values", commands.auto, parent)
        self.full = _button("Full range", "Show every value", commands.full_range, parent)
        self.invert = _button("Invert", "Swap black and white", commands.invert, parent)
        self.invert.setCheckable(True)
        for button, action in ((self.auto, "auto_window"), (self.full, "full_range")):
            button.setProperty("actions", action)
        self.invert.setProperty("actions", "invert")
        self.reset = _button("Reset", "Show the window of the file", commands.reset, parent)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate((self.auto, self.full, self.invert, self.reset)):
            grid.addWidget(button, place // 2, place % 2)
        return grid

    # -- acting

    def _set_center(self, center: float) -> None:
        self._commands.set_window(center, window_of(self._session.view).width)

    def _set_width(self, width: float) -> None:
        self._commands.set_window(window_of(self._session.view).center, width)

    # -- showing

    def _follow(self, old: State, new: State) -> None:
        before, view = old.view, new.view
        names = ("clip", "document", "windows")
        if any(getattr(before, name) is not getattr(view, name) for name in names):
            if same_origin(before, view) and before.windows == view.windows:
                self._show_window(new)  # processed otherwise: lists and range stay
            else:
                self._show_clip(new)
        elif (
            before.presentation is not view.presentation
            or before.auto_window != view.auto_window
            or before.histogram is not view.histogram
            or (before.frame != view.frame and isinstance(view.presentation.voi, PerFrame))
        ):
            self._show_window(new)

    def _show_clip(self, state: State) -> None:
        clip = state.view.clip
        grey = clip is not None and not clip.is_colour
        self.reason.setText(_reason(state.view))
        self.reason.setVisible(not grey)
        self.controls.setVisible(grey)
        self._data = None
        self._show_choices(state.view)
        self._show_window(state)

    def _show_choices(self, view: View) -> None:
        stored, presets = stored_choices(view), preset_choices(view)
        modality = "" if view.clip is None else view.clip.acquisition.modality
        _clear(self._lists)
        self.rows, self._choices = [], (*stored, *presets)
        self._list("Stored in the file", stored)
        self._list(f"Presets for {modality}" if modality else "Presets", presets)
        self.rows_changed.emit()

    def _list(self, title: str, choices: Sequence[Choice]) -> None:
        if not choices:
            return
        self._lists.addWidget(_heading(title))
        for choice in choices:
            row = ChoiceRow(choice.name, choice.detail, choice.key)
            row.setProperty("actions", f"window_{choice.key}" if choice.key else "")
            _run(row, partial(self._commands.choose, choice))
            self.rows.append(row)
            self._lists.addWidget(row)

    def _show_window(self, state: State) -> None:
        view = state.view
        clip = view.clip
        if clip is None or clip.is_colour:
            return
        window, by_table = window_of(view), isinstance(view.presentation.voi, int)
        data = self._seen(state.view.histogram)
        self._show_range(data, window)
        self.center.set_value(window.center, clip.unit)
        self.width_value.set_value(window.width, clip.unit)
        self.function.setText(_function_words(view, window))
        self.histogram.show_values(
            state.view.histogram, None if by_table else window, clip.unit, data
        )
        self.auto.setText("Looking …" if view.auto_window else "Auto")
        self.invert.setChecked(view.presentation.invert)
        for choice, row in zip(self._choices, self.rows, strict=True):
            row.setChecked(chosen(view, choice))

    def _seen(self, counts: Histogram | None) -> tuple[float, float] | None:
        """Return the range of all values of the clip seen so far: it grows and never shrinks."""
        if counts is not None:
            low, high = self._data or (counts.low, counts.high)
            self._data = min(low, counts.low), max(high, counts.high)
        return self._data

    def _show_range(self, data: tuple[float, float] | None, window: Window) -> None:
        """Let the sliders run over the values of the picture and over the window shown now."""
        low, high = data or (window.center, window.center)
        low, high = min(low, window.center), max(high, window.center)
        self.center.set_range(low, high)
        span = max(high - low, window.width / 2)
        self.width_value.set_range(min(1.0, span / NARROWEST_PART), 2.0 * span)


def _heading(title: str) -> QWidget:
    """Return the title of a list, with what its numbers are above them."""
    holder, label, numbers = QWidget(), Elided(), QLabel("Width / centre")
    label.set_words(title, title)
    mark(label, role="strong")
    mark(numbers, role="caption")
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 12, detail_end(), 4)
    row.addWidget(label, 1)
    row.addWidget(numbers)
    return holder


def _function_words(view: View, window: Window) -> str:
    if isinstance(view.presentation.voi, int):
        return "Table from the file; a number or a drag replaces it by a window"
    if view.presentation.voi is None:
        return "Full range of the stored values"
    if isinstance(view.presentation.voi, PerFrame):
        return f"{FUNCTIONS[window.function]}; each frame has its own"
    return FUNCTIONS[window.function]


def _button(text: str, words: str, run: Callable[[], None], parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    hint(button, words)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    _run(button, run)
    return button


def _run(button: QAbstractButton, run: Callable[[], None]) -> None:
    button.clicked.connect(lambda _checked=False: run())


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            # Layouts show new widgets a little later: without a parent it would be as a window.
            widget.hide()
            widget.deleteLater()


def _reason(view: View) -> str:
    """Return why there is no window to set."""
    if view.document is not None:
        return DOCUMENT
    return NOTHING if view.clip is None else COLOUR
