"""Check the display: choose a screen for the patterns, enter what was measured, see the result."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xray_studio.core.display_check import Measured, Response, respond
from xray_studio.core.display_table import read_measured
from xray_studio.core.errors import UsageError
from xray_studio.ui.dialogs.export.target import size_words
from xray_studio.ui.dialogs.file_icons import FileIcons
from xray_studio.ui.dialogs.parts import (
    MARGIN,
    button,
    footer,
    framed,
    heading,
    scrolling,
    separator,
    sized,
)
from xray_studio.ui.display_check.checks import Checks
from xray_studio.ui.display_check.form import LuminanceForm
from xray_studio.ui.display_check.patterns_window import PatternsWindow
from xray_studio.ui.display_check.result import ResultView
from xray_studio.ui.look.theme import mark, px
from xray_studio.ui.widgets.segmented import Segmented

ABOUT = "Test patterns, and measured luminances against DICOM PS3.14"
LOOK = (
    "24 patterns in the manner of AAPM TG18 and IEC 62563-1, pixel by pixel on the whole screen; "
    "each says what to look for."
)
MEASURE = (
    "Measure the middle of the 18 luminance patterns in cd/m². A reading can be typed while its "
    "pattern is shown. Ambient light is what the switched-off display reflects; 0 when the meter "
    "saw it already."
)
NAME, KIND = "display-check.csv", "Tables (*.csv *.txt)"
MOST = 6  # screens side by side


class DisplayCheckDialog(QDialog):
    """Shows patterns on a screen and judges luminances."""

    def __init__(self, checks: Checks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checks, self._icons = checks, FileIcons()
        self.response: Response | None = None
        self.patterns: PatternsWindow | None = None
        self.setWindowTitle("Check the display")
        self.screens = QGuiApplication.screens()[:MOST]
        options = [(str(n), _screen_words(n, one)) for n, one in enumerate(self.screens)]
        self.screen_choice = Segmented("Screen for the patterns", options, self)
        self.show_patterns = button("Show the patterns", self, "accent")
        self.form, self.outcome = LuminanceForm(self), ResultView(self)
        self.paste, self.load = button("Paste", self), button("Open table…", self)
        self.clear, self.save = button("Clear", self), button("Save table…", self)
        self.close_button = button("Close", self)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.form.show_texts(checks.kept)
        sized(self, 860, 600)

    def done(self, result: int) -> None:
        """Take the patterns away, too."""
        if self.patterns is not None:
            self.patterns.close()
        super().done(result)

    def _lay_out(self) -> None:
        self.outcome.setMinimumWidth(px(360))
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(12)
        column.addLayout(self._patterns_row())
        column.addWidget(separator(body))
        column.addLayout(self._measured_row(), 1)
        left = (self.paste, self.load, self.clear)
        foot = footer(left, (self.save, self.close_button))
        framed(self, heading("Check the display", ABOUT, self), scrolling(body, self), foot)

    def _patterns_row(self) -> QHBoxLayout:
        text = _paragraph(LOOK, self)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(text, 1)
        row.addWidget(self.screen_choice)
        row.addWidget(self.show_patterns)
        return row

    def _measured_row(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(_paragraph(MEASURE, self))
        left.addWidget(self.form)
        left.addWidget(self.told)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left)
        row.addWidget(self.outcome, 1)
        return row

    def _connect(self) -> None:
        checks = self._checks
        self.show_patterns.clicked.connect(self._open_patterns)
        self.form.changed.connect(self._judge)
        self.form.several.connect(self._take_text)
        self.paste.clicked.connect(lambda: self._take_text(QGuiApplication.clipboard().text()))
        self.clear.clicked.connect(lambda: self.form.show_texts(()))
        self.load.clicked.connect(self._ask_load)
        self.save.clicked.connect(self._ask_save)
        self.close_button.clicked.connect(self.reject)
        checks.loaded.connect(self._take)
        checks.saved.connect(lambda path: self._say(f"{path.name} saved", "done"))
        checks.failed.connect(self._failed)

    def _open_patterns(self) -> None:
        """Show the patterns on the chosen screen, or there anew."""
        if self.patterns is not None:
            self.patterns.close()
        window = PatternsWindow()
        window.setWindowIcon(self.windowIcon())
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.wanted.connect(self._checks.draw)
        window.measured.connect(self.form.show_reading)
        window.left.connect(self._patterns_left)
        self._checks.drawn.connect(window.show_pattern)
        self.patterns = window
        window.show_on(self.screens[int(self.screen_choice.value())])

    def _patterns_left(self) -> None:
        self.patterns = None
        self.activateWindow()

    def _judge(self) -> None:
        """Show what the fields come to, as far as they are filled."""
        self._checks.kept = self.form.texts()
        self.response = None
        self.told.clear()
        missing = self.form.missing()
        if missing:
            self.outcome.show_missing(missing)
        else:
            try:
                self.response = respond(self.form.measured())
                self.outcome.show_response(self.response)
            except UsageError as error:
                self.outcome.show_sentence(str(error), "danger")
        self.save.setEnabled(self.response is not None)

    def _take_text(self, text: str) -> None:
        try:
            self._take(read_measured(text))
        except UsageError as error:
            self._say(str(error), "danger")

    def _take(self, measured: Measured) -> None:
        self.form.show_measured(measured)

    def _failed(self, sentence: str) -> None:
        if self.patterns is not None:
            self.patterns.show_problem(sentence)
        else:
            self._say(sentence, "danger")

    def _say(self, sentence: str, role: str) -> None:
        self.told.setText(sentence)
        mark(self.told, role=role)

    def _ask_load(self) -> None:
        dialog = self._chooser("Open measured luminances")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._checks.load(Path(path)))
        dialog.open()

    def _ask_save(self) -> None:
        response = self.response
        assert response is not None
        dialog = self._chooser("Save measured luminances")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(NAME)
        dialog.fileSelected.connect(lambda path: self._checks.save(Path(path), response))
        dialog.open()

    def _chooser(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title, "", KIND)
        dialog.setIconProvider(self._icons)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.resize(px(820), px(520))
        return dialog


def _screen_words(number: int, screen: QScreen) -> str:
    """Return a screen in words: its number and its pixels."""
    size, ratio = screen.geometry().size(), screen.devicePixelRatio()
    pixels = size_words(round(size.width() * ratio), round(size.height() * ratio))
    return f"Screen {number + 1} · {pixels}"


def _paragraph(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    mark(label, role="caption")
    return label
