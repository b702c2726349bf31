"""The lower part of the export dialog: what will be written, how far it is, what was checked."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from xray_studio.core.job import Progress, TimeLeft
from xray_studio.core.size_words import byte_words
from xray_studio.core.time_words import duration_words
from xray_studio.services.export.run import ExportResult
from xray_studio.ui.dialogs.parts import button
from xray_studio.ui.look.theme import mark, px

FIELDS = 108


class ExportProgress(QWidget):
    """A line of words over a bar; the bar stands only while something is written."""

    def __init__(self, parent: QWidget | None = None, *, left: int = FIELDS) -> None:
        """Begin `left` pixels from the edge: where the fields of a form above begin."""
        super().__init__(parent)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the export")
        self.words, self.right = QLabel(self), QLabel(self)
        self.words.setWordWrap(True)
        mark(self.right, role="secondary")
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.show_button = button("Show in folder", self, "link")
        self._left = TimeLeft(0.0)
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(self.right)
        line.addWidget(self.show_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(left, 4, 20, 16)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addLayout(line)
        self.setMinimumHeight(px(64))
        self.say("")

    def say(self, words: str, role: str = "secondary") -> None:
        """Show a sentence without a bar."""
        mark(self.words, role=role)
        self.words.setText(words)
        self.right.clear()
        self.show_button.hide()
        self.bar.hide()

    def begin(self, words: str = "Waiting for another export to end") -> None:
        """Start to show how far an export is; until it tells, it is in `words`."""
        self.say(words, "")
        self._left = TimeLeft(time.monotonic())
        self.bar.setRange(0, 0)
        self.bar.show()

    def show_progress(self, progress: Progress) -> None:
        """Show frames written and time left."""
        if not progress.total:
            self.words.setText(progress.message)
            return
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        writing = progress.done < progress.total
        words = (
            f"{progress.done:,} of {progress.total:,} frames" if writing else "Checking the file"
        )
        left = self._left.update(progress, time.monotonic())
        self.words.setText(words)
        self.right.setText(f"{duration_words(left)} left" if left and writing else "")

    def show_result(self, result: ExportResult) -> None:
        """Show what was found when the file was opened again."""
        self.show_done(result_words(result))
        self.right.setText(size_words(result.target))

    def show_done(self, words: str) -> None:
        """Say what was written, with a way to it."""
        self.say(words, "done")
        self.show_button.show()


def result_words(result: ExportResult) -> str:
    """Return "run-3.mp4 checked: 60 frames, 4.00 s"."""
    found = result.checked
    words = f"{result.target.name} checked: {found.frames:,} frame"
    words += "" if found.frames == 1 else "s"
    return words if found.duration is None else f"{words}, {found.duration:.2f} s"


def size_words(path: Path) -> str:
    """Return the size of a file or folder: "9.6 MB"."""
    files = [path] if path.is_file() else [*path.iterdir()] if path.is_dir() else []
    return byte_words(sum(file.stat().st_size for file in files))


def open_file(path: Path) -> None:
    """Open a file in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> None:
    """Open the folder of a file in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
